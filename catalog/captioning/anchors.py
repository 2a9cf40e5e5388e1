"""The colours that garments are described by: what the photos' own colours gather around."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from PIL import Image

from catalog.captioning.examples import Example
from catalog.captioning.garment_colour import Floats, lab_grid
from catalog.captioning.photo import square_photo

ANCHORS: Final = 64


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
