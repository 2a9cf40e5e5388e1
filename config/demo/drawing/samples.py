"""Drawings by chance, with labels known: more examples for the captioner than a shop has."""

import random

from config.demo.drawing.drawing import Drawing
from config.demo.drawing.palette import COLOURS, lightness, mix
from config.demo.drawing.vocabulary import SHAPES

_TRIMS = ("Cream", "White", "Black", "Brown", "Tan", "Gold", "Silver")
_SHIFT = 0.09  # how far a colour may drift before its name would no longer fit
_CONTRAST = 0.25


def random_drawing(rng: random.Random, shape: str) -> Drawing:
    """Draw lots for a shape's colours and cloth; raises KeyError on an unknown shape."""
    words = SHAPES[shape]
    base = rng.choice(words.colours)
    main = _drift(rng, COLOURS[base])
    pattern = rng.choice(words.patterns)
    return Drawing(
        shape=shape,
        base_colour=base,
        main=main,
        second=_second(rng, main),
        trim=COLOURS[rng.choice(_TRIMS)],
        pattern=pattern,
        texture=rng.choice(words.textures),
        scale=round(rng.uniform(0.7, 1.3), 2) if pattern != "solid" else 1.0,
        cut=rng.choice(words.cuts),
    )


def _drift(rng: random.Random, colour: str) -> str:
    """Dye lots differ: move a colour a little towards another."""
    return mix(colour, rng.choice(list(COLOURS.values())), rng.uniform(0, _SHIFT))


def _second(rng: random.Random, main: str) -> str:
    """Choose a second colour that shows on the first."""
    light = lightness(main)
    shown = [c for c in COLOURS.values() if abs(lightness(c) - light) > _CONTRAST]
    return rng.choice(shown)
