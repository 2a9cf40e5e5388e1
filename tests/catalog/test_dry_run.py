"""Dry runs: what an import would do, row by row, with nothing stored in the catalog."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog import tasks
from catalog.feeds.base import FeedError
from catalog.models import FeedImport, FeedSource, PlannedChange, Product
from catalog.services import (
    ImportHeldError,
    feed_import_cancel,
    feed_import_check,
    feed_import_check_run,
    feed_import_create,
    feed_import_delete,
    feed_import_run,
    feed_import_start,
    feed_source_get,
    product_image_create,
)
from config.celery import app
from tests.factories import make_product

pytestmark = pytest.mark.django_db

Queued = list[tuple[str, Any]]
Draw = Callable[..., bytes]

FEED = "sku,title,category,price\nA1,Linen shirt,Shirts,20\nA2,Boots,Boots,30\nA3,,Hats,5\n"


def upload(text: str = FEED, **options: Any) -> FeedImport:
    return feed_import_create(
        name="feed.csv", file=ContentFile(text.encode(), name="feed.csv"), **options
    )


def check(row: FeedImport) -> FeedImport:
    assert feed_import_check(feed_import=row, mapping=row.mapping)
    row.refresh_from_db()
    return row


def url(page: str, *args: Any) -> str:
    return reverse(f"admin:ensemble_catalog_feedimport_{page}", args=args)


def sign_in(*permissions: str) -> Client:
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def actions(row: FeedImport) -> list[tuple[str, str]]:
    return list(row.plan.values_list("sku", "action"))


def test_it_says_of_every_row_what_would_happen() -> None:
    make_product(sku="A1", title="Linen shirt", category="Shirts", price="20.00", embedded=False)
    make_product(sku="A2", title="Boots", category="Boots", price="25.00", embedded=False)
    row = check(upload(FEED + "A4,Tote,Bags,9\n"))
    assert actions(row) == [
        ("A1", "unchanged"),
        ("A2", "update"),
        ("A3", "refuse"),
        ("A4", "create"),
    ]
    assert (row.created, row.updated, row.unchanged, row.refused) == (1, 1, 1, 1)
    assert row.status == FeedImport.Status.CHECKED


def test_a_changed_field_is_shown_before_and_after() -> None:
    make_product(sku="A1", title="Linen shirt", category="Shirts", price="25.00", embedded=False)
    row = check(upload())
    assert row.plan.get(sku="A1").changes == {"price": ["25.00", "20.00"]}


def test_a_refused_row_says_why() -> None:
    assert check(upload()).plan.get(action="refuse").reason == "has no title"


def test_nothing_is_stored_in_the_catalog() -> None:
    make_product(sku="A1", embedded=False)
    before = list(Product.objects.values())
    check(upload())
    assert list(Product.objects.values()) == before


def test_products_that_a_full_feed_no_longer_lists_come_last() -> None:
    feed = feed_source_get(name="shop")
    make_product(sku="OLD", feed=feed, embedded=False)
    make_product(sku="HIDDEN", feed=feed, published=False, embedded=False)
    make_product(sku="ELSEWHERE", embedded=False)
    row = check(upload(feed=feed, is_full=True))
    assert actions(row)[-1] == ("OLD", "unpublish")
    assert row.unpublished == 1


def test_what_it_says_is_what_importing_does() -> None:
    make_product(sku="A1", title="Linen shirt", category="Shirts", price="25.00", embedded=False)
    feed = feed_source_get(name="shop")
    make_product(sku="OLD", feed=feed, embedded=False)
    row = check(upload(feed=feed, is_full=True))
    planned = (row.created, row.updated, row.unchanged, row.unpublished, row.refused)
    feed_import_start(feed_import=row, mapping=row.mapping)
    done = feed_import_run(feed_import_id=row.pk)
    assert done
    assert planned == (1, 1, 0, 1, 1)
    assert (done.created, done.updated, done.unchanged, done.unpublished, done.refused) == planned


def test_a_large_file_is_checked_by_a_worker(
    queued: Queued, django_capture_on_commit_callbacks: Any
) -> None:
    row = upload()
    with (
        patch("catalog.services.imports.CHECK_AT_ONCE_BYTES", 0),
        django_capture_on_commit_callbacks(execute=True),
    ):
        check(row)
    assert queued == [("run_feed_check", row.pk)]
    assert row.status == FeedImport.Status.CHECKING
    tasks.run_feed_check(row.pk)
    row.refresh_from_db()
    assert (row.status, row.processed, row.total) == (FeedImport.Status.CHECKED, 3, 3)


def begin(row: FeedImport, **fields: Any) -> FeedImport:
    """A dry run that waits for a worker."""
    with patch("catalog.services.imports.CHECK_AT_ONCE_BYTES", 0):
        check(row)
    FeedImport.objects.filter(pk=row.pk).update(**fields)
    return row


def test_a_dry_run_delivered_twice_is_done_once() -> None:
    row = begin(upload())
    tasks.run_feed_check(row.pk)
    tasks.run_feed_check(row.pk)
    assert row.plan.count() == 3


def test_a_dry_run_in_a_living_workers_hands_is_left_to_it() -> None:
    row = begin(upload(), heartbeat_at=timezone.now())
    with pytest.raises(ImportHeldError):
        feed_import_check_run(feed_import_id=row.pk)


def test_a_dry_run_whose_worker_died_begins_again() -> None:
    row = begin(upload(), heartbeat_at=timezone.now() - timedelta(hours=1), processed=0)
    PlannedChange.objects.create(feed_import=row, sku="HALF", action="create")
    feed_import_check_run(feed_import_id=row.pk)
    assert row.plan.count() == 3


def test_a_cancelled_dry_run_goes_back_to_the_columns() -> None:
    row = begin(upload(), cancel_requested=True)
    feed_import_check_run(feed_import_id=row.pk)
    row.refresh_from_db()
    assert (row.status, row.plan.count()) == (FeedImport.Status.DRAFT, 0)
    waiting = begin(upload())
    assert feed_import_cancel(feed_import=waiting)
    waiting.refresh_from_db()
    assert waiting.status == FeedImport.Status.DRAFT


def test_the_plan_goes_when_the_import_starts_or_is_deleted() -> None:
    started, deleted = check(upload()), check(upload())
    feed_import_start(feed_import=started, mapping=started.mapping)
    feed_import_delete(feed_import=deleted)
    assert not PlannedChange.objects.exists()


def test_a_file_that_cannot_be_read_to_its_end_leads_back_to_the_columns_and_says_why() -> None:
    row = begin(upload('sku,title\nA1,"Shirt\n' + "x,y\n" * 60_000))
    feed_import_check_run(feed_import_id=row.pk)
    row.refresh_from_db()
    assert (row.status, row.plan.count()) == (FeedImport.Status.DRAFT, 0)
    assert "quote that is opened" in row.error


def test_an_import_that_began_is_not_checked_any_more() -> None:
    row = upload()
    feed_import_start(feed_import=row, mapping=row.mapping)
    assert not feed_import_check(feed_import=row, mapping=row.mapping)


def test_a_mapping_that_does_not_fit_is_refused_before_the_dry_run() -> None:
    row = upload()
    with pytest.raises(FeedError, match="no column"):
        feed_import_check(feed_import=row, mapping={"sku": "nope", "title": "title"})


def test_thousands_of_rows_take_few_queries(django_assert_max_num_queries: Any) -> None:
    lines = "".join(f"S{n},Shirt {n},Shirts,{n % 90 + 1}.00\n" for n in range(3000))
    row = upload("sku,title,category,price\n" + lines)
    with django_assert_max_num_queries(60):
        check(row)
    assert row.plan.count() == 3000


@pytest.fixture
def checked(draw: Draw) -> FeedImport:
    product = make_product(sku="A1", title="Linen shirt", category="Shirts", price="25.00")
    product_image_create(product=product, data=draw())
    return check(upload())


def test_uploading_and_checking_leads_to_the_plan(admin_client: Client) -> None:
    file = SimpleUploadedFile("Spring shop.csv", FEED.encode())
    admin_client.post(url("add"), {"file": file, "is_full": "on"})
    row = FeedImport.objects.get()
    assert row.feed == FeedSource.objects.get(name="spring-shop", is_full=True)
    form = {"sku": "sku", "title": "title", "check": "1"}
    page = admin_client.post(url("change", row.pk), form, follow=True).content.decode()
    assert "3 of 3: what importing Spring shop.csv would do" in page


def test_the_plan_shows_changes_reasons_and_pictures(
    admin_client: Client, checked: FeedImport
) -> None:
    page = admin_client.get(url("change", checked.pk)).content.decode()
    assert re.search(r"price: <del[^>]*>25.00</del> &rarr; <strong>20.00</strong>", page)
    assert "has no title" in page
    assert 'alt="Linen shirt"' in page


def test_the_plan_is_filtered_by_tab(admin_client: Client, checked: FeedImport) -> None:
    address = url("change", checked.pk)
    page = admin_client.get(address, {"action": "create"}).content.decode()
    assert ("Boots" in page, "Linen shirt" in page) == (True, False)
    assert re.search(r"Refused\s*<strong>1</strong>", page)


def test_the_plan_comes_in_pages_with_a_few_queries(
    admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    lines = "".join(f"S{n},Shirt {n},Shirts,5\n" for n in range(120))
    row = check(upload("sku,title,category,price\n" + lines))
    with django_assert_max_num_queries(12):
        page = admin_client.get(url("change", row.pk), {"page": 3}).content.decode()
    assert "Page 3 of 3" in page
    assert "Shirt 119" in page


def test_catalog_text_on_the_plan_is_not_markup(admin_client: Client) -> None:
    row = check(upload("sku,title,category\nA1,<script>x</script>,<b>Shirts</b>\n"))
    page = admin_client.get(url("change", row.pk)).content.decode()
    assert "<script>x" not in page
    assert "<b>Shirts" not in page


def test_import_now_starts_the_import(
    admin_client: Client,
    checked: FeedImport,
    queued: Queued,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(url("change", checked.pk), {"import": "1"})
    checked.refresh_from_db()
    assert (checked.status, checked.created) == (FeedImport.Status.QUEUED, 0)
    assert ("run_feed_import", checked.pk) in queued


def test_the_columns_can_be_chosen_again(admin_client: Client, checked: FeedImport) -> None:
    page = admin_client.post(url("change", checked.pk), {"edit": "1"}, follow=True)
    assert "2 of 3" in page.content.decode()


def test_a_running_dry_run_shows_its_progress_and_can_be_stopped(admin_client: Client) -> None:
    row = begin(upload(), total=3, processed=1)
    response = admin_client.get(url("change", row.pk))
    assert response["Refresh"]
    assert 'aria-valuenow="33"' in response.content.decode()
    admin_client.post(url("change", row.pk), {"cancel": "1"})
    row.refresh_from_db()
    assert row.status == FeedImport.Status.DRAFT


@pytest.mark.parametrize("button", ["import", "edit", "cancel", "resume", "unpublish_anyway"])
def test_staff_who_may_only_look_can_do_nothing(checked: FeedImport, button: str) -> None:
    client = sign_in("view_feedimport")
    assert client.get(url("change", checked.pk)).status_code == 200
    assert client.post(url("change", checked.pk), {button: "1"}).status_code == 403
    checked.refresh_from_db()
    assert checked.status == FeedImport.Status.CHECKED


def test_staff_who_may_only_look_see_no_buttons(checked: FeedImport) -> None:
    page = sign_in("view_feedimport").get(url("change", checked.pk)).content.decode()
    assert "Import now" not in page


def test_dry_runs_wait_in_the_queue_of_imports() -> None:
    assert app.amqp.router.route({}, tasks.run_feed_check.name)["queue"].name == "import"
