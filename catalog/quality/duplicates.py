"""Nearly the same picture on different products.

Photographs of fashion are much alike: one model, one pose, white behind. Of 3,000 studio photos,
6,763 pairs differ in at most 6 bits of the perceptual hash, and 32 of these show one picture
twice. What tells them apart is colour: in an 8 x 8 grid of mean colours, those 32 differ by at
most 5 levels (9 after scaling to half and JPEG at quality 70), all others by 17 or more.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.models import ProductImage, QualityFinding
from catalog.quality.base import Found
from catalog.thumbnails import GRID

#: Bits of the perceptual hash, and levels (0 to 255) of any grid colour, that copies may differ in.
MAX_BITS = 6
MAX_LEVELS = 12

_CELLS = GRID * GRID * 3
#: Pictures compared with all before them at once: 8 bytes a pair.
_ROWS = 128
#: Candidate pairs whose colours are compared at once: about 1 kB each.
_PAIRS = 20_000


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """One entry a picture, oldest first: its id, its product, a number for the title, hashes."""

    image_ids: NDArray[np.int64]
    product_ids: NDArray[np.int64]
    titles: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    grids: NDArray[np.uint8]


def read_fingerprints() -> Fingerprints:
    """The fingerprints of all pictures of published products; about 220 bytes a picture."""
    images = (
        ProductImage.objects.filter(product__published=True)
        .exclude(perceptual_hash="")
        .exclude(colour_grid=b"")
        .order_by("pk")
    )
    columns = ("pk", "product_id", "product__title", "perceptual_hash", "colour_grid")
    numbers: dict[str, int] = {}
    facts: list[tuple[int, int, int]] = []
    hashes: list[int] = []
    grids = bytearray()
    for pk, product_id, title, bits, grid in images.values_list(*columns).iterator(2000):
        facts.append((pk, product_id, numbers.setdefault(_plain(title), len(numbers))))
        hashes.append(int(bits, 16))
        grids += bytes(grid)
    table = np.array(facts, dtype=np.int64).reshape(-1, 3)
    cells = np.frombuffer(bytes(grids), dtype=np.uint8).reshape(-1, _CELLS)
    return Fingerprints(
        table[:, 0], table[:, 1], table[:, 2], np.array(hashes, dtype=np.uint64), cells
    )


def _plain(title: str) -> str:
    return " ".join(title.casefold().split())


def find_duplicates(prints: Fingerprints) -> Iterator[Found]:
    """For each picture the first one that it is nearly the same as, if there is any.

    At most one finding a picture, however many products share a placeholder. Sizes of one
    product under several SKUs have one title, and are no finding. Time grows with the square of
    the number of pictures, memory in proportion to it.
    """
    for row, column in _find_pairs(prints):
        bits = int(np.bitwise_count(prints.hashes[row] ^ prints.hashes[column]))
        yield Found(
            int(prints.product_ids[row]),
            QualityFinding.Kind.DUPLICATE,
            int(prints.image_ids[row]),
            int(prints.image_ids[column]),
            {"bits": bits},
        )


def _find_pairs(prints: Fingerprints) -> Iterator[tuple[int, int]]:
    for start in range(0, len(prints.hashes), _ROWS):
        rows, columns = _find_candidates(prints, start, start + _ROWS)
        first: dict[int, int] = {}
        for low in range(0, len(rows), _PAIRS):
            part = slice(low, low + _PAIRS)
            alike = _colours_agree(prints.grids, rows[part], columns[part])
            for row, column in zip(rows[part][alike], columns[part][alike], strict=True):
                first.setdefault(int(row), int(column))
        yield from first.items()


def _find_candidates(
    prints: Fingerprints, start: int, stop: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of a picture in ``start`` to ``stop`` and an older one whose hashes are close."""
    mine, older = prints.hashes[start:stop, None], prints.hashes[None, :stop]
    close = np.bitwise_count(mine ^ older) <= MAX_BITS
    rows, columns = np.nonzero(close)
    rows += start
    wanted = (columns < rows) & (prints.titles[rows] != prints.titles[columns])
    return rows[wanted], columns[wanted]


def _colours_agree(
    grids: NDArray[np.uint8], rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> NDArray[np.bool_]:
    levels = np.abs(grids[rows].astype(np.int16) - grids[columns])
    agree: NDArray[np.bool_] = (levels <= MAX_LEVELS).all(axis=1)
    return agree
