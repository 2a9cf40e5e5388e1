"""Reading a garment's colours off its own pixels."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from catalog.captioning.garment_colour import (
    GRID,
    colour_features,
    feature_count,
    garment_mask,
    lab_grid,
    to_lab,
)
from catalog.captioning.photo import PHOTO_SIDE, square_photo

ANCHORS = to_lab(
    np.array([[255, 255, 255], [0, 0, 0], [200, 20, 20], [20, 40, 160]], dtype=np.uint8)
)


def square_on(paper: str, cloth: str) -> Image.Image:
    picture = Image.new("RGB", (300, 300), paper)
    ImageDraw.Draw(picture).rectangle((80, 80, 219, 219), fill=cloth)
    return picture


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        ((255, 255, 255), (100.0, 0.0, 0.0)),
        ((0, 0, 0), (0.0, 0.0, 0.0)),
        ((255, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 0, 255), (32.30, 79.19, -107.86)),
    ],
)
def test_colours_land_where_cielab_puts_them(
    rgb: tuple[int, int, int], lab: tuple[float, float, float]
) -> None:
    assert to_lab(np.array(rgb, dtype=np.uint8)) == pytest.approx(np.array(lab), abs=0.1)


@pytest.mark.parametrize("paper", ["white", "#d8c8a8", "#303840"])
def test_the_mask_is_the_garment_whatever_it_lies_on(paper: str) -> None:
    mask = garment_mask(lab_grid(square_photo(square_on(paper, "#c81414"))))
    assert mask[GRID // 2, GRID // 2]
    assert not mask[[0, -1]].any()
    assert mask.mean() == pytest.approx((140 / 300) ** 2, abs=0.03)


def test_a_picture_of_nothing_but_cloth_is_all_garment() -> None:
    assert garment_mask(lab_grid(square_photo(Image.new("RGB", (300, 300), "navy")))).all()


def test_paper_does_not_count_towards_the_colours() -> None:
    features = colour_features(square_photo(square_on("white", "#c81414")), ANCHORS)
    assert len(features) == feature_count(ANCHORS)
    white, black, red, blue = features[: len(ANCHORS)]
    assert red > 0.95
    assert max(white, black, blue) < 0.3


def test_a_tall_picture_is_padded_with_its_own_background() -> None:
    tall = Image.new("RGB", (100, 300), "#336699")
    photo = square_photo(tall)
    assert photo.shape == (PHOTO_SIDE, PHOTO_SIDE, 3)
    assert (photo == np.array([0x33, 0x66, 0x99], dtype=np.uint8)).all()


def test_a_cut_out_is_laid_on_white() -> None:
    photo = square_photo(Image.new("RGBA", (50, 50), (0, 0, 0, 0)))
    assert (photo == 255).all()
