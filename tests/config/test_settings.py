import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import RequestFactory
from pytest_django import Settings
from rest_framework.request import Request
from rest_framework.throttling import ScopedRateThrottle

from config.celery import app
from config.demo_processes import QUEUE_GROUPS

ROOT = Path(__file__).parents[2]
QUEUES = {
    "catalog.tasks.caption_image": "caption",
    "catalog.tasks.caption_images": "caption",
    "catalog.tasks.embed_products": "embed",
    "catalog.tasks.recheck_products": "import",
    "catalog.tasks.run_feed_import": "import",
    "outfits.tasks.build_look": "look",
    "outfits.tasks.build_wished_look": "wish",
    "outfits.tasks.measure_influence": "look",
    "outfits.tasks.understand_photo": "caption",
    "training.tasks.run_training": "train",
}


@pytest.mark.parametrize(("task", "queue"), QUEUES.items())
def test_every_kind_of_work_has_its_queue(task: str, queue: str) -> None:
    assert app.amqp.router.route({}, task)["queue"].name == queue


def test_every_queue_has_a_worker_in_the_demo() -> None:
    served = {queue for group in QUEUE_GROUPS.values() for queue in group.split(",")}
    assert {*QUEUES.values(), app.conf.task_default_queue} <= served


def test_every_scheduled_task_exists() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= app.tasks.keys()


def test_production_without_a_secret_key_does_not_start_and_says_how_to_make_one() -> None:
    environment = {**os.environ, "DATABASE_URL": "postgresql:///x", "SECRET_KEY": ""}
    environment.pop("ENSEMBLE_EMBEDDED_DATABASE", None)
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=environment | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "secrets.token_urlsafe" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("debug", ["true", "false"])
def test_the_demo_login_exists_only_while_debug_is_on(debug: str) -> None:
    code = "import django; django.setup(); from django.conf import settings as s; " + (
        "print(any('demo' in backend for backend in s.AUTHENTICATION_BACKENDS))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "DEBUG": debug, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(debug == "true")


@pytest.mark.parametrize(("proxies", "counted"), [(0, "10.0.0.9"), (1, "203.0.113.7")])
def test_no_visitor_says_which_address_limits_count_by(
    proxies: int, counted: str, settings: Settings
) -> None:
    assert settings.REST_FRAMEWORK["NUM_PROXIES"] == 0
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": proxies}
    request = RequestFactory().get(
        "/", REMOTE_ADDR="10.0.0.9", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.7"}
    )
    assert ScopedRateThrottle().get_ident(Request(request)) == counted
