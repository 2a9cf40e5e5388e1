"""What the profile page shows of photos that are kept, and its button that deletes one."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from outfits.models import Shopper
from outfits.photos.addresses import write_address
from outfits.photos.keeping import find_kept
from outfits.photos.services import photo_delete
from outfits.shoppers.identity import ask_hook


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """A kept photo: where its picture is for now, what it shows, until when it is kept."""

    id: uuid.UUID
    address: str
    words: str
    until: datetime


def show_photos(shopper: Shopper) -> list[ShownPhoto]:
    """The photos that a shopper keeps, the newest first."""
    return [
        ShownPhoto(
            photo.pk,
            write_address(photo),
            photo.sentence or photo.said or gettext("Not looked at yet"),
            photo.expires_at,
        )
        for photo in find_kept().filter(owner=shopper)
    ]


@never_cache
@require_POST
def remove_photo(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponse:
    """Delete a photo of whoever presses the button."""
    mine = find_kept().filter(owner__shop_id=ask_hook(request))
    photo = mine.filter(pk=photo_id).first()
    if photo is not None:
        photo_delete(photo=photo)
    done = "?done=photo" if photo is not None else ""
    return HttpResponseRedirect(f"{reverse('ensemble_shopper:my-style')}{done}")
