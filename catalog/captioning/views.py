"""Each training photo seen several ways, taken through the frozen part of the network once.

The first blocks never change in training, so what they give for every view is kept on disk: an
epoch then costs the last blocks alone.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageOps

from catalog.captioning.examples import Example
from catalog.captioning.garment_colour import colour_features, feature_count, lab_grid
from catalog.captioning.photo import PHOTO_SIDE, Pixels, square_photo

#: The photo itself, and then moved about; flat-lay photos are few and vary more.
VIEWS: Final = 2
FLATLAY_VIEWS: Final = 4
MAP_SHAPE: Final = (17, 17, 120)
ANCHORS: Final = 64

Halves = NDArray[np.float16]
Floats = NDArray[np.float32]


def make_views(image: Image.Image, views: int, rng: np.random.Generator) -> list[Pixels]:
    """``views`` squares of ``image``: itself, then random crops of it."""
    rgb = image.convert("RGB")
    return [square_photo(rgb)] + [_moved(rgb, rng) for _ in range(views - 1)]


def _moved(image: Image.Image, rng: np.random.Generator) -> Pixels:
    """Crop, turn, light and mirror by chance; hues stay, since colour is a label."""
    if rng.random() < 0.5:
        image = ImageOps.mirror(image)
    photo = Image.fromarray(square_photo(image, round(PHOTO_SIDE * 1.15)))
    edge = tuple(int(c) for c in np.median(np.asarray(photo)[:3].reshape(-1, 3), axis=0))
    turned = photo.rotate(
        float(rng.normal(0, 6)), Image.Resampling.BILINEAR, fillcolor=(edge[0], edge[1], edge[2])
    )
    width = turned.width * np.sqrt(rng.uniform(0.6, 1.0))
    height = min(turned.width, width * rng.uniform(0.9, 1.1))
    left = rng.uniform(0, turned.width - width)
    top = rng.uniform(0, turned.height - height)
    crop = turned.resize(
        (PHOTO_SIDE, PHOTO_SIDE),
        Image.Resampling.BICUBIC,
        box=(left, top, left + width, top + height),
    )
    lit = ImageEnhance.Brightness(crop).enhance(float(rng.uniform(0.88, 1.12)))
    return np.asarray(ImageEnhance.Contrast(lit).enhance(float(rng.uniform(0.88, 1.12))))


def fit_anchors(examples: Sequence[Example], *, seed: int, photos: int = 400) -> Floats:
    """The (ANCHORS, 3) CIELAB colours that the cells of some photos gather around (k-means)."""
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(examples), min(photos, len(examples)), replace=False)
    grids = [lab_grid(square_photo(Image.open(examples[i].path))) for i in chosen]
    cells = np.concatenate([grid.reshape(-1, 3) for grid in grids])
    # White paper is most of a studio photo: each colour cube counts once, however full it is.
    cubes, first = np.unique(np.rint(cells / 3), axis=0, return_index=True)
    points = cells[first] if len(cubes) > ANCHORS else cells
    anchors = points[rng.choice(len(points), ANCHORS, replace=False)]
    for _ in range(25):
        nearest = ((anchors**2).sum(axis=1) - 2 * points @ anchors.T).argmin(axis=1)
        for i in np.unique(nearest):
            anchors[i] = points[nearest == i].mean(axis=0)
    return np.asarray(anchors, dtype=np.float32)


def cache_views(
    examples: Sequence[Example],
    folder: Path,
    name: str,
    *,
    trunk: Any,
    anchors: Floats,
    seed: int,
    views: int = VIEWS,
) -> tuple[Halves, Floats]:
    """The trunk's maps (n, views, 17, 17, 120) and colour features (n, views, k) of ``examples``.

    Read from ``folder`` when an earlier run left them there under ``name``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done, maps_file = folder / f"{name}.colours.npy", folder / f"{name}.maps.npy"
    if not done.exists():
        shape = (len(examples), views, *MAP_SHAPE)
        maps = np.lib.format.open_memmap(maps_file, "w+", np.float16, shape)
        colours = np.zeros((len(examples), views, feature_count(anchors)), dtype=np.float32)
        rng = np.random.default_rng(seed)
        for i, example in enumerate(examples):
            with Image.open(example.path) as image:
                photos = make_views(image, views, rng)
            maps[i] = _trunk_maps(trunk, np.stack(photos))
            colours[i] = [colour_features(photo, anchors) for photo in photos]
        maps.flush()
        np.save(done, colours)  # Written last: its presence says that the maps are whole.
    return np.load(maps_file, mmap_mode="r"), np.load(done)


def _trunk_maps(trunk: Any, photos: Pixels) -> Halves:
    import torch

    scaled = (torch.from_numpy(photos).permute(0, 3, 1, 2).float() - 127.0) / 128.0
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        maps = trunk(scaled.contiguous(memory_format=torch.channels_last))
    found: Halves = maps.permute(0, 2, 3, 1).float().numpy().astype(np.float16)
    return found
