"""Shoppers and their tokens, for tests."""

import re
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from outfits.models import Shopper
from outfits.shoppers.consent import shopper_consent
from outfits.shoppers.identity import sign_shop, sign_shopper

KEY = "a-key-of-the-shop-that-signs-its-shoppers"


def set_key(settings: Settings, **more: Any) -> None:
    """Have tokens taken; ``more`` are further keys of ``settings.ENSEMBLE``."""
    settings.ENSEMBLE = {**settings.ENSEMBLE, "SHOPPER_KEY": KEY, **more}


def as_shopper(shop_id: str = "ann") -> dict[str, str]:
    """The headers of a shopper's request."""
    return {"Authorization": f"Ensemble {sign_shopper(shop_id)}"}


def as_shop() -> dict[str, str]:
    """The headers of a request of the shop's own server."""
    return {"Authorization": f"Ensemble {sign_shop()}"}


def make_shopper(shop_id: str = "ann") -> Shopper:
    """A shopper who agreed to be remembered."""
    shopper = shopper_consent(shop_id=shop_id, granted=True)
    assert shopper is not None
    return shopper


def sign_in_shopper(client: Client) -> Shopper:
    """Somebody who is signed in and agreed to be remembered."""
    user = User.objects.create_user("ann")
    client.force_login(user)
    return make_shopper(f"user:{user.pk}")


def read_words(response: Any) -> str:
    """What a page says, without its markup."""
    text = re.sub(
        r"<(style|script).*?</\1>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL
    )
    return " ".join(text.split())
