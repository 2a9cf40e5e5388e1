import pytest
from django.test import Client
from pytest_django import Settings

from tests.factories import make_product

pytestmark = pytest.mark.django_db
ORIGIN = "https://shop.example"


@pytest.fixture(autouse=True)
def _origins(settings: Settings) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "ALLOWED_ORIGINS": [ORIGIN]}


def test_a_listed_site_may_read_answers(client: Client) -> None:
    query = {"product": make_product("top").sku}
    answer = client.get("/api/v1/looks/", query, headers={"Origin": ORIGIN})
    assert answer["Access-Control-Allow-Origin"] == ORIGIN
    assert "origin" in answer["Vary"].lower()
    assert "Access-Control-Allow-Credentials" not in answer


def test_a_refusal_can_be_read_too(client: Client) -> None:
    answer = client.get("/api/v1/looks/", {"product": "NOPE"}, headers={"Origin": ORIGIN})
    assert (answer.status_code, answer["Access-Control-Allow-Origin"]) == (404, ORIGIN)


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://shop.example", f"{ORIGIN}.evil.io", f"{ORIGIN}:444", "null"],
)
def test_another_site_may_not(client: Client, origin: str) -> None:
    query = {"product": make_product("top").sku}
    answer = client.get("/api/v1/looks/", query, headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.parametrize("path", ["/admin/login/", "/", "/api/v1/feeds/x/", "/nowhere/"])
def test_a_listed_site_may_read_nothing_else(client: Client, path: str) -> None:
    assert "Access-Control-Allow-Origin" not in client.get(path, headers={"Origin": ORIGIN})


@pytest.mark.parametrize("path", ["/api/v1/looks/", "/api/v1/shopper/"])
def test_a_preflight_allows_all_that_the_widget_sends(client: Client, path: str) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}
    answer = client.options(path, headers=asked)
    allowed = answer["Access-Control-Allow-Headers"]
    for header in ("authorization", "x-ensemble-key", "x-ensemble-taste", "x-ensemble-visitor"):
        assert header in allowed
    assert "DELETE" in answer["Access-Control-Allow-Methods"]


def test_a_preflight_of_another_site_is_not_answered(client: Client) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}
    answer = client.options("/api/v1/looks/", headers=asked)
    assert "Access-Control-Allow-Origin" not in answer
