"""Addresses of kept photos that work where no header can be sent, for a few minutes."""

import uuid
from typing import Any

from django.core import signing
from django.urls import reverse
from django.utils.http import urlencode

from outfits.models import OwnPhoto
from outfits.photos.keeping import find_kept

PROOF_SECONDS = 15 * 60
_SALT = "ensemble.own-photo"


def write_address(photo: OwnPhoto) -> str:
    """Where the picture of a kept photo is, with the proof that its owner asked for it just now."""
    proof = signing.dumps([str(photo.pk), photo.owner_id], salt=_SALT)
    address = reverse("ensemble_outfits:photo-picture", args=[photo.pk])
    return f"{address}?{urlencode({'proof': proof})}"


def find_pictured(photo_id: uuid.UUID, shop_id: str, proof: str) -> OwnPhoto | None:
    """The photo, if whoever asks may see its picture: the owner, or who holds a fresh ``proof``."""
    photo = find_kept().filter(pk=photo_id).first()
    if photo is None or photo.owner is None:
        return None
    is_owner = bool(shop_id) and photo.owner.shop_id == shop_id
    return photo if is_owner or _read_proof(proof) == [str(photo.pk), photo.owner_id] else None


def _read_proof(proof: str) -> Any:
    try:
        return signing.loads(proof, salt=_SALT, max_age=PROOF_SECONDS)
    except signing.BadSignature:
        return None
