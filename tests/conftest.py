"""What all tests share: where real data lies; what is each test's own: media, language."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from pytest_django import Settings

from tests.s3_server import endpoint as endpoint
from tests.vllm_server import vllm_server as vllm_server

#: Files that take minutes: begun first, none keeps one process waiting for it at the end.
_LONG = ("test_loop.py", "test_influence_vllm.py")
DATA = Path(
    os.environ.get("ENSEMBLE_TEST_DATA", Path(__file__).parent.parent.parent / "shared" / "data")
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name not in _LONG)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real photographs and outfits; skips where it is absent."""
    if not DATA.exists():
        pytest.skip(f"no real data at {DATA}; set ENSEMBLE_TEST_DATA to its folder")
    return DATA


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    """Stored files of one test go into that test's folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture(autouse=True)
def private(settings: Settings, tmp_path: Path) -> Path:
    """So do photos that shoppers keep."""
    folder = tmp_path / "private"
    settings.STORAGES = {
        **settings.STORAGES,
        "ensemble_private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder)},
        },
    }
    return folder


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    """Django's language is the thread's, and a request in German would leave it German."""
    yield
    translation.deactivate()
