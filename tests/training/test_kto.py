"""KTO, for real, on a model small enough for a test."""

from pathlib import Path

import pytest

from training.kto import LoneExample, build_rows, train_kto
from training.policy import PreferenceSettings
from training.scoring import match_texts
from training.stylist_model import load_stylist

pytest.importorskip("trl")

LIKED, DISLIKED = "add: black shoe\nmatch:", "add: pink shoe\nmatch:"
EXAMPLES = [
    LoneExample(f"look: dress {number}\n", question, desirable=question == LIKED)
    for number in range(4)
    for question in (LIKED, DISLIKED)
]


def test_what_was_liked_ends_up_before_what_was_disliked(tiny_model: Path, tmp_path: Path) -> None:
    from peft import PeftModel

    settings = PreferenceSettings(
        max_steps=20,
        epochs=20,
        pairs_per_step=2,
        learning_rate=5e-2,
        warmup=0.0,
        beta=1.0,
        rank=4,
    )
    result = train_kto(EXAMPLES, base_model=tiny_model, work=tmp_path, settings=settings)
    model, tokenizer = load_stylist(tiny_model, precision=result.precision)

    def lead() -> float:
        [[liked, disliked]] = match_texts(model, tokenizer, [("look: coat\n", [LIKED, DISLIKED])])
        return liked - disliked

    before = lead()
    model = PeftModel.from_pretrained(model, str(result.folder), autocast_adapter_dtype=False)
    assert lead() > before + 0.1
    assert len(result.curve) == 20


def test_every_judgement_is_answered_yes_and_keeps_its_side() -> None:
    [row, *_] = build_rows(EXAMPLES)
    assert row == {
        "prompt": "look: dress 0\n",
        "completion": "add: black shoe\nmatch: yes",
        "label": True,
    }


def test_one_judgement_alone_is_refused(tiny_model: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least two"):
        train_kto(EXAMPLES[:1], base_model=tiny_model, work=tmp_path)
