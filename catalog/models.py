"""The catalog's tables: products, their pictures, what was seen in them, and their vectors."""

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F
from django.utils.functional import cached_property
from django.utils.text import capfirst
from pgvector.django import HnswIndex, VectorField

from catalog.slots import Slot
from catalog.vocabulary import Gender, Occasion, Season

#: Numbers in one vector: what all-MiniLM-L6-v2 gives. Another size needs a migration.
EMBEDDING_DIMENSIONS = 384


class ProductQuerySet(models.QuerySet["Product"]):
    def available(self) -> "ProductQuerySet":
        """Products that a shopper could buy now: published and in stock."""
        return self.filter(published=True, stock__gt=0)


class Product(models.Model):
    """One thing the shop sells, known by its ``sku``."""

    sku = models.CharField("SKU", max_length=64, unique=True)
    title = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    brand = models.CharField(max_length=120, blank=True)
    category = models.CharField(max_length=120, blank=True, help_text="As the shop calls it.")
    slot = models.CharField(
        max_length=16,
        choices=Slot.choices,
        blank=True,
        db_index=True,
        help_text="What part of a look it is. Empty: it is never part of one.",
    )
    gender = models.CharField(max_length=8, choices=Gender.choices, default=Gender.UNISEX)
    colour = models.CharField(max_length=40, blank=True)
    price = models.DecimalField(
        max_digits=10, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    currency = models.CharField(max_length=3, default="EUR")
    stock = models.PositiveIntegerField(default=0)
    seasons = ArrayField(
        models.CharField(max_length=8, choices=Season.choices), default=list, blank=True
    )
    occasions = ArrayField(
        models.CharField(max_length=16, choices=Occasion.choices), default=list, blank=True
    )
    published = models.BooleanField(default=True, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sku"]
        indexes: ClassVar = [
            models.Index(
                fields=["slot", "gender"],
                condition=models.Q(published=True, stock__gt=0),
                name="product_available",
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(price__gte=0), name="product_price_positive")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.sku})"

    @cached_property
    def main_image(self) -> "ProductImage | None":
        """The first picture, if there is one; prefetch ``images`` to ask many products."""
        return next(iter(self.images.all()), None)

    @property
    def is_available(self) -> bool:
        return self.published and self.stock > 0


class ProductImage(models.Model):
    """One stored picture of a product; ``content_hash`` is the SHA-256 of the stored bytes."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="images")
    image = models.ImageField(
        upload_to="products/", width_field="width", height_field="height", max_length=255
    )
    content_hash = models.CharField(max_length=64, db_index=True, editable=False)
    source_hash = models.CharField(max_length=64, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "content_hash"], name="product_image_once")
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.image.name}"


class Caption(models.Model):
    """What one captioner saw in one picture, keyed by the picture's content and the captioner."""

    content_hash = models.CharField(max_length=64, editable=False)
    captioner_id = models.CharField(max_length=200, editable=False)
    sentence = models.CharField(max_length=300)
    colour = models.CharField(max_length=40, blank=True)
    style = models.CharField(max_length=40, blank=True)
    material = models.CharField(max_length=40, blank=True)
    pattern = models.CharField("design", max_length=40, blank=True)
    article_type = models.CharField(max_length=60, blank=True)
    confidence = models.JSONField(default=dict, blank=True, editable=False)
    alternatives = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["content_hash", "captioner_id"], name="caption_once_per_captioner"
            )
        ]

    def __str__(self) -> str:
        return capfirst(self.sentence)


class ProductEmbedding(models.Model):
    """A product's text as a unit vector; ``text_hash`` says of which text it was made."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="embeddings")
    model_id = models.CharField(max_length=200)
    text_hash = models.CharField(max_length=64)
    vector = VectorField(dimensions=EMBEDDING_DIMENSIONS)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "model_id"], name="embedding_once_per_model")
        ]
        indexes: ClassVar = [
            HnswIndex(
                name="embedding_hnsw",
                fields=["vector"],
                m=16,
                ef_construction=64,
                opclasses=["vector_cosine_ops"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_id} by {self.model_id}"


class FeedImport(models.Model):
    """One run of a feed: its mapping, how far it is, what it did and what it refused."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Not started"
        QUEUED = "queued", "Waiting for a worker"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    name = models.CharField(max_length=255)
    file = models.FileField(upload_to="feeds/", blank=True)
    images = models.FileField(
        upload_to="feeds/", blank=True, help_text="A zip of pictures named as the feed says."
    )
    mapping = models.JSONField(default=dict, help_text="Our field -> the feed's column.")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.QUEUED)
    total = models.PositiveIntegerField(default=0)
    processed = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    pictures = models.PositiveIntegerField(default=0)
    picture_problems = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, help_text="Line, SKU and reason of what was refused.")
    defaults_used = models.JSONField(default=dict, help_text="Field -> rows a default filled in.")
    notes = models.JSONField(default=dict, help_text="What was assumed -> how often.")
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(processed__lte=F("total")), name="feed_import_within_total"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_status_display()})"

    @property
    def is_active(self) -> bool:
        """Whether it waits for a worker or is in one's hands."""
        return self.status in (self.Status.QUEUED, self.Status.RUNNING)

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        if self.status == self.Status.DONE:
            return 100
        return 100 * self.processed // self.total if self.total else 0
