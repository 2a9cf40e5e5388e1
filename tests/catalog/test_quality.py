"""Data quality: what is found, how it goes, who may answer, and what the page shows."""

import json
from collections.abc import Callable
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from catalog import tasks
from catalog.models import PERSON, Product, ProductImage, QualityFinding, RemotePicture
from catalog.quality import progress
from catalog.quality.colours import colours_contradict
from catalog.quality.sentences import describe_finding
from catalog.services import (
    product_image_create,
    product_save,
    quality_check,
    quality_check_start,
    quality_finding_dismiss,
    quality_finding_restore,
    quality_recheck,
)
from tests.factories import make_caption, make_image, make_product

pytestmark = pytest.mark.django_db

Draw = Callable[..., bytes]
Kind = QualityFinding.Kind
PAGE = "admin:ensemble_catalog_qualityfinding_changelist"


@pytest.fixture(autouse=True)
def _no_check_under_way() -> None:
    cache.clear()


@pytest.fixture
def admin(admin_user: User) -> Client:
    client = Client()
    client.force_login(admin_user)
    return client


def make_good(**fields: Any) -> tuple[Product, ProductImage]:
    """A product with nothing to find, unless ``fields`` or its caption say otherwise."""
    product = make_product(embedded=False, **fields)
    return product, make_image(product)


def seen(image: ProductImage, captioner: str = "fake-captioner", **fields: str) -> None:
    make_caption(image, captioner, **fields)


def kinds_of(product: Product) -> list[str]:
    quality_check()
    return list(product.findings.order_by("kind").values_list("kind", flat=True))


def finding_of(kind: Kind) -> QualityFinding:
    return QualityFinding.objects.get(kind=kind)


def contradiction(colour: str = "Red", **fields: Any) -> QualityFinding:
    _, image = make_good(colour="Blue", **fields)
    seen(image, colour=colour)
    quality_check()
    return finding_of(Kind.CONTRADICTION)


def test_a_good_product_has_no_findings() -> None:
    product, image = make_good(colour="Blue")
    seen(image, colour="Navy", article_type="Tshirts")
    assert kinds_of(product) == []


def test_a_product_without_pictures_is_found() -> None:
    assert kinds_of(make_product(embedded=False)) == [Kind.NO_PICTURE]


def test_a_product_without_a_slot_is_found() -> None:
    product, image = make_good(slot="", category="Gift card")
    seen(image)
    assert kinds_of(product) == [Kind.NO_SLOT]
    assert "“Gift card” names no slot" in describe_finding(finding_of(Kind.NO_SLOT))


@pytest.mark.parametrize("captioner", ["", "older-captioner"])
def test_a_main_picture_without_a_current_caption_is_found(captioner: str) -> None:
    product, image = make_good()
    if captioner:
        seen(image, captioner)
    assert kinds_of(product) == [Kind.STALE_CAPTION]
    words = captioner or "no caption yet"
    assert words in describe_finding(finding_of(Kind.STALE_CAPTION))


def test_what_a_person_said_is_never_stale() -> None:
    product, image = make_good()
    seen(image, PERSON)
    assert kinds_of(product) == []


def test_pictures_that_could_not_be_fetched_are_one_finding_a_product() -> None:
    product, image = make_good()
    seen(image)
    for number in range(2):
        RemotePicture.objects.create(
            product=product, url=f"https://x.test/{number}.jpg", status="failed", error="404"
        )
    assert kinds_of(product) == [Kind.PICTURE_FAILED]
    assert "2 pictures could not be fetched" in describe_finding(finding_of(Kind.PICTURE_FAILED))


@pytest.mark.parametrize(
    ("fields", "caption", "found"),
    [
        ({"colour": "Blue"}, {"colour": "Red"}, ["colour"]),
        ({"colour": "Blue"}, {"colour": ""}, []),
        ({"colour": ""}, {"colour": "Red"}, []),
        ({"colour": "Azalea"}, {"colour": "Red"}, []),
        ({"gender": "men"}, {"sentence": "A red dress for women."}, ["gender"]),
        ({"gender": "unisex"}, {"sentence": "A coat for women."}, []),
        ({"gender": "women"}, {"sentence": "A coat for men and women."}, []),
        ({"gender": "men"}, {"article_type": "Heels"}, ["gender", "kind"]),
        ({"slot": "top"}, {"article_type": "Jeans"}, ["kind"]),
        ({"slot": "top"}, {"article_type": "Jackets"}, []),
        ({"slot": ""}, {"article_type": "Jeans"}, []),
    ],
)
def test_a_caption_contradicts_the_feed_where_both_cannot_be_true(
    fields: dict[str, str], caption: dict[str, str], found: list[str]
) -> None:
    _, image = make_good(**fields)
    seen(image, **caption)
    quality_check()
    findings = QualityFinding.objects.filter(kind=Kind.CONTRADICTION)
    assert [name for finding in findings for name in sorted(finding.detail)] == found


