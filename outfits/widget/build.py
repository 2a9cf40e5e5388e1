"""From the widget's modules to the one small file that shops load: ``make widget``.

Shops get one request instead of one a module, and no comments. The result lies in the repository,
so that only who changes the widget needs this; a test holds that it is what the modules make.
"""

import re
from pathlib import Path

import minify

SOURCE = Path(__file__).parent / "complete-the-look.js"
BUILT = Path(__file__).parent.parent / "static" / "ensemble" / SOURCE.name
BANNER = "/* Ensemble, Apache-2.0. Built from outfits/widget by make widget. */\n"

_IMPORT = re.compile(r'^import \{[^}]*\} from "(\./[^"]+)";\n', re.MULTILINE)
_STYLE = re.compile(r"(?<=CSS = `)[^`]*(?=`)")
_PRIVATE_VARIABLE = re.compile(r"--_(\w)\w*")


def build() -> str:
    """The widget as one module that exports ``CompleteTheLook``."""
    modules = [_IMPORT.sub("", path.read_text()) for path in order_modules(SOURCE)]
    # In a function, so that the minifier may shorten the names of the modules, too.
    body = re.sub(r"^export ", "", "".join(modules), flags=re.MULTILINE)
    body = _STYLE.sub(lambda css: minify_style(css[0]), body)
    wrapped = f"const W=(()=>{{{body}\nreturn CompleteTheLook}})();export{{W as CompleteTheLook}};"
    return f"{BANNER}{minify.string('application/javascript', wrapped)}\n"


def minify_style(css: str) -> str:
    """Small ``css``; what is in ``@container`` the minifier would leave as it is."""
    small: str = minify.string("text/css", css.replace("@container", "@media container and"))
    small = small.replace("@media container and", "@container").replace(", ", ",")
    # Those that begin with --_ are the widget's own, and each begins with another letter.
    return _PRIVATE_VARIABLE.sub(r"--_\1", small)


def order_modules(path: Path, done: tuple[Path, ...] = ()) -> tuple[Path, ...]:
    """``path`` after all modules that it imports, each once."""
    for name in _IMPORT.findall(path.read_text()):
        done = order_modules((path.parent / name).resolve(), done)
    return done if path in done else (*done, path)


if __name__ == "__main__":
    BUILT.write_text(build())
