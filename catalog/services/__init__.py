"""Everything that writes to the catalog, as ``<entity>_<action>``."""

from catalog.services.captions import (
    caption_create_for_image,
    caption_save,
    captions_create_for_images,
    captions_recreate,
)
from catalog.services.embeddings import (
    embedding_update_for_product,
    embeddings_recreate,
    embeddings_update_for_products,
)
from catalog.services.images import (
    product_image_create,
    product_image_delete,
    product_image_move,
    products_delete,
)
from catalog.services.imports import (
    ImportHeldError,
    feed_import,
    feed_import_create,
    feed_import_delete,
    feed_import_run,
    feed_import_start,
)
from catalog.services.products import product_save, products_publish, products_upsert

__all__ = [
    "ImportHeldError",
    "caption_create_for_image",
    "caption_save",
    "captions_create_for_images",
    "captions_recreate",
    "embedding_update_for_product",
    "embeddings_recreate",
    "embeddings_update_for_products",
    "feed_import",
    "feed_import_create",
    "feed_import_delete",
    "feed_import_run",
    "feed_import_start",
    "product_image_create",
    "product_image_delete",
    "product_image_move",
    "product_save",
    "products_delete",
    "products_publish",
    "products_upsert",
]
