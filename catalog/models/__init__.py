"""The catalog's tables: products, their pictures, what was seen in them, and their vectors."""

from catalog.models.caption import PERSON, Caption, CaptionRun
from catalog.models.embedding import EMBEDDING_DIMENSIONS, ProductEmbedding
from catalog.models.feed import FeedImport, FeedSource, PlannedChange
from catalog.models.picture import ProductImage, RemotePicture
from catalog.models.product import Product, ProductQuerySet
from catalog.models.quality import QualityFinding

__all__ = [
    "EMBEDDING_DIMENSIONS",
    "PERSON",
    "Caption",
    "CaptionRun",
    "FeedImport",
    "FeedSource",
    "PlannedChange",
    "Product",
    "ProductEmbedding",
    "ProductImage",
    "ProductQuerySet",
    "QualityFinding",
    "RemotePicture",
]
