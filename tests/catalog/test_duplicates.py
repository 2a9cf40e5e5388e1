"""Near-duplicates: one photo on two products is found, like photos are not."""

import time
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from catalog.models import Product
from catalog.quality.base import Found
from catalog.quality.duplicates import Fingerprints, find_duplicates, read_fingerprints
from catalog.services import product_image_create
from tests.factories import make_product


def photo(
    colour: str = "navy", *, quality: int = 88, scale: float = 1.0, collar: int = 60
) -> bytes:
    """A shirt on white, as shops photograph it."""
    image = Image.new("RGB", (400, 500), "white")
    pen = ImageDraw.Draw(image)
    pen.polygon([(90, 90), (310, 90), (360, 220), (300, 240), (300, 460), (100, 460)], colour)
    pen.ellipse([200 - collar, 60, 200 + collar, 130], "white")
    pen.line([(200, 130), (200, 460)], "black", 4)
    size = (int(400 * scale), int(500 * scale))
    out = BytesIO()
    image.resize(size, Image.Resampling.LANCZOS).save(out, "JPEG", quality=quality)
    return out.getvalue()


def add(title: str, data: bytes, **fields: Any) -> Product:
    product = make_product(embedded=False, title=title, **fields)
    assert product_image_create(product=product, data=data)
    return product


def pairs() -> list[Found]:
    return list(find_duplicates(read_fingerprints()))


@pytest.mark.django_db
def test_one_photo_on_two_products_is_found() -> None:
    first, second = add("Shirt", photo()), add("Trousers", photo())
    (found,) = pairs()
    assert (found.product_id, found.image_id, found.other_image_id) == (
        *(second.pk, second.images.get().pk),
        first.images.get().pk,
    )


@pytest.mark.django_db
@pytest.mark.parametrize("options", [{"quality": 50}, {"scale": 0.5}, {"scale": 2.0}])
def test_a_photo_scaled_or_saved_anew_is_found(options: dict[str, Any]) -> None:
    add("Shirt", photo())
    add("Trousers", photo(**options))
    assert len(pairs()) == 1


@pytest.mark.django_db
def test_the_same_cut_in_another_colour_is_none() -> None:
    add("Navy shirt", photo("navy"))
    add("Red shirt", photo("darkred"))
    assert pairs() == []


@pytest.mark.django_db
def test_sizes_of_one_product_are_none() -> None:
    add("Shirt", photo())
    add(" shirt ", photo(quality=70))
    assert pairs() == []


@pytest.mark.django_db
def test_hidden_products_are_passed_over() -> None:
    add("Shirt", photo())
    add("Trousers", photo(), published=False)
    assert pairs() == []


@pytest.mark.django_db
def test_a_placeholder_on_many_products_is_found_once_a_product() -> None:
    for number in range(6):
        add(f"Thing {number}", photo())
    assert len(pairs()) == 5


def random_prints(count: int) -> Fingerprints:
    rng = np.random.default_rng(1)
    ids = np.arange(count)
    return Fingerprints(
        ids + 1,
        ids + 1,
        ids,
        rng.integers(0, 2**63, count, dtype=np.uint64),
        rng.integers(0, 255, (count, 192), dtype=np.uint8),
    )


def test_copies_are_found_among_thousands() -> None:
    prints = random_prints(5000)
    prints.hashes[4321], prints.grids[4321] = prints.hashes[17] ^ np.uint64(3), prints.grids[17]
    (found,) = find_duplicates(prints)
    assert (found.image_id, found.other_image_id, found.detail) == (4322, 18, {"bits": 2})


def test_forty_three_thousand_pictures_take_seconds() -> None:
    prints = random_prints(43_000)
    started = time.process_time()
    assert list(find_duplicates(prints)) == []
    assert time.process_time() - started < 30


def test_real_photos_that_look_alike_are_told_apart(real_data: Path) -> None:
    from catalog.thumbnails import derive

    files = sorted((real_data / "photos" / "catalogue").glob("*.jpg"))[:400]
    derived = [derive(file.read_bytes()) for file in files]
    ids = np.arange(len(files))
    prints = Fingerprints(
        *(ids, ids, ids),
        np.array([int(each.perceptual_hash, 16) for each in derived], dtype=np.uint64),
        np.array([list(each.colour_grid) for each in derived], dtype=np.uint8),
    )
    assert len(list(find_duplicates(prints))) <= 2
