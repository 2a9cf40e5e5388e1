"""What of photos is held of shoppers, for export and erasure."""

from typing import Any

from django.urls import NoReverseMatch, reverse

from outfits.models import OwnPhoto, Shopper
from outfits.photos.services import photo_delete
from outfits.shoppers.consent import Holder


def _export(shopper: Shopper) -> list[dict[str, Any]]:
    return [_describe(photo) for photo in shopper.kept_photos.select_related("anchor")]


def _describe(photo: OwnPhoto) -> dict[str, Any]:
    piece = photo.anchor
    return {
        "id": str(photo.pk),
        "status": photo.status,
        "seen": photo.sentence,
        "said": photo.said,
        "gender": photo.said_gender,
        "piece": {"title": piece.title, "category": piece.category, "colour": piece.colour}
        if piece
        else None,
        "consented_at": photo.consented_at.isoformat() if photo.consented_at else None,
        "sent_at": photo.created_at.isoformat(),
        "expires_at": photo.expires_at.isoformat(),
        "picture": _address(photo),
    }


def _address(photo: OwnPhoto) -> str | None:
    """Where the shopper, and nobody else, gets the picture; None where the API is not included."""
    try:
        return reverse("ensemble_outfits:photo-picture", args=[photo.pk])
    except NoReverseMatch:
        return None


def _erase(shopper: Shopper) -> None:
    for photo in shopper.kept_photos.all():
        photo_delete(photo=photo)


HOLDER = Holder("kept_photos", _export, _erase)
