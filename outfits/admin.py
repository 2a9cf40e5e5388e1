"""The admin of looks, curation, adapters, shoppers; importing a module registers its pages."""

from outfits import admin_adapters as admin_adapters
from outfits import admin_curation as admin_curation
from outfits import admin_looks as admin_looks
from outfits import admin_shoppers as admin_shoppers
