"""Imports go one way, and a web worker never imports torch."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "catalog": {"catalog"},
    "outfits": {"catalog", "outfits"},
    "feedback": {"catalog", "outfits", "feedback"},
    "training": {"catalog", "outfits", "feedback", "training"},
}
OURS = {*MAY_IMPORT, "config"}
HEAVY = {"torch", "transformers", "peft", "trl", "sentence_transformers"}


def _imports(node: ast.AST) -> set[str]:
    """The top-level packages that an import statement names."""
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
        return {node.module.split(".")[0]}
    return set()


def _modules(app: str) -> list[Path]:
    return sorted((ROOT / app).rglob("*.py"))


@pytest.mark.parametrize("app", sorted(MAY_IMPORT))
def test_an_app_imports_only_what_comes_before_it_in_the_flow(app: str) -> None:
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in _modules(app)
        for node in ast.walk(ast.parse(path.read_text()))
        for name in _imports(node) & OURS - MAY_IMPORT[app]
    }
    assert not wrong


@pytest.mark.parametrize("app", sorted(OURS))
def test_no_module_imports_torch_when_it_is_imported(app: str) -> None:
    wrong = {
        f"{path.relative_to(ROOT)} imports {name}"
        for path in _modules(app)
        for node in ast.parse(path.read_text()).body
        for name in _imports(node) & HEAVY
    }
    assert not wrong
