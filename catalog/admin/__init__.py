"""The admin of the catalog; importing a module registers its pages."""

from catalog.admin import captions as captions
from catalog.admin import imports as imports
from catalog.admin import products as products
