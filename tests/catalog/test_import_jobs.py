"""Imports as jobs: queued once, stopped, gone on with, and never two at a time on one feed."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from celery.exceptions import Retry
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from catalog import tasks
from catalog.feeds.base import FeedError
from catalog.models import FeedImport, FeedSource, Product
from catalog.services import (
    ImportHeldError,
    feed_import_cancel,
    feed_import_create,
    feed_import_delete,
    feed_import_resume,
    feed_import_run,
    feed_import_start,
    feed_source_get,
    products_upsert,
)
from catalog.services.import_jobs import HELD_FOR, Hold, can_resume

pytestmark = pytest.mark.django_db

Queued = list[tuple[str, Any]]

FEED = """sku,title,category,gender,colour,price,currency,stock,seasons,occasions,published,images
A1,Oxford shirt,Shirts,Men,White,59.90,EUR,7,spring|summer,work|formal,yes,
A2,Ankle boots,Ankle Boots,Women,Black,129.00,EUR,0,fall,casual,no,
"""


def make_file(text: str) -> "ContentFile[bytes]":
    return ContentFile(text.encode(), name="feed.csv")


def test_an_upload_waits_as_a_draft_with_a_guessed_mapping() -> None:
    row = feed_import_create(name="feed.csv", file=make_file("id,name\nA1,Shirt\n"))
    assert row.status == FeedImport.Status.DRAFT
    assert row.mapping == {"sku": "id", "title": "name"}
    assert feed_import_run(feed_import_id=row.pk) is None


def test_an_unreadable_upload_stores_nothing(media: Path) -> None:
    with pytest.raises(FeedError):
        feed_import_create(name="feed.csv", file=make_file("<html>"))
    assert not FeedImport.objects.exists()
    assert not list(media.rglob("*.csv"))


def test_an_upload_over_the_limit_is_refused(settings: Settings) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "FEED_MAX_BYTES": 1024}
    with pytest.raises(FeedError, match="Send it in parts"):
        feed_import_create(name="feed.csv", file=make_file(FEED * 10))


def test_starting_a_draft_twice_queues_it_once(
    queued: Queued, django_capture_on_commit_callbacks: Any
) -> None:
    row = feed_import_create(name="feed.csv", file=make_file(FEED))
    with django_capture_on_commit_callbacks(execute=True):
        assert feed_import_start(feed_import=row, mapping=row.mapping)
        assert not feed_import_start(feed_import=row, mapping=row.mapping)
    assert queued == [("run_feed_import", row.pk)]


def test_a_mapping_that_does_not_fit_is_refused_at_the_start() -> None:
    row = feed_import_create(name="feed.csv", file=make_file(FEED))
    with pytest.raises(FeedError, match="no column"):
        feed_import_start(feed_import=row, mapping={"sku": "nope", "title": "title"})


def queue_import(text: str = FEED, feed: FeedSource | None = None, **fields: Any) -> FeedImport:
    row = feed_import_create(name="feed.csv", file=make_file(text), feed=feed)
    feed_import_start(feed_import=row, mapping=row.mapping)
    FeedImport.objects.filter(pk=row.pk).update(**fields)
    return row


def test_a_queued_import_is_run_once_however_often_it_is_delivered() -> None:
    row = queue_import()
    tasks.run_feed_import(row.pk)
    with patch("catalog.services.imports.FeedRun", side_effect=AssertionError):
        tasks.run_feed_import(row.pk)
    row.refresh_from_db()
    assert (row.status, row.created, row.percent) == (FeedImport.Status.DONE, 2, 100)


def test_an_import_in_a_living_workers_hands_is_left_to_it() -> None:
    row = queue_import(status=FeedImport.Status.RUNNING, heartbeat_at=timezone.now())
    with pytest.raises(ImportHeldError):
        feed_import_run(feed_import_id=row.pk)


def test_an_import_whose_worker_died_is_taken_over() -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    row = queue_import(status=FeedImport.Status.RUNNING, heartbeat_at=long_ago)
    taken = feed_import_run(feed_import_id=row.pk)
    assert taken
    assert taken.status == FeedImport.Status.DONE


def test_a_file_that_went_away_fails_the_import_with_a_reason() -> None:
    row = queue_import()
    row.file.storage.delete(row.file.name or "")
    failed = feed_import_run(feed_import_id=row.pk)
    assert failed
    assert failed.status == FeedImport.Status.FAILED
    assert failed.error


def test_a_removed_import_leaves_its_products(
    media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    row = queue_import()
    feed_import_run(feed_import_id=row.pk)
    with django_capture_on_commit_callbacks(execute=True):
        feed_import_delete(feed_import=row)
    assert Product.objects.count() == 2
    assert not list(media.rglob("*.csv"))


def many_rows(count: int) -> str:
    """A feed in which every hundredth row is refused."""
    rows = (f"S{n},{f'Shirt {n}' if n % 100 else ''},Shirts\n" for n in range(count))
    return "sku,title,category\n" + "".join(rows)


def stop_after(batches: int, act: Any) -> Any:
    """Call ``act`` once so many batches are stored."""
    calls = iter(range(10_000))

    def upsert(**kwargs: Any) -> Any:
        if next(calls) == batches:
            act()
        return products_upsert(**kwargs)

    return patch("catalog.services.feed_run.products_upsert", side_effect=upsert)


def figures(row: FeedImport) -> tuple[int, ...]:
    row.refresh_from_db()
    return row.processed, row.created, row.updated, row.unchanged, row.refused


def test_a_waiting_import_is_cancelled_at_once() -> None:
    row = queue_import()
    assert feed_import_cancel(feed_import=row)
    assert feed_import_run(feed_import_id=row.pk) is None
    row.refresh_from_db()
    assert row.status == FeedImport.Status.CANCELLED
    assert not Product.objects.exists()


def test_a_running_import_stops_between_batches_and_keeps_what_it_stored() -> None:
    row = queue_import(many_rows(1500))
    with stop_after(1, lambda: feed_import_cancel(feed_import=row)):
        feed_import_run(feed_import_id=row.pk)
    assert figures(row) == (1000, 990, 0, 0, 10)
    assert row.status == FeedImport.Status.CANCELLED
    assert Product.objects.count() == 990


def test_a_finished_import_cannot_be_cancelled() -> None:
    row = queue_import()
    feed_import_run(feed_import_id=row.pk)
    assert not feed_import_cancel(feed_import=row)


def test_a_resumed_import_goes_on_where_it_stopped(
    queued: Queued, django_capture_on_commit_callbacks: Any
) -> None:
    row = queue_import(many_rows(1500))
    with stop_after(1, lambda: feed_import_cancel(feed_import=row)):
        feed_import_run(feed_import_id=row.pk)
    queued.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert feed_import_resume(feed_import=row)
    assert queued == [("run_feed_import", row.pk)]
    with patch(
        "catalog.services.feed_run.products_upsert", side_effect=products_upsert
    ) as upserted:
        feed_import_run(feed_import_id=row.pk)
    assert upserted.call_count == 1
    assert figures(row) == (1500, 1485, 0, 0, 15)
    assert len(row.problems) == 15
    assert row.status == FeedImport.Status.DONE


def test_an_import_that_died_in_a_batch_counts_no_row_twice() -> None:
    row = queue_import(many_rows(1500))
    with (
        patch("catalog.services.feed_run._queue_missing", side_effect=[None, ZeroDivisionError]),
        patch.object(Hold, "end", lambda *args: None),
        pytest.raises(ZeroDivisionError),
    ):
        feed_import_run(feed_import_id=row.pk)
    long_ago = timezone.now() - HELD_FOR - timedelta(seconds=1)
    FeedImport.objects.filter(pk=row.pk).update(heartbeat_at=long_ago)
    assert Product.objects.count() == 990  # the second batch is stored, but not counted through
    assert figures(row)[0] == 500
    feed_import_run(feed_import_id=row.pk)
    assert figures(row) == (1500, 1485, 0, 0, 15)


def test_an_import_that_failed_for_an_outside_reason_is_resumed() -> None:
    row = queue_import(many_rows(1500))
    error = RuntimeError("the disk is full")
    with stop_after(1, _raise(error)), pytest.raises(RuntimeError):
        feed_import_run(feed_import_id=row.pk)
    row.refresh_from_db()
    assert (row.status, row.processed) == (FeedImport.Status.FAILED, 500)
    assert "the disk is full" in row.error
    feed_import_resume(feed_import=row)
    feed_import_run(feed_import_id=row.pk)
    assert figures(row) == (1500, 1485, 0, 0, 15)
    assert row.error == ""


def _raise(error: Exception) -> Any:
    def act() -> None:
        raise error

    return act


def test_a_dead_workers_import_can_be_resumed_and_a_living_ones_cannot() -> None:
    long_ago = timezone.now() - HELD_FOR - timedelta(seconds=1)
    dead = queue_import(status=FeedImport.Status.RUNNING, heartbeat_at=long_ago)
    dead.refresh_from_db()
    assert can_resume(dead)
    assert feed_import_resume(feed_import=dead)
    living = queue_import(status=FeedImport.Status.RUNNING, heartbeat_at=timezone.now())
    living.refresh_from_db()
    assert not can_resume(living)
    assert not feed_import_resume(feed_import=living)


def test_a_worker_that_was_thought_dead_stores_nothing_once_another_took_over() -> None:
    row = queue_import(many_rows(1500))

    def take_over() -> None:
        FeedImport.objects.filter(pk=row.pk).update(heartbeat_at=timezone.now())

    with stop_after(1, take_over):
        feed_import_run(feed_import_id=row.pk)
    row.refresh_from_db()
    assert (row.status, row.processed) == (FeedImport.Status.RUNNING, 500)
    assert Product.objects.count() == 495


def test_an_import_deleted_while_it_runs_stops() -> None:
    row = queue_import(many_rows(1500))
    with stop_after(1, lambda: feed_import_delete(feed_import=row)):
        feed_import_run(feed_import_id=row.pk)
    assert Product.objects.count() == 495


def test_imports_that_a_worker_or_broker_lost_are_queued_again(
    queued: Queued, django_capture_on_commit_callbacks: Any
) -> None:
    long_ago = timezone.now() - HELD_FOR - timedelta(seconds=1)
    dead = queue_import(status=FeedImport.Status.RUNNING, heartbeat_at=long_ago)
    unchecked = queue_import(status=FeedImport.Status.CHECKING, heartbeat_at=long_ago)
    forgotten = queue_import()
    FeedImport.objects.filter(pk=forgotten.pk).update(created_at=long_ago)
    queue_import(status=FeedImport.Status.RUNNING, heartbeat_at=timezone.now())
    queue_import()
    queue_import(status=FeedImport.Status.DONE, heartbeat_at=long_ago)
    queued.clear()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.feed_imports_wake()
    assert queued == [
        ("run_feed_import", dead.pk),
        ("run_feed_import", forgotten.pk),
        ("run_feed_check", unchecked.pk),
    ]


def test_a_second_import_of_a_feed_waits_and_another_feed_does_not() -> None:
    shop, outlet = feed_source_get(name="shop"), feed_source_get(name="outlet")
    now = timezone.now()
    queue_import(feed=shop, status=FeedImport.Status.RUNNING, heartbeat_at=now)
    second, other = queue_import(feed=shop), queue_import(feed=outlet)
    with pytest.raises(ImportHeldError, match="same feed"):
        feed_import_run(feed_import_id=second.pk)
    assert feed_import_run(feed_import_id=other.pk)
    second.refresh_from_db()
    assert second.status == FeedImport.Status.QUEUED


def test_the_task_of_a_waiting_import_comes_back_later() -> None:
    shop = feed_source_get(name="shop")
    now = timezone.now()
    queue_import(feed=shop, status=FeedImport.Status.RUNNING, heartbeat_at=now)
    second = queue_import(feed=shop)
    with (
        patch.object(tasks.run_feed_import, "retry", side_effect=Retry) as retry,
        pytest.raises(Retry),
    ):
        tasks.run_feed_import(second.pk)
    assert retry.call_args.kwargs["countdown"] <= 60


def test_the_end_of_an_import_queues_the_one_that_waits_for_its_feed(
    queued: Queued, django_capture_on_commit_callbacks: Any
) -> None:
    shop = feed_source_get(name="shop")
    first, second = queue_import(feed=shop), queue_import(feed=shop)
    queued.clear()
    with django_capture_on_commit_callbacks(execute=True):
        feed_import_run(feed_import_id=first.pk)
    assert ("run_feed_import", second.pk) in queued


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_feed_never_interleave() -> None:
    shop = feed_source_get(name="shop")
    rows = [queue_import(many_rows(60), feed=shop) for _ in range(2)]
    both_ready, first_is_in = threading.Barrier(2), threading.Event()
    inside: list[int] = []
    outcomes: list[str] = []

    def upsert(**kwargs: Any) -> Any:
        inside.append(threading.get_ident())
        first_is_in.wait(timeout=10)
        return products_upsert(**kwargs)

    def work(pk: int) -> None:
        both_ready.wait()
        try:
            feed_import_run(feed_import_id=pk)
            outcomes.append("ran")
        except ImportHeldError:
            outcomes.append("held")
            first_is_in.set()
        finally:
            connection.close()

    with patch("catalog.services.feed_run.products_upsert", side_effect=upsert):
        threads = [threading.Thread(target=work, args=[row.pk]) for row in rows]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
    assert outcomes == ["held", "ran"]
    assert len(set(inside)) == 1
    statuses = {FeedImport.objects.get(pk=row.pk).status for row in rows}
    assert statuses == {FeedImport.Status.DONE, FeedImport.Status.QUEUED}
