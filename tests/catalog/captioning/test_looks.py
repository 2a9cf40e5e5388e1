"""The two looks at a photo."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from catalog.captioning.looks import two_looks
from catalog.captioning.photo import PHOTO_SIDE


def small_thing(size: tuple[int, int], box: tuple[int, int, int, int]) -> Image.Image:
    """Left half red, right half blue, on white."""
    picture = Image.new("RGB", size, "white")
    middle = (box[0] + box[2]) // 2
    draw = ImageDraw.Draw(picture)
    draw.rectangle(box, fill="red")
    draw.rectangle((middle, *box[1:]), fill="blue")
    return picture


@pytest.mark.parametrize("size", [(300, 300), (200, 400), (500, 250)])
def test_the_second_look_is_close_and_mirrored(size: tuple[int, int]) -> None:
    across, down = size[0] // 2, size[1] // 2
    whole, close = two_looks(small_thing(size, (across - 40, down - 40, across + 40, down + 40)))
    assert whole.photo.shape == close.photo.shape == (PHOTO_SIDE, PHOTO_SIDE, 3)
    assert close.mask.mean() > 1.5 * whole.mask.mean()
    left, right = close.photo[130, 60].astype(int), close.photo[130, 200].astype(int)
    assert left[2] > left[0]
    assert right[0] > right[2]


@pytest.mark.parametrize("paper", ["white", "black"])
def test_an_empty_picture_can_be_looked_at_twice(paper: str) -> None:
    looks = two_looks(Image.new("RGB", (10, 900), paper))
    assert all(np.isfinite(look.lab).all() and look.mask.any() for look in looks)
