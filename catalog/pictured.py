"""Reads the main pictures of many products with what was seen in them, by one statement.

Written in SQL and not with the ORM: prefetching makes a query set a product, and a page waits
(`benchmarks/provisional_look.py`).
"""

from collections.abc import Iterable

from django.db import connection, models

from catalog.models import Caption, Product, ProductImage


def _fields(model: type[models.Model], left_out: set[str]) -> list["models.Field[object, object]"]:
    return [field for field in model._meta.concrete_fields if field.name not in left_out]


#: What pages do not show is read only where somebody asks for it.
_PICTURE = _fields(ProductImage, {"source_hash", "perceptual_hash", "colour_grid", "created_at"})
_CAPTION = _fields(Caption, {"confidence", "alternatives", "made_by", "note", "created_at"})
_PICTURE_NAMES = [field.attname for field in _PICTURE]
_CAPTION_NAMES = [field.attname for field in _CAPTION]
_COLUMNS = ", ".join(
    [f'i."{field.column}"' for field in _PICTURE] + [f'c."{field.column}"' for field in _CAPTION]
)
# One scan of an index for all products: a subquery for each (LATERAL) takes twice as long.
_STATEMENT = f"""
SELECT {_COLUMNS}
FROM (
    SELECT DISTINCT ON (product_id) * FROM {ProductImage._meta.db_table}
    WHERE product_id = ANY(%s) ORDER BY product_id, position, id
) i
LEFT JOIN {Caption._meta.db_table} c ON c.content_hash = i.content_hash
"""  # noqa: S608 - no values


def read_main_images(products: Iterable[Product]) -> None:
    """Have ``main_image`` known of every product, and of every picture its ``captions_read``."""
    by_id: dict[int, list[Product]] = {}
    for product in products:
        by_id.setdefault(product.pk, []).append(product)
    images: dict[int, ProductImage] = {}
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, [list(by_id)])
        for row in cursor.fetchall():
            picture, caption = row[: len(_PICTURE)], row[len(_PICTURE) :]
            image = ProductImage.from_db(connection.alias, _PICTURE_NAMES, picture)
            image = images.setdefault(image.product_id, image)
            image.captions_read = image.captions_read or []
            if caption[0] is not None:
                said = Caption.from_db(connection.alias, _CAPTION_NAMES, caption)
                image.captions_read.append(said)
    for product_id, same in by_id.items():
        for product in same:
            product.main_image = images.get(product_id)
