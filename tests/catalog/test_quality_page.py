"""The page of what is wrong with the catalog: what it shows, who may answer, and how."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse

from catalog.models import QualityFinding
from catalog.services import (
    product_image_create,
    quality_check,
)
from config.unfold import list_navigation
from tests.catalog.findings import Kind, contradiction, finding_of, make_good, seen
from tests.factories import make_product

pytestmark = pytest.mark.django_db

Draw = Callable[..., bytes]
PAGE = "admin:ensemble_catalog_qualityfinding_changelist"


@pytest.fixture(autouse=True)
def _no_check_under_way() -> None:
    cache.clear()


@pytest.fixture
def admin(admin_user: User) -> Client:
    client = Client()
    client.force_login(admin_user)
    return client


def test_the_page_shows_findings_and_where_to_fix_them(admin: Client) -> None:
    finding = contradiction(title="Plain shirt")
    page = admin.get(reverse(PAGE)).content.decode()
    assert "The colour is Blue by the feed and Red in the picture." in page
    assert reverse("admin:ensemble_catalog_product_change", args=[finding.product_id]) in page
    assert "Correct the caption" in page


def test_the_page_can_show_one_kind(admin: Client) -> None:
    contradiction(title="Plain shirt")
    page = admin.get(reverse(PAGE), {"kind": "no-slot"}).content.decode()
    assert "Plain shirt" not in page
    assert "Nothing to do" in page


def test_the_page_shows_both_pictures_of_a_pair(admin: Client, draw: Draw) -> None:
    for title in ("Shirt", "Trousers"):
        product_image_create(product=make_product(embedded=False, title=title), data=draw())
    quality_check()
    page = admin.get(reverse(PAGE), {"kind": "duplicate"}).content.decode()
    assert page.count("<img loading") == 2
    assert "Keep both" in page


def test_a_page_of_findings_takes_a_constant_number_of_queries(
    admin: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(30):
        make_good(slot="")
    quality_check()
    with django_assert_max_num_queries(25):
        page = admin.get(reverse(PAGE)).content.decode()
    assert "Page 1 of 3" in page


def test_the_page_says_when_there_is_nothing_to_do(admin: Client) -> None:
    assert "has not been checked yet" in admin.get(reverse(PAGE)).content.decode()
    quality_check()
    page = admin.get(reverse(PAGE)).content.decode()
    assert "Nothing to do: every product" in page
    assert "Last checked" in page


def test_the_page_refreshes_while_a_check_runs(admin: Client) -> None:
    admin.post(reverse("admin:quality_check"))
    response = admin.get(reverse(PAGE))
    assert response.headers["Refresh"]
    assert "Checking the catalog" in response.content.decode()


def answer(client: Client, finding: QualityFinding, **data: str) -> Any:
    return client.post(reverse("admin:quality_answer", args=[finding.pk]), data)


def test_a_slot_is_chosen_in_the_row(admin: Client) -> None:
    product, image = make_good(slot="")
    seen(image)
    quality_check()
    answer(admin, finding_of(Kind.NO_SLOT), slot="shoes")
    product.refresh_from_db()
    assert product.slot == "shoes"
    assert not QualityFinding.objects.exists()


@pytest.mark.parametrize("slot", ["", "spaceship"])
def test_what_is_no_slot_changes_nothing(admin: Client, slot: str) -> None:
    product, _ = make_good(slot="")
    quality_check()
    answer(admin, finding_of(Kind.NO_SLOT), slot=slot)
    product.refresh_from_db()
    assert product.slot == ""


def test_a_finding_is_dismissed_and_brought_back(admin: Client, admin_user: User) -> None:
    finding = contradiction()
    response = answer(admin, finding, dismiss="1", slot="", query="kind=contradiction")
    assert response.url.endswith(f"?kind=contradiction&undo={finding.pk}")
    finding.refresh_from_db()
    assert finding.dismissed_by == admin_user
    assert "Undo" in admin.get(response.url).content.decode()
    answer(admin, finding, restore="1")
    finding.refresh_from_db()
    assert finding.dismissed_at is None


def test_a_missing_caption_is_asked_for_in_the_row(
    admin: Client, queued: list[tuple[str, Any]], django_capture_on_commit_callbacks: Any
) -> None:
    _, image = make_good()
    quality_check()
    with django_capture_on_commit_callbacks(execute=True):
        answer(admin, finding_of(Kind.STALE_CAPTION), caption="1")
    assert queued == [("caption_image", image.pk)]


def staff(*permissions: str) -> Client:
    user = User.objects.create_user("staff", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def test_without_permission_there_is_no_page() -> None:
    assert staff("view_product").get(reverse(PAGE)).status_code == 403


def test_who_may_only_look_gets_no_buttons_and_can_change_nothing() -> None:
    finding = contradiction()
    client = staff("view_qualityfinding")
    page = client.get(reverse(PAGE)).content.decode()
    assert "The colour is Blue" in page
    assert "It is right" not in page
    assert "Check now" not in page
    assert answer(client, finding, dismiss="1").status_code == 403
    assert client.post(reverse("admin:quality_check")).status_code == 403


def test_a_slot_needs_the_right_to_change_products() -> None:
    make_good(slot="")
    quality_check()
    client = staff("view_qualityfinding", "change_qualityfinding")
    assert answer(client, finding_of(Kind.NO_SLOT), slot="shoes").status_code == 403


def test_answers_are_only_taken_by_post(admin: Client) -> None:
    finding = contradiction()
    url = reverse("admin:quality_answer", args=[finding.pk])
    assert admin.get(url).status_code == 405


def test_the_menu_counts_what_waits(admin_user: User, rf: RequestFactory) -> None:
    contradiction()
    request = rf.get("/")
    request.user = admin_user
    items = [item for group in list_navigation(request) for item in group["items"]]
    assert {str(item["title"]): item["badge"] for item in items if "badge" in item} == {
        "Data quality": "1"
    }
