"""Pushing a feed over REST: who may, what is taken, and that the same file does nothing twice."""

import base64
import hashlib
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings
from rest_framework.exceptions import ValidationError
from rest_framework.throttling import ScopedRateThrottle

from catalog.models import FeedImport, FeedSource, Product
from catalog.receiving import receive_body
from catalog.services import (
    feed_import_run,
    feed_source_delete,
    feed_source_get,
    feed_token_create,
    feed_token_delete,
)

pytestmark = pytest.mark.django_db

Queued = list[tuple[str, Any]]

FEED = b"sku,title,category\nA1,Shirt,Shirts\nA2,,Boots\n"
URL = "/api/v1/feeds/shop/"


@pytest.fixture(autouse=True)
def _no_throttle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"feeds": None})


@pytest.fixture
def feed() -> FeedSource:
    return feed_source_get(name="shop")


@pytest.fixture
def token(feed: FeedSource) -> str:
    return feed_token_create(feed=feed)


def push(client: Client, token: str, body: bytes = FEED, url: str = URL, digest: str = "") -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    if digest:
        headers["Content-Digest"] = f"sha-256=:{digest}:"
    return client.put(url, body, content_type="text/csv", headers=headers)


def get(client: Client, token: str, url: str, **headers: str) -> Any:
    return client.get(url, headers={"Authorization": f"Bearer {token}", **headers})


