"""Each training photo seen several ways, taken through the frozen part of the network once.

The first blocks never change in training, so what they give for every view is kept on disk: an
epoch then costs the last blocks alone.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageOps

from catalog.captioning.examples import Example
from catalog.captioning.looks import LOOKS, look_colours, two_looks
from catalog.captioning.network import MAP_SHAPE, scale_pixels
from catalog.captioning.photo import PHOTO_SIDE, Pixels, square_photo

#: Views of a photo: the two looks, and then random ones; where photos are few, more of them.
VIEWS: Final[Mapping[str, int]] = {"catalogue": 5, "flatlay": 8, "drawing": 3, "correction": 5}
#: Examples a file of the cache: what an interrupted run does again at most.
_CHUNK: Final = 64

Halves = NDArray[np.float16]
Floats = NDArray[np.float32]


def make_views(image: Image.Image, views: int, rng: np.random.Generator) -> list[Pixels]:
    """``views`` squares of ``image``: the two looks, then random crops of it."""
    rgb = image.convert("RGB")
    return [look.photo for look in two_looks(rgb)] + [
        _moved(rgb, rng) for _ in range(views - LOOKS)
    ]


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


@dataclass(frozen=True, slots=True)
class Views:
    """The trunk's maps of every view of some examples; rows count through ``examples``."""

    maps: Sequence[Halves]
    examples: Sequence[Example]

    def pick(self, rows: NDArray[np.intp], views: Sequence[int]) -> Halves:
        """(n, 33, 33, 48): view ``views[i]`` of example ``rows[i]``, modulo how many it has."""
        chosen = [self.maps[int(row)] for row in rows]
        return np.stack([maps[view % len(maps)] for maps, view in zip(chosen, views, strict=True)])

    def only(self, keep: Callable[[Example], bool]) -> "Views":
        """The examples that ``keep`` keeps."""
        rows = [row for row, example in enumerate(self.examples) if keep(example)]
        return Views([self.maps[row] for row in rows], [self.examples[row] for row in rows])


def cache_views(
    examples: Sequence[Example],
    folder: Path,
    *,
    trunk: Any,
    seed: int,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> Views:
    """Every example's views through ``trunk``, read from ``folder`` where an earlier run left
    them; ``tell`` hears how many of how many chunks are done."""
    folder.mkdir(parents=True, exist_ok=True)
    chunks = list(_chunks(examples))
    maps: list[Halves] = []
    for done, chunk in enumerate(chunks):
        path = folder / f"{_name(chunk, seed)}.npy"
        if not path.exists():
            _write_chunk(chunk, path, trunk, seed)
        stored = np.load(path, mmap_mode="r")
        maps += list(stored.reshape(len(chunk), -1, *MAP_SHAPE))
        tell(done + 1, len(chunks))
    return Views(maps, [example for chunk in chunks for example in chunk])


def _chunks(examples: Sequence[Example]) -> Iterator[Sequence[Example]]:
    """Examples of one source at a time, since those have equally many views."""
    for source in sorted({example.source for example in examples}):
        alike = [example for example in examples if example.source == source]
        for start in range(0, len(alike), _CHUNK):
            yield alike[start : start + _CHUNK]


def _name(chunk: Sequence[Example], seed: int) -> str:
    """Names exactly these photos in this order: other photos, other maps."""
    photos = "\n".join(f"{e.path.parent.name}/{e.path.name} {e.path.stat().st_size}" for e in chunk)
    text = f"{seed} {VIEWS[chunk[0].source]} {MAP_SHAPE}\n{photos}"
    return f"{chunk[0].source}-{zlib.crc32(text.encode()):08x}"


def _write_chunk(chunk: Sequence[Example], path: Path, trunk: Any, seed: int) -> None:
    found = np.concatenate([_example_maps(example, trunk, seed) for example in chunk])
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.save(file, found)
    part.replace(path)  # All at once: a chunk that is there is whole.


def _example_maps(example: Example, trunk: Any, seed: int) -> Halves:
    rng = np.random.default_rng([seed, zlib.crc32(example.path.name.encode())])
    with Image.open(example.path) as image:
        photos = make_views(image, VIEWS[example.source], rng)
    return _trunk_maps(trunk, np.stack(photos))


def _trunk_maps(trunk: Any, photos: Pixels) -> Halves:
    import torch

    scaled = scale_pixels(torch.from_numpy(photos))
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        maps = trunk(scaled.contiguous(memory_format=torch.channels_last))
    found: Halves = maps.permute(0, 2, 3, 1).float().numpy().astype(np.float16)
    return found


def cache_colours(
    examples: Sequence[Example],
    path: Path,
    anchors: Floats,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> Floats:
    """The colour features of every example's looks (n, k), kept at ``path``."""
    if not path.exists():
        found: list[Floats] = []
        for example in examples:
            with Image.open(example.path) as image:
                found.append(look_colours(two_looks(image.convert("RGB")), anchors))
            tell(len(found), len(examples))
        np.save(path, np.stack(found))
    kept: Floats = np.load(path)
    return kept
