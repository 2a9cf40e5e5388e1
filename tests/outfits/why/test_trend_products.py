"""Which products a trend's page shows."""

from typing import Any

import pytest
from django.test import Client

from outfits.models import Rule, Trend
from tests.factories import make_product

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _trend() -> None:
    Trend.objects.create(name="Velvet", words=["velvet"], weight=1)
    make_product("bag", sku="BAG-1", title="Velvet Clutch", brand="Acme", category="Clutches")
    make_product("dress", sku="DRE-1", title="Velvet Dress", brand="Ostrane", category="Dresses")


def shown(client: Client) -> set[str]:
    answer = client.get("/api/v1/trends/", {"name": "Velvet"})
    return {product["sku"] for product in answer.json()["products"]}


@pytest.mark.parametrize(
    "about",
    [
        {"skus": ["BAG-1"]},
        {"brand": "acme"},
        {"category": "clutches"},
        {"slot": "bag"},
        {"words": ["clutch"]},
        {"brand": "Acme", "slot": "bag", "words": ["velvet"]},
    ],
)
def test_what_a_rule_excludes_is_not_among_a_trends_products(
    client: Client, about: dict[str, Any]
) -> None:
    assert shown(client) == {"BAG-1", "DRE-1"}
    Rule.objects.create(action="exclude", **about)
    assert shown(client) == {"DRE-1"}


def test_a_rule_that_means_less_excludes_no_more(client: Client) -> None:
    Rule.objects.create(action="exclude", brand="Acme", slot="dress")
    Rule.objects.create(action="bury", brand="Acme", weight=2)
    assert shown(client) == {"BAG-1", "DRE-1"}


def test_a_rule_for_certain_looks_excludes_nothing_from_a_trend(client: Client) -> None:
    Rule.objects.create(action="exclude", brand="Acme", anchor_brand="Ostrane")
    assert shown(client) == {"BAG-1", "DRE-1"}
