import io
import random
from dataclasses import replace

import pytest
from PIL import Image, ImageStat

from config.demo.drawing import SHAPES, Drawing, draw_garment, random_drawing
from config.demo.drawing.palette import COLOURS, mix
from config.demo.drawing.paths import flip, parse_path, symmetric
from config.demo.drawing.patterns import LABELS, PATTERNS, TEXTURES
from config.demo.drawing.render import draw_svg
from config.demo.drawing.silhouettes import SILHOUETTES
from config.demo.wardrobe import read_drawings

TEE = Drawing(shape="tshirt", base_colour="Navy Blue", main=COLOURS["Navy Blue"])


def _open(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def _mean(band: Image.Image) -> float:
    return float(ImageStat.Stat(band).mean[0])


def test_a_picture_decodes_to_the_stated_size() -> None:
    picture = _open(draw_garment(TEE, size=96))
    picture.load()
    assert (picture.format, picture.size, picture.mode) == ("PNG", (96, 96), "RGB")


def test_the_same_drawing_gives_the_same_bytes() -> None:
    assert draw_garment(TEE, size=96) == draw_garment(replace(TEE), size=96)


def test_the_garment_wears_its_main_colour() -> None:
    red, green, blue = _open(draw_garment(TEE, size=96)).crop((40, 46, 56, 62)).split()
    assert _mean(blue) > _mean(red)
    assert _mean(blue) > _mean(green)


def test_garments_on_sale_all_look_different() -> None:
    drawings = read_drawings().values()
    assert len({draw_svg(drawing) for drawing in drawings}) == len(drawings)


def test_two_garments_pictures_differ() -> None:
    other = replace(TEE, shape="shirt")
    assert draw_garment(TEE, size=64) != draw_garment(other, size=64)


def test_a_pattern_changes_the_picture() -> None:
    plain, dotted = replace(TEE), replace(TEE, pattern="dots")
    assert draw_garment(plain, size=64) != draw_garment(dotted, size=64)


def test_the_backdrop_stays_light_around_the_garment() -> None:
    picture = _open(draw_garment(TEE, size=96)).convert("L")
    corners = [picture.crop((x, y, x + 4, y + 4)) for x in (0, 92) for y in (0, 92)]
    assert min(map(_mean, corners)) > 205


def test_every_shape_has_words_and_a_silhouette() -> None:
    assert set(SHAPES) == set(SILHOUETTES)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_draws_for_every_cut_that_it_names(shape: str) -> None:
    drawing = random_drawing(random.Random(shape), shape)
    for cut in SHAPES[shape].cuts:
        assert draw_svg(replace(drawing, cut=cut)).endswith("</svg>")


def test_every_pattern_has_a_label() -> None:
    assert set(LABELS) == {"solid", *PATTERNS}


def test_the_words_name_only_patterns_and_colours_that_can_be_drawn() -> None:
    for words in SHAPES.values():
        assert set(words.patterns) <= set(LABELS)
        assert set(words.colours) <= set(COLOURS)
        assert set(words.textures) <= {"", "satin", "leather", *TEXTURES}


def test_a_drawing_tells_its_labels() -> None:
    drawing = replace(TEE, pattern="gingham")
    labels = (drawing.article_type, drawing.base_colour, drawing.pattern_name)
    assert labels == ("Tshirts", "Navy Blue", "checked")


def test_chance_repeats_itself_under_the_same_seed() -> None:
    first, second = (random_drawing(random.Random(7), "wrap_dress") for _ in range(2))
    assert first == second


def test_chance_keeps_to_what_suits_the_shape() -> None:
    rng = random.Random(3)
    drawn = [random_drawing(rng, "jeans") for _ in range(30)]
    assert {drawing.texture for drawing in drawn} == {"denim"}
    assert {drawing.base_colour for drawing in drawn} <= set(SHAPES["jeans"].colours)


def test_an_unknown_shape_is_refused() -> None:
    with pytest.raises(KeyError):
        draw_garment(replace(TEE, shape="toga"))


def test_a_half_path_closes_into_its_mirror_image() -> None:
    whole = parse_path(symmetric("M0 0 L10 5 C12 8 12 12 8 20"))
    corners = {points[-1] for _, points in whole if points}
    assert {(10.0, 5.0), (-10.0, 5.0), (8.0, 20.0), (-8.0, 20.0)} <= corners


def test_flipping_twice_gives_the_path_back() -> None:
    path = "M1.0 2.0 Q3.0 4.0 5.0 6.0"
    assert flip(flip(path)) == path


def test_mixing_moves_a_colour_towards_the_other() -> None:
    assert (mix("#000000", "#ffffff", 0), mix("#000000", "#ffffff", 1)) == ("#000000", "#ffffff")
