"""From a Drawing to a PNG: the garment by resvg, its backdrop and cast shadow by Pillow."""

import io
import zlib

import resvg_py
from PIL import Image, ImageChops, ImageFilter

from config.demo.drawing.drawing import Drawing
from config.demo.drawing.palette import BACKDROPS, rgb
from config.demo.drawing.silhouettes import SILHOUETTES
from config.demo.drawing.sketch import CANVAS, Sketch

_SHADOW = "#2a1c30"
_SHADOWS = ((15.0, 9.0, 19.0, 0.26), (4.0, 2.0, 5.0, 0.30))  # blur, dx, dy, strength
_COARSE = 2  # shadows are soft: drawn at half size, they cost a quarter


def draw_svg(drawing: Drawing) -> str:
    """Draw a garment as SVG on nothing; raises KeyError on an unknown shape."""
    sketch = Sketch(drawing)
    SILHOUETTES[drawing.shape](sketch)
    return sketch.svg()


def draw_garment(drawing: Drawing, *, size: int = 800) -> bytes:
    """Draw a garment as a square PNG, ``size`` pixels wide; the same drawing, the same bytes."""
    art = _rasterise(draw_svg(drawing), size)
    picture = _backdrop(drawing, size)
    picture.paste(rgb(_SHADOW), (0, 0, size, size), _cast_shadow(art.getchannel("A"), size))
    picture.paste(art, (0, 0), art)
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=4)
    return out.getvalue()


def _rasterise(svg: str, size: int) -> Image.Image:
    png = resvg_py.svg_to_bytes(svg_string=svg, width=size, height=size, skip_system_fonts=True)
    return Image.open(io.BytesIO(png)).convert("RGBA")


def _backdrop(drawing: Drawing, size: int) -> Image.Image:
    """Light falls from the top left on tinted paper; the tint follows from the garment."""
    key = f"{drawing.shape}{drawing.main}{drawing.pattern}"
    light, dark = BACKDROPS[zlib.crc32(key.encode()) % len(BACKDROPS)]
    glow = Image.radial_gradient("L").resize((size * 2, size * 2), Image.Resampling.BICUBIC)
    left, top = round(size * 0.58), round(size * 0.64)
    fade = glow.crop((left, top, left + size, top + size))
    paper = Image.new("RGB", (size, size), rgb(light))
    paper.paste(rgb(dark), (0, 0, size, size), fade)
    return paper


def _cast_shadow(alpha: Image.Image, size: int) -> Image.Image:
    """Give the mask of a wide soft shadow and a close one, both down and to the right."""
    unit = size / CANVAS / _COARSE
    small = alpha.resize((size // _COARSE, size // _COARSE), Image.Resampling.BOX)
    shade = Image.new("L", small.size, 0)
    for blur, dx, dy, strength in _SHADOWS:
        soft = small.filter(ImageFilter.GaussianBlur(blur * unit))
        soft = soft.point([round(level * strength) for level in range(256)])
        moved = ImageChops.offset(soft, round(dx * unit), round(dy * unit))
        shade = ImageChops.add(shade, moved)
    return shade.resize((size, size), Image.Resampling.BICUBIC)