@pytest.mark.parametrize(
    ("first", "second", "contradict"),
    [
        *(
            ("Navy Blue", "blue", False),
            ("Off White", "Cream", False),
            ("Charcoal", "Black", False),
        ),
        *(("Maroon", "Red", False), ("Teal", "Green", False), ("navy", "black", False)),
        *(("Blue", "Red", True), ("Black", "White", True), ("Pink", "Green", True)),
        *(("Multi", "Red", False), ("", "Red", False), ("Blue", "Grey", True)),
    ],
)
def test_colours_contradict_across_families_only(first: str, second: str, contradict: bool) -> None:
    assert colours_contradict(first, second) is contradict
    assert colours_contradict(second, first) is contradict


def test_only_published_products_are_looked_at() -> None:
    product = make_product(embedded=False)
    assert kinds_of(product) == [Kind.NO_PICTURE]
    Product.objects.update(published=False)
    assert kinds_of(product) == []


def test_one_photo_on_two_products_is_a_finding(draw: Draw) -> None:
    for title in ("Shirt", "Trousers"):
        product_image_create(product=make_product(embedded=False, title=title), data=draw())
    quality_check()
    finding = finding_of(Kind.DUPLICATE)
    assert (finding.product.title, finding.other_image.product.title) == ("Trousers", "Shirt")  # type: ignore[union-attr]


def test_checking_again_changes_nothing() -> None:
    first = contradiction()
    before = list(QualityFinding.objects.order_by("pk").values())
    quality_check()
    assert list(QualityFinding.objects.order_by("pk").values()) == before
    assert first.dismissed_at is None


def test_what_is_put_right_is_no_longer_found() -> None:
    finding = contradiction()
    Product.objects.update(colour="Red")
    quality_check()
    assert not QualityFinding.objects.filter(pk=finding.pk).exists()


def test_what_was_dismissed_stays_so_until_its_facts_change(admin_user: User) -> None:
    finding = contradiction()
    quality_finding_dismiss(finding=finding, user=admin_user)
    assert quality_check() == {}
    Product.objects.update(colour="Green")
    assert quality_check() == {Kind.CONTRADICTION: 1}
    finding.refresh_from_db()
    assert (finding.dismissed_at, finding.dismissed_by) == (None, None)


def test_a_dismissal_can_be_taken_back(admin_user: User) -> None:
    finding = contradiction()
    quality_finding_dismiss(finding=finding, user=admin_user)
    quality_finding_restore(finding=finding)
    assert quality_check() == {Kind.CONTRADICTION: 1}


def test_a_product_that_a_person_fixed_loses_its_finding_at_once(
    queued: list[tuple[str, Any]], django_capture_on_commit_callbacks: Any
) -> None:
    finding = contradiction()
    finding.product.colour = "Red"
    with django_capture_on_commit_callbacks(execute=True):
        product_save(product=finding.product)
    name, argument = queued[-1]
    getattr(tasks, name)(argument)
    assert not QualityFinding.objects.exists()


def test_products_that_are_one_after_all_lose_their_finding_at_once(draw: Draw) -> None:
    for title in ("Shirt", "Trousers"):
        product_image_create(product=make_product(embedded=False, title=title), data=draw())
    quality_check()
    Product.objects.update(title="Shirt")
    quality_recheck(product_ids=[Product.objects.earliest("pk").pk])
    assert not QualityFinding.objects.filter(kind=Kind.DUPLICATE).exists()


def test_a_check_of_many_products_takes_few_queries(django_assert_max_num_queries: Any) -> None:
    for _ in range(40):
        make_good(slot="")
    with django_assert_max_num_queries(25):
        quality_check()
    assert QualityFinding.objects.count() == 80


def test_two_checks_at_once_are_one() -> None:
    assert progress.start()
    assert quality_check() is None
    progress.give_up()
    assert quality_check() is not None


def test_a_check_that_fails_does_not_block_the_next() -> None:
    with (
        patch("catalog.services.quality.read_fingerprints", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        quality_check()
    assert quality_check() is not None


def test_a_check_is_queued_once(
    queued: list[tuple[str, Any]], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert quality_check_start()
        assert not quality_check_start()
    assert queued == [("check_quality", None)]


def test_the_command_counts_findings_as_json() -> None:
    make_product(embedded=False)
    out = StringIO()
    call_command("check_quality", "--json", stdout=out)
    assert json.loads(out.getvalue())["no-picture"] == 1


def test_the_command_says_that_another_check_runs() -> None:
    progress.start()
    with pytest.raises(CommandError, match="Another check is running"):
        call_command("check_quality")


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


def test_the_menu_counts_what_waits(admin: Client) -> None:
    contradiction()
    assert "fact_check" in admin.get(reverse("admin:index")).content.decode()
