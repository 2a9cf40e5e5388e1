from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.models import FeedbackEvent, PreferencePair
from outfits.models import Look
from outfits.presentation import present
from outfits.selectors import Stylist
from outfits.services import Recommendation
from tests.factories import make_look, make_product

pytestmark = pytest.mark.django_db


@pytest.fixture
def look() -> Look:
    return make_look(make_product("top"), [make_product("shoes"), make_product("shoes")])


def _edit(client: Client, look: Look, sku: str) -> str:
    url = reverse("admin:ensemble_feedback_lookreview_change", args=[look.pk])
    response = client.post(url, {"item": look.items.get().pk, "replacement": sku}, follow=True)
    return response.content.decode()


def _shown(look: Look) -> list[str]:
    fresh = Look.objects.get(pk=look.pk)
    recommendation = Recommendation(fresh.anchor, Stylist("fake-model", ""), look=fresh)
    return [item.product.sku for item in present(recommendation).items]


def test_what_a_stylist_puts_into_a_look_is_shown_from_then_on(
    admin_client: Client, look: Look
) -> None:
    wanted = look.items.get().candidates[1]["sku"]
    _edit(admin_client, look, wanted)
    assert _shown(look) == [wanted]


def test_an_edit_becomes_a_pair_and_leaves_what_was_served_as_it_was(
    admin_client: Client, look: Look
) -> None:
    served = look.items.get().product.sku
    _edit(admin_client, look, look.items.get().candidates[1]["sku"])
    assert PreferencePair.objects.get().rejected_sku == served
    assert look.items.get().product.sku == served


def test_a_product_that_was_never_offered_can_be_put_in_but_makes_no_pair(
    admin_client: Client, look: Look
) -> None:
    other = make_product("shoes")
    _edit(admin_client, look, other.sku)
    assert _shown(look) == [other.sku]
    assert not PreferencePair.objects.exists()


def test_a_product_of_another_slot_is_refused_with_a_reason(
    admin_client: Client, look: Look
) -> None:
    assert "is no shoes" in _edit(admin_client, look, make_product("bag").sku)
    assert not FeedbackEvent.objects.exists()


def test_an_unknown_sku_is_refused_with_a_reason(admin_client: Client, look: Look) -> None:
    assert "No available product" in _edit(admin_client, look, "NOPE")


def test_staff_who_may_only_look_cannot_edit(client: Client, look: Look) -> None:
    viewer = User.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_lookreview"))
    client.force_login(viewer)
    url = reverse("admin:ensemble_feedback_lookreview_change", args=[look.pk])
    assert client.get(url).status_code == 200
    answer = client.post(url, {"item": look.items.get().pk, "replacement": "X"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "page",
    [
        "ensemble_feedback_lookreview",
        "ensemble_feedback_feedbackevent",
        "ensemble_feedback_preferencepair",
        "ensemble_feedback_unpairedexample",
        "ensemble_outfits_look",
    ],
)
def test_every_list_of_looks_and_feedback_opens(
    admin_client: Client, look: Look, page: str
) -> None:
    _edit(admin_client, look, look.items.get().candidates[1]["sku"])
    assert admin_client.get(reverse(f"admin:{page}_changelist")).status_code == 200


def test_a_looks_page_shows_what_was_asked_word_for_word(admin_client: Client, look: Look) -> None:
    page = admin_client.get(reverse("admin:ensemble_outfits_look_change", args=[look.pk]))
    assert look.items.get().query.strip() in page.content.decode()


@pytest.mark.parametrize(
    "state", [{"retired_at": timezone.now()}, {"session_only": True}], ids=["retired", "session's"]
)
def test_looks_that_no_page_serves_for_long_are_not_up_for_review(
    admin_client: Client, look: Look, state: dict[str, Any]
) -> None:
    Look.objects.filter(pk=look.pk).update(**state)
    page = admin_client.get(reverse("admin:ensemble_feedback_lookreview_changelist"))
    assert page.context["cl"].result_count == 0
    _edit(admin_client, look, look.items.get().candidates[1]["sku"])
    assert look.items.get().stylist_choice is None


def test_the_list_of_looks_says_which_are_in_use_and_finds_those_that_are_not(
    admin_client: Client, look: Look
) -> None:
    retired = make_look(make_product("top"), [make_product("shoes")], retired_at=timezone.now())
    address = reverse("admin:ensemble_outfits_look_changelist")
    page = admin_client.get(address)
    assert "In use" in page.content.decode()
    found = admin_client.get(address, {"retired_at__isempty": "0"}).context["cl"].result_list
    assert list(found) == [retired]
