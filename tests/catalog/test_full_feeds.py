"""Full feeds: what they no longer list is unpublished, and comes back when they do."""

from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from catalog.models import FeedImport, FeedSource, Product
from catalog.services import (
    feed_import_cancel,
    feed_import_check,
    feed_import_confirm,
    feed_import_create,
    feed_import_resume,
    feed_import_run,
    feed_import_start,
    feed_source_get,
    products_publish,
    products_upsert,
)
from catalog.services.full_feeds import products_delist

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed() -> FeedSource:
    return feed_source_get(name="shop", is_full=True)


def write(*skus: str, column: str = "", value: str = "") -> str:
    head = f"sku,title,{column}" if column else "sku,title"
    tail = f",{value}" if column else ""
    return f"{head}\n" + "".join(f"{sku},Thing {sku}{tail}\n" for sku in skus)


def numbered(start: int, stop: int) -> list[str]:
    return [f"S{number}" for number in range(start, stop)]


def queue(text: str, feed: FeedSource, is_full: bool = True, **options: Any) -> FeedImport:
    file = ContentFile(text.encode(), name="feed.csv")
    row = feed_import_create(name="feed.csv", file=file, feed=feed, is_full=is_full)
    feed_import_start(feed_import=row, mapping=row.mapping, **options)
    return row


def run(text: str, feed: FeedSource, **options: Any) -> FeedImport:
    row = queue(text, feed, **options)
    feed_import_run(feed_import_id=row.pk)
    row.refresh_from_db()
    return row


def published() -> set[str]:
    return set(Product.objects.filter(published=True).values_list("sku", flat=True))


def test_what_is_no_longer_listed_is_unpublished_and_kept(feed: FeedSource) -> None:
    run(write("A", "B"), feed)
    row = run(write("B"), feed)
    assert (row.status, row.unpublished) == (FeedImport.Status.DONE, 1)
    gone = Product.objects.get(sku="A")
    assert (gone.published, gone.delisted_at is None) == (False, False)


def test_a_feed_of_changes_unpublishes_nothing(feed: FeedSource) -> None:
    run(write("A", "B"), feed)
    run(write("B"), feed, is_full=False)
    assert published() == {"A", "B"}


def test_products_of_another_feed_are_left_alone(feed: FeedSource) -> None:
    run(write("OTHER"), feed_source_get(name="outlet"))
    run(write("A"), feed)
    assert published() == {"OTHER", "A"}


def test_an_unchanged_product_belongs_to_the_feed_that_listed_it_last(feed: FeedSource) -> None:
    run(write("A", "B"), feed_source_get(name="outlet"))
    before = Product.objects.get(sku="A").updated_at
    row = run(write("A"), feed)
    assert row.unchanged == 1
    product = Product.objects.get(sku="A")
    assert (product.feed, product.updated_at) == (feed, before)


def test_a_product_that_comes_back_is_published_again(feed: FeedSource) -> None:
    run(write("A", "B"), feed)
    run(write("B"), feed)
    run(write("A", "B"), feed)
    back = Product.objects.get(sku="A")
    assert (back.published, back.delisted_at) == (True, None)


def test_a_product_that_comes_back_as_unpublished_stays_so(feed: FeedSource) -> None:
    run(write("A", "B"), feed)
    run(write("B"), feed)
    run(write("A", "B", column="published", value="no"), feed)
    back = Product.objects.get(sku="A")
    assert (back.published, back.delisted_at) == (False, None)


def test_what_a_person_unpublished_stays_unpublished(feed: FeedSource) -> None:
    run(write("A", "B"), feed)
    products_publish(products=Product.objects.filter(sku="A"), published=False)
    run(write("B"), feed)
    run(write("A", "B"), feed)
    assert published() == {"B"}


def test_a_person_may_keep_a_delisted_product_unpublished(feed: FeedSource) -> None:
    run(write("A", "B"), feed)
    run(write("B"), feed)
    products_publish(products=Product.objects.filter(sku="A"), published=False)
    run(write("A", "B"), feed)
    assert published() == {"B"}


def test_a_refused_row_still_lists_its_product(feed: FeedSource) -> None:
    run(write("A", "B"), feed)
    row = run("sku,title,price\nA,Thing A,x\nB,Thing B,5\n", feed)
    assert (row.refused, row.unpublished) == (1, 0)
    assert published() == {"A", "B"}


def test_a_file_that_cannot_be_read_to_its_end_unpublishes_nothing(feed: FeedSource) -> None:
    run(write("A", "B"), feed)
    row = run('sku,title\nB,"Changed\n' + "x,y\n" * 60_000, feed)
    assert row.status == FeedImport.Status.FAILED
    assert published() == {"A", "B"}


