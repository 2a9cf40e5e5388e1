"""Who asks: a token that the host shop signs, or what a hook of the shop makes of a request.

A token is ``PAYLOAD:SIGNATURE``. The payload is base64url (without ``=``) of JSON: ``{"sub": ID,
"exp": SECONDS}`` for a shopper, ``{"shop": true, "exp": SECONDS}`` for the shop's own server, with
``exp`` in Unix time. The signature is base64url (without ``=``) of HMAC-SHA256 over the payload as
it is written; its key is SHA-256 of ``ensemble.shopper`` + ``signer`` + SHOPPER_KEY. That is what
Django's `django.core.signing.Signer` makes; docs/integrator.md shows it in other languages.
"""

import json
import re
import time
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.utils.module_loading import import_string

from catalog import conf

_SALT = "ensemble.shopper"
#: A token that gets lost is of no use a day later, whatever the shop wrote into it.
MAX_SECONDS = 24 * 3600
_CLOCK_SKEW_SECONDS = 60
_MAX_TOKEN_CHARS = 1000
MAX_ID_CHARS = 128
_ID = re.compile(rf"[\x21-\x7e]{{1,{MAX_ID_CHARS}}}")
#: Begins the ids of Django's users and of no token's shopper: user 5 here (somebody of the staff,
#: say) may be another person than customer 5 of the shop.
USER_PREFIX = "user:"


class TokenInvalid(Exception):
    """A token that proves nothing; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a valid token says: ``shopper`` is an id of the shop's, empty for the shop itself."""

    shopper: str = ""
    is_shop: bool = False


def sign_shopper(shopper: str, *, seconds: int = 3600) -> str:
    """A token for one shopper's browser. ``shopper`` is any stable id, up to 128 ASCII characters.

    Raises `ValueError` for an id that cannot be one, or when no SHOPPER_KEY is set.
    """
    if not _may_be_signed(shopper):
        raise ValueError(
            f"{shopper!r} is no id: write 1 to {MAX_ID_CHARS} visible ASCII characters, "
            f"not beginning with {USER_PREFIX!r}"
        )
    return _sign({"sub": shopper}, seconds)


def sign_shop(*, seconds: int = 300) -> str:
    """A token for the shop's own server, which pushes events. Never give it to a browser."""
    return _sign({"shop": True}, seconds)


def read_token(token: str) -> Claim:
    """What a token claims, if it is genuine and still good. Raises `TokenInvalid`."""
    key = conf.current().SHOPPER_KEY
    if not key:
        raise TokenInvalid("This shop takes no tokens: ENSEMBLE['SHOPPER_KEY'] is not set.")
    if len(token) > _MAX_TOKEN_CHARS:
        raise TokenInvalid("This token is too long. Ask the shop for a new one.")
    try:
        said = _decode(_signer(key).unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise TokenInvalid(
            "This token was not signed with this shop's key. Sign it as docs/integrator.md says."
        ) from error
    _check_time(said.get("exp"))
    return _claim(said)


def shopper_from_user(request: HttpRequest) -> str | None:
    """The default of ``SHOPPER_FROM_REQUEST``: ``user:KEY`` of whoever is signed in, or None."""
    user = getattr(request, "user", None)
    return f"{USER_PREFIX}{user.pk}" if user is not None and user.is_authenticated else None


def ask_hook(request: HttpRequest) -> str:
    """The shopper's id by the shop's hook; empty where it knows none."""
    found = import_string(conf.current().SHOPPER_FROM_REQUEST)(request)
    return str(found) if found and _ID.fullmatch(str(found)) else ""


def _sign(payload: dict[str, Any], seconds: int) -> str:
    key = conf.current().SHOPPER_KEY
    if not key:
        raise ValueError("ENSEMBLE['SHOPPER_KEY'] is not set")
    text = json.dumps({**payload, "exp": int(time.time()) + seconds}, separators=(",", ":"))
    return _signer(key).sign(signing.b64_encode(text.encode()).decode())


def _signer(key: str) -> signing.Signer:
    # Without the empty list, Django would also take what SECRET_KEY_FALLBACKS signed.
    return signing.Signer(key=key, salt=_SALT, fallback_keys=[])


def _decode(payload: str) -> dict[str, Any]:
    said = json.loads(signing.b64_decode(payload.encode()))
    if not isinstance(said, dict):
        raise TokenInvalid("This token's payload is no JSON object.")
    return said


def _check_time(until: object) -> None:
    now = time.time()
    if type(until) is not int:
        raise TokenInvalid("This token does not say until when it is good: add 'exp', Unix time.")
    if until < now:
        raise TokenInvalid("This token has expired. Ask the shop for a new one.")
    if until > now + MAX_SECONDS + _CLOCK_SKEW_SECONDS:
        raise TokenInvalid("This token is good for more than a day. Sign shorter ones.")


def _claim(said: dict[str, Any]) -> Claim:
    shopper = said.get("sub")
    if said.get("shop") is True and shopper is None:
        return Claim(is_shop=True)
    if isinstance(shopper, str) and _may_be_signed(shopper) and "shop" not in said:
        return Claim(shopper=shopper)
    raise TokenInvalid(
        "This token names no shopper: its 'sub' is the shopper's id, as text that does not begin "
        f"with {USER_PREFIX!r}."
    )


def _may_be_signed(shopper: str) -> bool:
    return bool(_ID.fullmatch(shopper)) and not shopper.startswith(USER_PREFIX)
