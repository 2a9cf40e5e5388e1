"""What the catalog's tests share: fakes for the models, and a record of what was queued."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from unittest.mock import patch

import pytest
from PIL import Image
from pytest_django import Settings

from catalog.captioning import get_captioner
from catalog.embedding import get_embedder
from tests.fakes import FakeCaptioner, FakeEmbedder


@pytest.fixture(autouse=True)
def _fakes(settings: Settings) -> None:
    settings.ENSEMBLE = {
        **settings.ENSEMBLE,
        "CAPTIONER": "tests.fakes.FakeCaptioner",
        "EMBEDDER": "tests.fakes.FakeEmbedder",
    }


@pytest.fixture
def captioner() -> FakeCaptioner:
    """The captioner in force, to be told what to answer."""
    fake = get_captioner()
    assert isinstance(fake, FakeCaptioner)
    return fake


@pytest.fixture
def embedder() -> FakeEmbedder:
    """The embedder in force, which remembers what it was asked."""
    fake = get_embedder()
    assert isinstance(fake, FakeEmbedder)
    return fake


@pytest.fixture(autouse=True)
def queued(django_capture_on_commit_callbacks: Any) -> Iterator[list[tuple[str, Any]]]:
    """(task name, argument) of what was sent, instead of sending it."""
    sent: list[tuple[str, Any]] = []

    def record(task: Any, args: Any = None, *rest: Any, **options: Any) -> None:
        sent.append((task.name.rsplit(".", 1)[-1], (args or [None])[0]))

    with patch("celery.app.task.Task.apply_async", autospec=True, side_effect=record):
        yield sent


@pytest.fixture
def draw() -> Callable[..., bytes]:
    """Makes the bytes of a small picture."""

    def make(
        colour: str = "red", size: tuple[int, int] = (60, 80), kind: str = "JPEG", **options: Any
    ) -> bytes:
        out = BytesIO()
        Image.new("RGB", size, colour).save(out, kind, **options)
        return out.getvalue()

    return make
