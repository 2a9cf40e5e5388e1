"""Candidates scored in process."""

import random
from pathlib import Path
from typing import Any

import pytest

from outfits.prompts import NO, YES, PromptItem
from tests.training.tiny import make_outfits, save_tiny_model
from training.packing import register_tree_attention
from training.questions import PLAIN, ItemPool, ask_outfit
from training.scoring import (
    MatchQuestion,
    answer_token_ids,
    encode_question,
    encode_texts,
    match_logits,
    match_texts,
)

torch = pytest.importorskip("torch")

OUTFITS = make_outfits(8)
QUESTIONS = [
    question
    for seed, outfit in enumerate(OUTFITS[:4])
    for question in ask_outfit(outfit, 1, 2 + seed, ItemPool(OUTFITS), PLAIN, random.Random(seed))
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def tokenizer(folder: Path) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder)


def load(folder: Path, attention: str) -> Any:
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(folder, attn_implementation=attention)


@pytest.fixture(scope="module")
def plain(folder: Path) -> Any:
    return load(folder, "sdpa")


@pytest.fixture(scope="module")
def packed(folder: Path) -> Any:
    return load(folder, register_tree_attention())


def flatten(rows: list[list[float]]) -> list[float]:
    return [score for row in rows for score in row]


def test_a_score_is_the_log_odds_of_yes_against_no_as_the_next_token(
    plain: Any, tokenizer: Any
) -> None:
    yes, no = answer_token_ids(tokenizer)
    for question in QUESTIONS:
        expected = []
        for prompt in encode_question(tokenizer, question):
            with torch.no_grad():
                logits = plain(input_ids=torch.tensor([prompt])).logits[0, -1]
            logprobs = torch.log_softmax(logits, dim=-1)
            expected.append(float(logprobs[yes] - logprobs[no]))
        (scores,) = match_logits(plain, tokenizer, [question])
        assert scores == pytest.approx(expected, abs=1e-5)
        assert len(set(scores)) == len(scores)


@pytest.mark.parametrize("kind", ["plain", "packed"])
def test_a_candidate_scores_the_same_whatever_else_is_offered(
    kind: str, tokenizer: Any, request: pytest.FixtureRequest
) -> None:
    model = request.getfixturevalue(kind)
    query, questions = QUESTIONS[-1].build_texts()
    (together,) = match_texts(model, tokenizer, [(query, questions)])
    alone = match_texts(model, tokenizer, [(query, [question]) for question in questions])
    backwards = match_texts(model, tokenizer, [(query, questions[::-1])])
    assert together == pytest.approx(flatten(alone), abs=1e-5)
    assert together == pytest.approx(backwards[0][::-1], abs=1e-5)


@pytest.mark.parametrize("kind", ["plain", "packed"])
def test_batches_and_their_order_do_not_change_scores(
    kind: str, tokenizer: Any, request: pytest.FixtureRequest
) -> None:
    model = request.getfixturevalue(kind)
    together = match_logits(model, tokenizer, QUESTIONS)
    one_by_one = match_logits(model, tokenizer, QUESTIONS, batch_tokens=1)
    backwards = match_logits(model, tokenizer, QUESTIONS[::-1])[::-1]
    assert [len(row) for row in together] == [len(q.candidates) for q in QUESTIONS]
    assert flatten(one_by_one) == pytest.approx(flatten(together), abs=1e-5)
    assert flatten(backwards) == pytest.approx(flatten(together), abs=1e-5)


def test_a_tokenizer_that_pads_to_the_left_changes_no_score(plain: Any, tokenizer: Any) -> None:
    expected = match_logits(plain, tokenizer, QUESTIONS)
    tokenizer.padding_side = "left"
    assert match_logits(plain, tokenizer, QUESTIONS) == expected


def test_packed_prompts_score_as_they_do_alone(plain: Any, packed: Any, tokenizer: Any) -> None:
    expected = match_logits(plain, tokenizer, QUESTIONS)
    assert flatten(match_logits(packed, tokenizer, QUESTIONS)) == pytest.approx(
        flatten(expected), abs=1e-5
    )


def test_a_tree_attention_model_refuses_plain_prompts(packed: Any) -> None:
    with pytest.raises(ValueError, match="packed prompts only"):
        packed(input_ids=torch.tensor([[1, 2, 3]]))


def test_nothing_asked_is_nothing_answered(plain: Any, tokenizer: Any) -> None:
    query, questions = QUESTIONS[0].build_texts()
    assert match_texts(plain, tokenizer, []) == []
    none, some = match_texts(plain, tokenizer, [(query, []), (query, questions)])
    assert (none, len(some)) == ([], len(questions))


def test_it_is_told_how_many_questions_were_answered(plain: Any, tokenizer: Any) -> None:
    told: list[int] = []
    match_logits(plain, tokenizer, QUESTIONS, batch_tokens=300, on_answered=told.append)
    assert sum(told) == len(QUESTIONS)
    assert len(told) > 1


def test_a_question_is_put_in_the_words_the_server_is_asked_in() -> None:
    look = (PromptItem("Navy Blazer", "Blazers"),)
    offered = (PromptItem("White Shirt", "Shirts"), PromptItem("Red Shirt", "Shirts"))
    question = MatchQuestion(look, offered, context=("occasion: work",))
    assert question.build_texts() == (
        "occasion work\nlook: navy blazer (blazers)\n",
        ["add: white shirt (shirts)\nmatch:", "add: red shirt (shirts)\nmatch:"],
    )


def test_a_prompt_is_the_query_and_then_the_question(tokenizer: Any) -> None:
    query, questions = QUESTIONS[0].build_texts()
    decoded = [tokenizer.decode(ids) for ids in encode_question(tokenizer, QUESTIONS[0])]
    assert decoded == [query + question for question in questions]


def test_the_token_that_begins_a_text_begins_a_prompt_and_stands_nowhere_else(
    tokenizer: Any,
) -> None:
    from tokenizers.processors import TemplateProcessing

    start = tokenizer.bos_token_id
    tokenizer.backend_tokenizer.post_processor = TemplateProcessing(
        single="<|im_start|> $A", special_tokens=[("<|im_start|>", start)]
    )
    for ids in encode_texts(tokenizer, "look: a shirt\n", ["add: shoes\nmatch:"]):
        assert ids[0] == start
        assert ids.count(start) == 1
    assert answer_token_ids(tokenizer) != (start, start)


def test_yes_and_no_are_one_token_each(tokenizer: Any) -> None:
    assert [tokenizer.decode([answer]) for answer in answer_token_ids(tokenizer)] == [YES, NO]


def test_answers_that_take_several_tokens_are_refused(plain: Any) -> None:
    class Splitting:
        def __call__(self, text: str, **_: Any) -> dict[str, list[int]]:
            return {"input_ids": [1, 2]}

    with pytest.raises(ValueError, match="no single token"):
        match_logits(plain, Splitting(), QUESTIONS)
