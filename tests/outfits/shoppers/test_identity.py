import base64
import hashlib
import hmac
import json
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from outfits.shoppers.identity import Claim, TokenInvalid, read_token, sign_shop, sign_shopper
from tests.shoppers import KEY, set_key

DOCS = Path(__file__).parents[3] / "docs" / "integrator.md"


@pytest.fixture(autouse=True)
def _key(settings: Settings) -> None:
    set_key(settings)


def _by_hand(said: Any, key: str = KEY) -> str:
    """A token as a shop that is not written in Python makes it."""

    def encode(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    payload = encode(json.dumps(said).encode())
    secret = hashlib.sha256(b"ensemble.shopper" + b"signer" + key.encode()).digest()
    return f"{payload}:{encode(hmac.new(secret, payload.encode(), hashlib.sha256).digest())}"


def _soon() -> int:
    return int(time.time()) + 600


def test_a_signed_shopper_is_known() -> None:
    assert read_token(sign_shopper("ann")) == Claim(shopper="ann")


def test_a_token_made_in_another_language_is_taken() -> None:
    assert read_token(_by_hand({"sub": "ann", "exp": _soon()})) == Claim(shopper="ann")


def test_the_documented_javascript_makes_a_token_that_is_taken() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on PATH")
    example = DOCS.read_text().split("```js")[1].split("```")[0]
    script = f'const SHOPPER_KEY = "{KEY}";{example}\nprocess.stdout.write(token);'
    made = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True)
    assert read_token(made.stdout) == Claim(shopper="customer-4711")


def test_the_shops_own_token_names_no_shopper() -> None:
    assert read_token(sign_shop()) == Claim(is_shop=True)


@pytest.mark.parametrize(
    ("make", "advice"),
    [
        (lambda: sign_shopper("ann", seconds=-1), "expired"),
        (lambda: _by_hand({"sub": "ann"}), "exp"),
        (lambda: _by_hand({"sub": "ann", "exp": True}), "exp"),
        (lambda: _by_hand({"sub": "ann", "exp": _soon() + 9 * 86400}), "more than a day"),
        (lambda: _by_hand({"sub": "ann", "exp": _soon()}, "another-key"), "not signed"),
        (lambda: _by_hand({"sub": 7, "exp": _soon()}), "sub"),
        (lambda: _by_hand({"sub": "", "exp": _soon()}), "sub"),
        (lambda: _by_hand({"sub": "a\nb", "exp": _soon()}), "sub"),
        (lambda: _by_hand({"sub": "ann", "shop": True, "exp": _soon()}), "sub"),
        (lambda: _by_hand({"exp": _soon()}), "sub"),
        (lambda: _by_hand({"sub": "user:5", "exp": _soon()}), "user:"),
        (lambda: _by_hand([1]), "object"),
        (lambda: sign_shopper("ann").replace(":", ""), "not signed"),
        (lambda: sign_shopper("ann") + "x", "not signed"),
        (lambda: "x" * 5000, "too long"),
        (lambda: "", "not signed"),
    ],
)
def test_a_token_that_proves_nothing_is_refused_with_what_to_do(
    make: Callable[[], str], advice: str
) -> None:
    with pytest.raises(TokenInvalid, match=advice):
        read_token(make())


def test_a_payload_changed_by_its_bearer_is_refused() -> None:
    _, signature = sign_shopper("ann").split(":")
    payload = _by_hand({"sub": "bob", "exp": _soon()}).split(":")[0]
    with pytest.raises(TokenInvalid):
        read_token(f"{payload}:{signature}")


def test_without_a_key_no_token_is_taken(settings: Settings) -> None:
    token = sign_shopper("ann")
    set_key(settings, SHOPPER_KEY="")
    with pytest.raises(TokenInvalid, match="SHOPPER_KEY"):
        read_token(token)
    with pytest.raises(ValueError, match="SHOPPER_KEY"):
        sign_shopper("ann")


@pytest.mark.parametrize("shopper", ["", "a b", "ü", "x" * 129, "user:5"])
def test_what_cannot_be_an_id_is_not_signed(shopper: str) -> None:
    with pytest.raises(ValueError, match="no id"):
        sign_shopper(shopper)
