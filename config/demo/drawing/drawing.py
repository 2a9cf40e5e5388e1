"""What to draw: a garment's shape, colours and cloth, with the labels that follow from them."""

from dataclasses import dataclass

from config.demo.drawing.patterns import LABELS
from config.demo.drawing.vocabulary import SHAPES


@dataclass(frozen=True)
class Drawing:
    """A garment to draw; colours are ``#rrggbb``, ``scale`` stretches the pattern's tile.

    ``base_colour`` names the main colour in plain English; ``cut`` is "women" or "men".
    """

    shape: str
    base_colour: str
    main: str
    second: str = "#f8f6f1"
    trim: str = "#efe7d8"
    pattern: str = "solid"
    texture: str = ""
    scale: float = 1.0
    cut: str = "women"

    @property
    def article_type(self) -> str:
        """The label of what it is, such as "Tshirts"."""
        return SHAPES[self.shape].article_type

    @property
    def pattern_name(self) -> str:
        """The label of its pattern, such as "striped"."""
        return LABELS[self.pattern]
