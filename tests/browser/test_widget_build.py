"""The one file that shops load: that it is what the modules make, and small."""

import gzip
import re

from outfits.widget.build import BUILT, SOURCE, build, order_modules

MAX_BYTES = 15_000


def test_the_file_that_is_served_is_what_the_modules_make() -> None:
    assert BUILT.read_text() == build(), "run: python -m outfits.widget.build"


def test_a_shop_loads_less_than_15_kb() -> None:
    assert len(gzip.compress(BUILT.read_bytes(), compresslevel=6)) < MAX_BYTES


def test_variables_of_its_own_are_told_apart_by_their_first_letters() -> None:
    names = set(re.findall(r"--_\w+", (SOURCE.parent / "look" / "style.js").read_text()))
    assert len({name[:4] for name in names}) == len(names)


def test_every_module_is_part_of_it() -> None:
    modules = {path.resolve() for path in SOURCE.parent.rglob("*.js")}
    assert set(order_modules(SOURCE)) == modules


def test_it_needs_nothing_else() -> None:
    assert not re.search(r"\bimport\b", BUILT.read_text())
