"""Photos and what are none, with the captioner that comes with the package."""

import random
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from PIL import Image

from catalog.captioning.embedded import EmbeddedCaptioner
from outfits.photos.understanding import PhotoRefused, read_piece

REPOSITORY = Path(settings.BASE_DIR)


@pytest.fixture(scope="module")
def captioner() -> EmbeddedCaptioner:
    return EmbeddedCaptioner()


def what_is_none() -> dict[str, Image.Image]:
    """Pictures of nothing to wear: noise, plain colours, a screen."""
    noise = np.random.default_rng(0).integers(0, 255, (400, 300, 3), dtype=np.uint8)
    with Image.open(REPOSITORY / "docs" / "images" / "dry-run.png") as screen:
        page = screen.convert("RGB")
    return {
        "noise": Image.fromarray(noise),
        "black": Image.new("RGB", (300, 400)),
        "white": Image.new("RGB", (300, 400), "white"),
        "screen": page,
    }


@pytest.mark.parametrize("name", ["noise", "black", "white", "screen"])
def test_what_is_nothing_to_wear_is_not_understood(captioner: EmbeddedCaptioner, name: str) -> None:
    with pytest.raises(PhotoRefused):
        read_piece(captioner.caption([what_is_none()[name]])[0])


def test_nearly_all_photographs_of_garments_are_understood(
    captioner: EmbeddedCaptioner, real_data: Path
) -> None:
    paths = sorted((real_data / "photos").rglob("*.jpg"))
    understood = 0
    for path in random.Random(1).sample(paths, 40):
        with Image.open(path) as picture:
            draft = captioner.caption([picture.convert("RGB")])[0]
        try:
            read_piece(draft)
            understood += 1
        except PhotoRefused:
            continue
    assert understood >= 36
