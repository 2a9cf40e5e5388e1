"""Named colours of the demo wardrobe, and how they mix."""

INK = "#1b1524"
PAPER = "#fffdf8"

COLOURS: dict[str, str] = {
    "Black": "#26252b",
    "Charcoal": "#474a52",
    "Grey": "#9a9ca1",
    "White": "#f8f6f1",
    "Off White": "#efe7d8",
    "Cream": "#f1e4c6",
    "Beige": "#d9c5a4",
    "Khaki": "#ae9f77",
    "Tan": "#bd8752",
    "Brown": "#6e4832",
    "Navy Blue": "#27334f",
    "Blue": "#4b78ae",
    "Teal": "#2d6d70",
    "Green": "#3c7152",
    "Olive": "#6c6c41",
    "Mustard": "#d09a2f",
    "Yellow": "#efcf5c",
    "Orange": "#db7c3d",
    "Rust": "#a9532f",
    "Red": "#b7312f",
    "Burgundy": "#6c2335",
    "Pink": "#e6abb2",
    "Lavender": "#b9a9d3",
    "Purple": "#6b4f86",
    "Gold": "#cfa54c",
    "Silver": "#bcc0c6",
}

BACKDROPS: tuple[tuple[str, str], ...] = (
    ("#f8f5ef", "#ece5da"),
    ("#f4f5f0", "#e3e7dc"),
    ("#faf3ef", "#efe0d9"),
    ("#f2f5f7", "#dfe6ea"),
    ("#f7f3f6", "#e8dfe8"),
    ("#f9f5e9", "#ede5cf"),
)


def rgb(colour: str) -> tuple[int, int, int]:
    """Read ``#rrggbb``; raises ValueError on anything else."""
    if len(colour) != 7 or colour[0] != "#":
        raise ValueError(f"not a #rrggbb colour: {colour!r}")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(first: str, second: str, share: float) -> str:
    """Blend two colours; ``share`` (0 to 1) is how much of the second."""
    pairs = zip(rgb(first), rgb(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def lightness(colour: str) -> float:
    """Perceived lightness from 0 (black) to 1 (white), by the Rec. 601 luma weights."""
    red, green, blue = rgb(colour)
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def darken(colour: str, share: float) -> str:
    """Move a colour towards ink."""
    return mix(colour, INK, share)


def lighten(colour: str, share: float) -> str:
    """Move a colour towards paper."""
    return mix(colour, PAPER, share)


def line_on(colour: str, strength: float = 0.4) -> str:
    """A seam's colour: darker than the cloth, or lighter where the cloth is nearly black."""
    if lightness(colour) < 0.25:
        return lighten(colour, strength * 0.55)
    return darken(colour, strength)
