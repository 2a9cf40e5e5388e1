"""Pictures of products: the stored ones, and those still to be fetched."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models.fields.files import FieldFile

from catalog.changes import TellingQuerySet
from catalog.models.product import Product
from catalog.thumbnails import SIDES, Source, fit_size

if TYPE_CHECKING:
    from catalog.models.caption import Caption


class ProductImageQuerySet(TellingQuerySet["ProductImage"]):
    leads = "product_id"
    unseen = frozenset({"perceptual_hash", "colour_grid"})


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
    small = models.FileField(
        upload_to="products/", max_length=255, blank=True, editable=False, help_text="WebP."
    )
    large = models.FileField(
        upload_to="products/", max_length=255, blank=True, editable=False, help_text="WebP."
    )
    perceptual_hash = models.CharField(
        max_length=16,
        blank=True,
        db_index=True,
        editable=False,
        help_text="64 bits in hexadecimal; pictures that look alike differ in few of them.",
    )
    colour_grid = models.BinaryField(
        max_length=192,
        default=b"",
        editable=False,
        help_text="8 x 8 mean colours, three bytes each; copies of a picture agree in them.",
    )
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    #: What was seen in it, where that was read together with it (`catalog.pictured`).
    captions_read: "list[Caption] | None" = None

    objects = ProductImageQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "content_hash"], name="product_image_once")
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.image.name}"

    @property
    def files(self) -> list[FieldFile]:
        """The stored files: the full picture, and the thumbnails that there are."""
        return [file for file in (self.image, self.small, self.large) if file]

    @property
    def sources(self) -> list[Source]:
        """The picture's files, narrowest first; of files equally wide, the smaller one."""
        found: dict[int, str] = {}
        for file, side in ((self.small, SIDES[0]), (self.large, SIDES[1]), (self.image, None)):
            width = fit_size(self.width, self.height, side)[0] if side else self.width
            if file and width not in found:
                found[width] = file.url
        return [Source(url, width) for width, url in found.items()]

    @property
    def small_url(self) -> str:
        """The address of the small thumbnail, or of the full picture while there is none."""
        url: str = (self.small or self.image).url
        return url

    @property
    def large_url(self) -> str:
        """The address of the large thumbnail, or of the full picture while there is none."""
        url: str = (self.large or self.image).url
        return url

    @property
    def srcset(self) -> str:
        """`sources` as the ``srcset`` of an HTML image."""
        return ", ".join(f"{source.url} {source.width}w" for source in self.sources)


class RemotePicture(models.Model):
    """A picture that a feed names by its address, and how far fetching it has come."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        FETCHED = "fetched", "Fetched"
        FAILED = "failed", "Failed"

    product = models.ForeignKey(Product, models.CASCADE, related_name="remote_pictures")
    url = models.URLField(max_length=2000)
    position = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(
        max_length=8, choices=Status.choices, default=Status.WAITING, db_index=True
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    etag = models.CharField(max_length=255, blank=True, editable=False)
    image = models.ForeignKey(
        ProductImage, models.SET_NULL, null=True, blank=True, related_name="fetched_from"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    tried_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["product", "url"], name="remote_picture_once")
        ]

    def __str__(self) -> str:
        return self.url
