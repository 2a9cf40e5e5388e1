"""The admin's first page: how far each stage of the flow is, and what to do next."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from catalog.models import Caption, Product, ProductImage
from feedback.models import FeedbackEvent, PreferencePair, UnpairedExample
from outfits.models import Look
from outfits.selectors import serving_stylist
from training.models import TrainingRun


def fill_dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add ``stages`` (figures, each with the page it leads to) to the context of the first page."""
    return {**context, "stages": [*_catalog_stages(), *_learning_stages()]}


def _stage(title: str, figure: object, note: str, model: str) -> dict[str, Any]:
    url = reverse(f"admin:ensemble_{model}_changelist")
    return {"title": title, "figure": figure, "note": note, "url": url}


def _catalog_stages() -> list[dict[str, Any]]:
    products = Product.objects.filter(private=False).count()
    pictured = ProductImage.objects.values("product").distinct().count()
    captions = Caption.objects.values("content_hash").distinct().count()
    looks = Look.objects.values("anchor").distinct().count()
    return [
        _stage("Products", products, f"{products - pictured} without a picture", "catalog_product"),
        _stage("Captions", captions, "pictures looked at", "catalog_caption"),
        _stage("Looks", looks, "products with a stored look", "outfits_look"),
    ]


def _learning_stages() -> list[dict[str, Any]]:
    pairs, lone = PreferencePair.objects.count(), UnpairedExample.objects.count()
    newest = TrainingRun.objects.first()
    return [
        _stage(
            "Feedback",
            FeedbackEvent.objects.count(),
            f"{pairs} preference pairs, {lone} lone thumbs",
            "feedback_feedbackevent",
        ),
        _stage(
            "Stylist",
            serving_stylist().name,
            f"last training: {newest.get_status_display().lower()}"
            if newest
            else "not trained yet",
            "training_trainingrun",
        ),
    ]
