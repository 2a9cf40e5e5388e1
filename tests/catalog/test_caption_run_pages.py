"""The pages of a caption run: estimate, start, progress, and who may steer it."""

from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from catalog.models import CaptionRun, Product
from catalog.services import (
    caption_run_start,
)
from tests.catalog.caption_runs import Status, step
from tests.catalog.caption_runs import products as products

pytestmark = pytest.mark.django_db

Queued = list[tuple[str, Any]]


@pytest.fixture(autouse=True)
def _small_chunks() -> Any:
    with patch("catalog.services.caption_runs.CHUNK", 2):
        yield


def url(page: str, *args: Any) -> str:
    return reverse(f"admin:ensemble_catalog_captionrun_{page}", args=args)


def sign_in(*permissions: str) -> Client:
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def test_the_start_page_shows_the_estimate_and_starts_a_run(
    admin_client: Client, products: list[Product]
) -> None:
    assert "fake-captioner" in admin_client.get(url("add")).content.decode()
    admin_client.post(url("add"), {"start": "1"})
    run = CaptionRun.objects.get()
    assert run.started_by
    assert run.started_by.username == "admin"


def test_measuring_is_left_to_a_worker(
    admin_client: Client, queued: Queued, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = admin_client.post(url("add"), {"measure": "1"})
    assert queued == [("caption_measure", None)]
    page = admin_client.get(response["Location"])
    assert page["Refresh"] == "2"


def test_a_runs_page_shows_progress_and_its_buttons_work(
    admin_client: Client, products: list[Product]
) -> None:
    run = step(caption_run_start())
    page = admin_client.get(url("change", run.pk))
    assert "2 of 5 pictures" in page.content.decode()
    assert page["Refresh"] == "2"
    for action, status in [
        ("pause", Status.PAUSED),
        ("resume", Status.QUEUED),
        ("cancel", Status.CANCELLED),
    ]:
        admin_client.post(url("change", run.pk), {"action": action})
        run.refresh_from_db()
        assert run.status == status


def test_a_second_start_is_refused_with_a_message(
    admin_client: Client, products: list[Product]
) -> None:
    caption_run_start()
    page = admin_client.post(url("add"), {"start": "1"}, follow=True).content.decode()
    assert "A caption run is open already" in page


@pytest.mark.parametrize(
    ("permissions", "page", "allowed"),
    [
        (("view_captionrun",), "add", False),
        (("add_captionrun",), "add", True),
        (("view_captionrun",), "change", False),
        (("change_captionrun",), "change", True),
    ],
)
def test_starting_and_steering_ask_for_their_rights(
    permissions: tuple[str, ...], page: str, allowed: bool
) -> None:
    run = caption_run_start()
    args = [run.pk] if page == "change" else []
    response = sign_in(*permissions).post(url(page, *args), {"action": "pause", "start": "1"})
    assert response.status_code == (302 if allowed else 403)
