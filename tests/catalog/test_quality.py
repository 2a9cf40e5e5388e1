"""Data quality: what is found, and how it goes."""

import json
from collections.abc import Callable
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import CommandError, call_command

from catalog import tasks
from catalog.models import PERSON, Product, QualityFinding, RemotePicture
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
from tests.catalog.findings import Kind, contradiction, finding_of, kinds_of, make_good, seen
from tests.factories import make_product

pytestmark = pytest.mark.django_db

Draw = Callable[..., bytes]
PAGE = "admin:ensemble_catalog_qualityfinding_changelist"


@pytest.fixture(autouse=True)
def _no_check_under_way() -> None:
    cache.clear()


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
    with django_capture_on_commit_callbacks(execute=True):
        tasks.embed_product(queued[-1][1])
    assert queued[-1] == ("recheck_products", [finding.product_id])
    tasks.recheck_products(queued[-1][1])
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
