from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from outfits.circumstances.current import current_context
from outfits.models import Event, RegionalTaste, Rule, Trend

pytestmark = pytest.mark.django_db


def read_today() -> date:
    """The day: of a run that goes on past midnight, not the one on which it began."""
    return datetime.now(UTC).date()


def add(client: Client, model: str, **fields: Any) -> Any:
    url = reverse(f"admin:ensemble_outfits_{model}_add")
    return client.post(url, {"weight": "1", **fields})


def errors(response: Any) -> str:
    return str(response.context["adminform"].form.errors)


def test_a_trend_that_was_written_is_in_force_on_the_next_page(admin_client: Client) -> None:
    assert current_context().trends == ()
    add(admin_client, "trend", name="Barrel jeans", words="barrel, balloon", slots=["bottom"])
    trend = Trend.objects.get()
    assert (trend.words, trend.slots) == (["barrel", "balloon"], ["bottom"])
    assert current_context().trends == ("Barrel jeans",)


def test_a_trend_that_was_deleted_is_gone_on_the_next_page(admin_client: Client) -> None:
    trend = Trend.objects.create(name="Barrel jeans", words=["barrel"])
    assert current_context().trends == ("Barrel jeans",)
    url = reverse("admin:ensemble_outfits_trend_delete", args=[trend.pk])
    admin_client.post(url, {"post": "yes"})
    assert current_context().trends == ()


def test_a_trend_about_nothing_is_refused(admin_client: Client) -> None:
    assert "what it is about" in errors(add(admin_client, "trend", name="Anything"))


def test_a_trend_that_ends_before_it_starts_is_refused(admin_client: Client) -> None:
    response = add(
        admin_client,
        "trend",
        name="x",
        words="y",
        starts=read_today(),
        ends=read_today() - timedelta(1),
    )
    assert "It ends before it starts." in errors(response)


@pytest.mark.parametrize("region", ["XX", "DE-XX", "de"])
def test_a_region_that_is_not_listed_is_refused(admin_client: Client, region: str) -> None:
    response = add(admin_client, "event", name="Fair", words="dirndl", regions=region)
    assert "Write" in errors(response)


def test_an_event_is_in_force_from_its_first_day_until_its_last() -> None:
    today = read_today()
    Event.objects.create(name="Today", words=["a"], starts=today, ends=today)
    Event.objects.create(name="Tomorrow", words=["a"], starts=today + timedelta(1))
    Event.objects.create(name="Yesterday", words=["a"], ends=today - timedelta(1))
    assert current_context().events == ("Today",)


def test_a_rule_about_every_product_is_refused(admin_client: Client) -> None:
    assert "which products" in errors(add(admin_client, "rule", action="exclude"))


@pytest.mark.parametrize("model", ["trend", "event", "rule", "regionaltaste"])
def test_the_lists_say_what_is_in_force(admin_client: Client, model: str) -> None:
    Trend.objects.create(name="Row", words=["a"])
    Event.objects.create(name="Row", words=["a"])
    Rule.objects.create(action="pin", skus=["Row"])
    RegionalTaste.objects.create(region="DE", kind="brand", value="Row", weight=0.2, shoppers=50)
    url = reverse(f"admin:ensemble_outfits_{model}_changelist")
    query = {} if model == "regionaltaste" else {"force": "now"}
    assert "Row" in admin_client.get(url, query).content.decode()
    if query:
        assert "Row" not in _rows(admin_client.get(url, {"force": "over"}))


def _rows(response: Any) -> str:
    return " ".join(map(str, response.context["cl"].result_list))


def test_regional_taste_is_for_reading(admin_client: Client) -> None:
    url = reverse("admin:ensemble_outfits_regionaltaste_add")
    assert admin_client.get(url).status_code == 403