def test_a_pushed_feed_is_imported_and_its_address_tells_how_it_went(
    client: Client,
    token: str,
    queued: Queued,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = push(client, token)
    row = FeedImport.objects.get()
    assert (response.status_code, response.json()["status"]) == (202, "accepted")
    assert queued == [("run_feed_import", row.pk)]
    feed_import_run(feed_import_id=row.pk)
    told = get(client, token, response["Location"]).json()
    assert (told["status"], told["created"], told["refused"]) == ("done", 1, 1)
    assert told["problems"] == [{"line": 3, "sku": "A2", "reason": "has no title"}]
    assert told["next"] is None
    assert Product.objects.get().feed == row.feed


def test_the_same_file_again_does_nothing(client: Client, token: str) -> None:
    push(client, token)
    feed_import_run(feed_import_id=FeedImport.objects.get().pk)
    response = push(client, token)
    assert (response.status_code, response.json()["status"]) == (200, "unchanged")
    assert FeedImport.objects.count() == 1
    assert response["ETag"] == f'"{hashlib.sha256(FEED).hexdigest()}"'


def test_the_same_file_while_it_is_imported_is_the_same_import(client: Client, token: str) -> None:
    first, second = push(client, token), push(client, token)
    assert (second.status_code, second["Location"]) == (202, first["Location"])
    assert FeedImport.objects.count() == 1


def test_another_file_is_another_import(client: Client, token: str) -> None:
    push(client, token)
    feed_import_run(feed_import_id=FeedImport.objects.get().pk)
    assert push(client, token, FEED + b"A3,Tote,Bags\n").status_code == 202


def test_a_file_whose_import_failed_is_taken_again(client: Client, token: str) -> None:
    push(client, token)
    FeedImport.objects.update(status=FeedImport.Status.FAILED)
    assert push(client, token).status_code == 202


def test_the_columns_chosen_before_are_used(client: Client, feed: FeedSource, token: str) -> None:
    feed.mapping = {"sku": "nr", "title": "what"}
    feed.save()
    push(client, token, b"nr,what,name\nA1,Shirt,Not this\n")
    feed_import_run(feed_import_id=FeedImport.objects.get().pk)
    assert Product.objects.get().title == "Shirt"


def test_a_full_feed_is_full_when_it_is_pushed(
    client: Client, feed: FeedSource, token: str
) -> None:
    feed.is_full = True
    feed.save()
    push(client, token)
    assert FeedImport.objects.get().is_full


@pytest.mark.parametrize(
    ("header", "advice"),
    [
        ("", "No token was sent"),
        ("Bearer", "No token was sent"),
        ("Basic YTpi", "No token was sent"),
        ("Bearer wrong", "not valid for the feed"),
        ("Bearer w\u00f6rong", "not valid for the feed"),
    ],
)
def test_without_the_right_token_nothing_is_taken(
    client: Client, token: str, header: str, advice: str
) -> None:
    response = client.put(URL, FEED, content_type="text/csv", HTTP_AUTHORIZATION=header)
    assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Bearer realm="feeds"')
    assert advice in response.json()["detail"]
    assert not FeedImport.objects.exists()


def test_a_token_is_good_for_its_own_feed_only(client: Client, token: str) -> None:
    other = feed_source_get(name="outlet")
    feed_token_create(feed=other)
    assert push(client, token, url="/api/v1/feeds/outlet/").status_code == 401
    assert push(client, token, url="/api/v1/feeds/unknown/").status_code == 401


def test_a_feed_without_a_token_takes_nothing(client: Client, feed: FeedSource) -> None:
    assert push(client, "").status_code == 401


def test_a_replaced_or_removed_token_is_refused(
    client: Client, feed: FeedSource, token: str
) -> None:
    new = feed_token_create(feed=feed)
    assert (push(client, token).status_code, push(client, new).status_code) == (401, 202)
    feed_token_delete(feed=feed)
    assert push(client, new).status_code == 401


def test_only_the_hash_of_a_token_is_stored(feed: FeedSource, token: str) -> None:
    feed.refresh_from_db()
    assert feed.token_hash == hashlib.sha256(token.encode()).hexdigest()


def test_a_signed_in_administrator_is_no_token(admin_client: Client, feed: FeedSource) -> None:
    assert admin_client.put(URL, FEED, content_type="text/csv").status_code == 401


@pytest.mark.parametrize("method", ["post", "patch", "delete"])
def test_another_method_is_not_allowed(client: Client, token: str, method: str) -> None:
    response = getattr(client, method)(URL, headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 405


def test_a_file_over_the_limit_is_refused_unread(
    client: Client, token: str, settings: Settings
) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "FEED_MAX_BYTES": 1024}
    response = push(client, token, FEED * 100)
    assert response.status_code == 413
    assert "up to 1024 are taken" in response.json()["detail"]
    assert not FeedImport.objects.exists()


@pytest.mark.parametrize(
    ("body", "advice"),
    [
        (b"15612,Men,Shirts\n", "line of column names above it"),
        (b"first,second\na,b\n", "without it no product"),
    ],
)
def test_a_body_that_is_no_feed_is_refused_and_leaves_nothing(
    client: Client, token: str, body: bytes, advice: str
) -> None:
    response = push(client, token, body)
    assert response.status_code == 400
    assert advice in response.json()["detail"]
    assert not FeedImport.objects.exists()


def test_a_body_without_a_length_is_told_to_have_one(client: Client, token: str) -> None:
    response = client.put(
        URL, FEED, CONTENT_LENGTH="", headers={"Authorization": f"Bearer {token}"}
    )
    assert response.status_code == 411
    assert "--data-binary" in response.json()["detail"]


def test_an_empty_body_is_refused(client: Client, token: str) -> None:
    response = client.put(
        URL, b"", CONTENT_LENGTH="0", headers={"Authorization": f"Bearer {token}"}
    )
    assert response.status_code == 400
    assert "body is empty" in response.json()["detail"]


def test_a_body_cut_short_is_refused() -> None:
    request = RequestFactory().put(URL, FEED)
    request.META["CONTENT_LENGTH"] = "9999"
    request._stream = BytesIO(FEED)
    with pytest.raises(ValidationError, match=f"Only {len(FEED)} of 9999 bytes arrived"):
        receive_body(request, "shop")


def test_a_digest_must_fit_the_body(client: Client, token: str) -> None:
    good = base64.b64encode(hashlib.sha256(FEED).digest()).decode()
    bad = base64.b64encode(hashlib.sha256(b"other").digest()).decode()
    assert push(client, token, digest=bad).status_code == 400
    assert push(client, token, digest="x").status_code == 400
    assert push(client, token, digest=good).status_code == 202


def test_a_job_can_ask_what_was_imported_last(client: Client, token: str) -> None:
    push(client, token)
    feed_import_run(feed_import_id=FeedImport.objects.get().pk)
    response = get(client, token, URL)
    assert response.json()["checksum"] == hashlib.sha256(FEED).hexdigest()
    assert response.json()["last_import"]["status"] == "done"
    again = get(client, token, URL, **{"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_problems_come_a_hundred_at_a_time(client: Client, token: str) -> None:
    body = b"sku,title\n" + b"".join(b"S%d,\n" % n for n in range(150))
    location = push(client, token, body)["Location"]
    feed_import_run(feed_import_id=FeedImport.objects.get().pk)
    first = get(client, token, location).json()
    second = get(client, token, first["next"]).json()
    assert (len(first["problems"]), len(second["problems"])) == (100, 50)
    assert second["next"] is None
    assert get(client, token, f"{location}?page=0").status_code == 400


def test_the_import_of_another_feed_is_not_shown(client: Client, token: str) -> None:
    other = FeedImport.objects.create(name="x", feed=feed_source_get(name="outlet"))
    response = get(client, token, f"{URL}imports/{other.pk}/")
    assert response.status_code == 404
    assert "has no import" in response.json()["detail"]


def test_a_job_that_asks_too_often_is_told_to_wait(
    client: Client, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"feeds": "1/min"})
    get(client, token, URL)
    response = get(client, token, URL)
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


def test_the_documentation_names_the_push_and_its_token(client: Client) -> None:
    text = client.get("/api/schema/").content.decode()
    assert "feed_push" in text
    assert "feedToken" in text
    assert "/api/v1/feeds/{name}/imports/{import_id}/" in text


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:ensemble_catalog_feedsource_{name}", args=args)


def test_the_admin_shows_a_new_token_once(admin_client: Client, feed: FeedSource) -> None:
    address = page("token", feed.pk)
    assert "Make a token" in admin_client.get(address).content.decode()
    response = admin_client.post(address, {"create": "1"})
    feed.refresh_from_db()
    assert feed.token_hash
    assert 'id="token"' in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert 'id="token"' not in admin_client.get(address).content.decode()


def test_looking_at_the_token_page_makes_no_token(admin_client: Client, feed: FeedSource) -> None:
    admin_client.get(page("token", feed.pk))
    admin_client.get(page("push_token", feed.pk))
    feed.refresh_from_db()
    assert not feed.token_hash


def test_staff_who_may_only_look_cannot_make_a_token(feed: FeedSource) -> None:
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_feedsource"))
    client = Client()
    client.force_login(user)
    assert client.get(page("changelist")).status_code == 200
    assert client.post(page("token", feed.pk), {"create": "1"}).status_code == 403
    feed.refresh_from_db()
    assert not feed.token_hash


def test_the_feed_pages_render(admin_client: Client, client: Client, token: str) -> None:
    push(client, token)
    assert "shop" in admin_client.get(page("changelist")).content.decode()
    shown = admin_client.get(page("change", FeedSource.objects.get().pk)).content.decode()
    assert "PUT /api/v1/feeds/shop/" in shown


def test_a_feed_that_a_person_edited_is_read_anew(
    admin_client: Client, client: Client, token: str
) -> None:
    push(client, token)
    feed_import_run(feed_import_id=FeedImport.objects.get().pk)
    feed = FeedSource.objects.get()
    admin_client.post(page("change", feed.pk), {"name": "shop", "is_full": "on"})
    assert push(client, token).status_code == 202


def test_a_deleted_feed_leaves_its_products(client: Client, token: str) -> None:
    push(client, token)
    feed_import_run(feed_import_id=FeedImport.objects.get().pk)
    feed_source_delete(feed=FeedSource.objects.get())
    assert Product.objects.get().feed is None
    assert not FeedImport.objects.exists()
