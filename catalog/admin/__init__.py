"""The admin of the catalog; importing a module registers its pages."""

from catalog.admin import caption_runs as caption_runs
from catalog.admin import captions as captions
from catalog.admin import feeds as feeds
from catalog.admin import imports as imports
from catalog.admin import products as products
from catalog.admin import quality as quality
from catalog.admin import remote_pictures as remote_pictures
