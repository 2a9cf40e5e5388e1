"""Scoring letters in process."""

import math
import random
from pathlib import Path
from typing import Any

import pytest

from outfits.prompts import LETTERS
from tests.training.tiny import make_outfits, save_tiny_model
from training.packing import register_tree_attention
from training.questions import PLAIN, ItemPool, make_questions, shuffle_candidates
from training.scoring import choice_logprobs, encode_question, letter_token_ids

torch = pytest.importorskip("torch")

OUTFITS = make_outfits(8)
QUESTIONS = [
    question
    for seed, outfit in enumerate(OUTFITS[:4])
    for question in make_questions(outfit, 2, ItemPool(OUTFITS), PLAIN, random.Random(seed))
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def tokenizer(folder: Path) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder)


def load(folder: Path, attention: str) -> Any:
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(folder, attn_implementation=attention)


@pytest.fixture(scope="module")
def plain(folder: Path) -> Any:
    return load(folder, "sdpa")


def test_log_probabilities_are_renormalised_over_the_offered_letters(
    plain: Any, tokenizer: Any
) -> None:
    for row, question in zip(choice_logprobs(plain, tokenizer, QUESTIONS), QUESTIONS, strict=True):
        assert len(row) == len(question.candidates)
        assert sum(map(math.exp, row)) == pytest.approx(1.0)


def test_scores_are_the_models_own_next_token_log_probabilities(plain: Any, tokenizer: Any) -> None:
    question = QUESTIONS[0]
    ids = torch.tensor([encode_question(tokenizer, question)])
    with torch.no_grad():
        logits = plain(input_ids=ids).logits[0, -1]
    letters = letter_token_ids(tokenizer)[: len(question.candidates)]
    expected = torch.log_softmax(logits[letters], dim=-1).tolist()
    assert choice_logprobs(plain, tokenizer, [question])[0] == pytest.approx(expected, abs=1e-5)


def test_padding_and_order_do_not_change_scores(plain: Any, tokenizer: Any) -> None:
    alone = [choice_logprobs(plain, tokenizer, [question])[0] for question in QUESTIONS]
    together = choice_logprobs(plain, tokenizer, QUESTIONS)
    tokenizer.padding_side = "left"
    try:
        backwards = choice_logprobs(plain, tokenizer, QUESTIONS[::-1])[::-1]
    finally:
        tokenizer.padding_side = "right"
    for one, two, three in zip(alone, together, backwards, strict=True):
        assert two == pytest.approx(one, abs=1e-5)
        assert three == pytest.approx(one, abs=1e-5)


def test_packed_prompts_score_as_they_do_alone(folder: Path, plain: Any, tokenizer: Any) -> None:
    packed = load(folder, register_tree_attention())
    reordered = [shuffle_candidates(question, random.Random(9)) for question in QUESTIONS]
    questions = [*QUESTIONS, *reordered]
    expected = choice_logprobs(plain, tokenizer, questions)
    for row, wanted in zip(choice_logprobs(packed, tokenizer, questions), expected, strict=True):
        assert row == pytest.approx(wanted, abs=1e-5)


def test_a_tree_attention_model_refuses_plain_prompts(folder: Path) -> None:
    model = load(folder, register_tree_attention())
    with pytest.raises(ValueError, match="packed prompts only"):
        model(input_ids=torch.tensor([[1, 2, 3]]))


def test_the_prompt_ends_where_the_assistant_begins(tokenizer: Any) -> None:
    text = tokenizer.decode(encode_question(tokenizer, QUESTIONS[0]))
    assert text.startswith("<|im_start|>system\n")
    assert text.endswith("<|im_end|>\n<|im_start|>assistant\n")


def test_letters_that_take_several_tokens_are_refused(tokenizer: Any) -> None:
    class Splitting:
        def __call__(self, text: str, **_: Any) -> dict[str, list[int]]:
            return {"input_ids": [1, 2]}

    assert len(letter_token_ids(tokenizer)) == len(LETTERS)
    with pytest.raises(ValueError, match="no single token"):
        letter_token_ids(Splitting())