def test_unpublishing_most_of_a_feed_stops_and_says_what_to_do(feed: FeedSource) -> None:
    run(write(*numbered(0, 40)), feed)
    row = run(write(*numbered(0, 10), "NEW"), feed)
    assert (row.status, row.unpublish_waiting, row.unpublished) == ("failed", 30, 0)
    assert '"Unpublish 30 anyway"' in row.error
    assert len(published()) == 41


def test_after_a_persons_word_the_rest_is_unpublished(feed: FeedSource) -> None:
    run(write(*numbered(0, 40)), feed)
    row = run(write(*numbered(0, 10)), feed)
    assert feed_import_confirm(feed_import=row)
    feed_import_run(feed_import_id=row.pk)
    row.refresh_from_db()
    assert (row.status, row.unpublished, row.processed) == ("done", 30, 10)
    assert published() == set(numbered(0, 10))


def test_resuming_without_a_persons_word_stops_again(feed: FeedSource) -> None:
    run(write(*numbered(0, 40)), feed)
    row = run(write(*numbered(0, 10)), feed)
    feed_import_resume(feed_import=row)
    feed_import_run(feed_import_id=row.pk)
    row.refresh_from_db()
    assert row.unpublish_waiting == 30


def test_a_file_without_a_single_product_never_empties_a_shop(feed: FeedSource) -> None:
    run(write("A", "B"), feed)
    row = run("sku,title\n", feed)
    assert (row.status, row.unpublish_waiting) == ("failed", 2)
    assert published() == {"A", "B"}


@pytest.mark.parametrize(("share", "stops"), [(0.5, True), (0.8, False)])
def test_the_share_is_a_setting(
    feed: FeedSource, settings: Settings, share: float, stops: bool
) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "FEED_MAX_UNPUBLISH_SHARE": share}
    run(write(*numbered(0, 40)), feed)
    assert (run(write(*numbered(0, 10)), feed).status == "failed") is stops


def test_a_few_products_are_unpublished_whatever_their_share(feed: FeedSource) -> None:
    run(write(*numbered(0, 20)), feed)
    assert run(write("S0"), feed).unpublished == 19


def test_a_resumed_run_knows_what_the_rows_before_it_listed(feed: FeedSource) -> None:
    skus = numbered(0, 1200)
    run(write(*skus, "OLD"), feed)
    row = queue(write(*skus), feed)
    calls = iter(range(9))

    def upsert(**kwargs: Any) -> Any:
        if next(calls) == 1:
            feed_import_cancel(feed_import=row)
        return products_upsert(**kwargs)

    with patch("catalog.services.feed_run.products_upsert", side_effect=upsert):
        feed_import_run(feed_import_id=row.pk)
    assert len(published()) == 1201
    feed_import_resume(feed_import=row)
    feed_import_run(feed_import_id=row.pk)
    row.refresh_from_db()
    assert (row.status, row.unpublished) == ("done", 1)
    assert published() == set(skus)


def test_unpublishing_is_stopped_and_gone_on_with(feed: FeedSource) -> None:
    run(write(*numbered(0, 1600)), feed)
    row = queue(write(*numbered(600, 1600)), feed)
    calls = iter(range(9))

    def delist(**kwargs: Any) -> Any:
        if next(calls) == 0:
            feed_import_cancel(feed_import=row)
        return products_delist(**kwargs)

    with patch("catalog.services.feed_run.products_delist", side_effect=delist):
        feed_import_run(feed_import_id=row.pk)
    assert len(published()) == 1100
    feed_import_resume(feed_import=row)
    feed_import_run(feed_import_id=row.pk)
    row.refresh_from_db()
    assert (row.unpublished, len(published())) == (600, 1000)


def page_of(row: FeedImport) -> str:
    return reverse("admin:ensemble_catalog_feedimport_change", args=[row.pk])


def test_the_page_of_a_stopped_full_feed_offers_to_go_on(
    admin_client: Client, feed: FeedSource
) -> None:
    run(write(*numbered(0, 40)), feed)
    row = run(write(*numbered(0, 10)), feed)
    page = admin_client.get(page_of(row)).content.decode()
    assert 'name="unpublish_anyway"' in page
    assert 'name="resume"' not in page
    admin_client.post(page_of(row), {"unpublish_anyway": "1"})
    row.refresh_from_db()
    assert (row.status, row.unpublish_confirmed) == ("queued", 30)


def test_a_dry_run_asks_before_most_of_a_feed_goes(admin_client: Client, feed: FeedSource) -> None:
    run(write(*numbered(0, 40)), feed)
    file = ContentFile(write("S0").encode(), name="feed.csv")
    row = feed_import_create(name="feed.csv", file=file, feed=feed, is_full=True)
    feed_import_check(feed_import=row, mapping=row.mapping)
    page = admin_client.get(page_of(row)).content.decode()
    assert "Import now and unpublish 39" in page
    admin_client.post(page_of(row), {"import_and_unpublish": "1"})
    feed_import_run(feed_import_id=row.pk)
    assert published() == {"S0"}
