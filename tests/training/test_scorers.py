"""What each scorer asks and answers."""

from pathlib import Path

import numpy as np
import pytest

from outfits.llm.base import LanguageModelError
from outfits.prompts import build_query, build_question
from outfits.scoring import Mix, Taste, score_candidates
from tests.fakes import FakeLanguageModel
from tests.training.adapter import make_adapter_folder
from tests.training.world import ColourModel, make_item, make_world
from training import scorers
from training.counting import fit_cooccurrence
from training.polyvore import Item, to_prompt_item
from training.scorers import (
    SHORTLIST,
    FillIn,
    PopularityScorer,
    StylistScorer,
    Text,
    ask_in_process,
    ask_served,
)

OUTFITS, QUESTIONS = make_world()
COUNTED = fit_cooccurrence(OUTFITS)
LOOK = OUTFITS[0].items[:2]
#: What could complete it: boots in all colours, the worn one last.
BOOTS = (*(outfit.items[2] for outfit in OUTFITS[1:8]), OUTFITS[0].items[2])
#: More than the model is asked about at once.
MANY = tuple(outfit.items[2] for outfit in OUTFITS)
ONE: list[Text] = [("look: a shirt\n", ["add: shoes\nmatch:"])]


def test_popularity_prefers_what_is_worn_often() -> None:
    rare = Item("x", "red tiara", "Tiaras", "shoes")
    scores = PopularityScorer(OUTFITS).score([FillIn((), (rare, OUTFITS[0].items[2]))])
    assert scores[0][0] < scores[0][1]


def test_a_stylist_is_asked_in_the_words_that_looks_are_built_with() -> None:
    model = ColourModel()
    StylistScorer("both", Taste(), model).score([FillIn(LOOK, BOOTS[:2])])
    look, boots = [*map(to_prompt_item, LOOK)], [*map(to_prompt_item, BOOTS[:2])]
    assert model.asked == [(build_query(look), [build_question(boot) for boot in boots])]


def test_a_stylist_scores_as_looks_are_scored() -> None:
    model, taste = ColourModel(), Taste(Mix(0.7, 0.4), COUNTED)
    look, boots = [*map(to_prompt_item, LOOK)], [*map(to_prompt_item, BOOTS)]
    served = score_candidates(lambda query, asked: model([(query, asked)])[0], taste, look, boots)
    (scores,) = StylistScorer("both", taste, model).score([FillIn(LOOK, BOOTS)])
    assert scores == [score.total for score in served]


@pytest.mark.parametrize("mix", [Mix(1.0, 0.0), Mix(0.0, 1.0), Mix(2.0, 0.5)])
def test_a_score_adds_up_both_halves_as_they_are_mixed(mix: Mix) -> None:
    model = ColourModel()
    (scores,) = StylistScorer("both", Taste(mix, COUNTED), model).score([FillIn(LOOK, BOOTS)])
    (said,) = model(model.asked[:])
    known = COUNTED.scores([*map(to_prompt_item, LOOK)], [*map(to_prompt_item, BOOTS)])
    assert scores == pytest.approx(mix.model * np.array(said) + mix.cooccurrence * np.array(known))


def test_of_many_candidates_the_model_is_asked_about_those_that_count_best() -> None:
    model = ColourModel()
    (scores,) = StylistScorer("both", Taste(Mix(), COUNTED), model).score([FillIn(LOOK, MANY)])
    known = COUNTED.scores([*map(to_prompt_item, LOOK)], [*map(to_prompt_item, MANY)])
    best = sorted(range(len(MANY)), key=lambda place: -known[place])[:SHORTLIST]
    ((_, asked),) = model.asked
    assert list(asked) == [build_question(to_prompt_item(MANY[place])) for place in best]
    unasked = [scores[place] for place in range(len(MANY)) if place not in best]
    assert max(unasked) < min(scores[place] for place in best)


def test_candidates_that_fit_the_shortlist_are_all_asked_about() -> None:
    model = ColourModel()
    few = MANY[:SHORTLIST]
    StylistScorer("both", Taste(Mix(), COUNTED), model).score([FillIn(LOOK, few)])
    ((_, asked),) = model.asked
    assert list(asked) == [build_question(to_prompt_item(item)) for item in few]


@pytest.mark.parametrize(("taste", "able"), [(Taste(), False), (Taste(Mix(), COUNTED), True)])
def test_only_a_stylist_that_counts_can_retrieve(taste: Taste, able: bool) -> None:
    assert StylistScorer("one", taste, ColourModel()).can_retrieve is able


def test_the_server_is_asked_by_the_adapters_name_and_answers_in_order() -> None:
    model, told = FakeLanguageModel(), list[int]()
    model.taste = "red"
    texts: list[Text] = [
        (f"look: {n}\n", ["add: red\n", "add: blue\n"][:: 1 - 2 * (n % 2)]) for n in range(40)
    ]
    answers = ask_served(model, "stylist-0001", told.append)(texts)
    assert answers == [[5.0, -1.0] if n % 2 == 0 else [-0.0, 5.0] for n in range(40)]
    assert {adapter for _, _, adapter in model.asked} == {"stylist-0001"}
    assert told == [1] * 40


def test_a_server_that_does_not_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scorers, "_PAUSES", (0.0, 0.0))
    model = FakeLanguageModel()
    model.error = LanguageModelError("The model server is down.", retryable=True)
    with pytest.raises(LanguageModelError, match="is down"):
        ask_served(model, "")(ONE)


def test_a_server_that_was_busy_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    model = FakeLanguageModel()
    model.error = LanguageModelError("The model server is busy.", retryable=True)

    def recover(seconds: float) -> None:
        model.error = None

    monkeypatch.setattr("training.scorers.time.sleep", recover)
    told: list[int] = []
    assert len(ask_served(model, "", told.append)(ONE)) == sum(told) == 1


def test_a_server_that_refuses_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    model = FakeLanguageModel()
    model.error = LanguageModelError("HTTP 404.", retryable=False)
    monkeypatch.setattr("training.scorers.time.sleep", pytest.fail)
    with pytest.raises(LanguageModelError, match="404"):
        ask_served(model, "")(ONE)


def test_the_weights_are_asked_in_this_process_with_and_without_an_adapter(
    tiny_model: Path, tmp_path: Path
) -> None:
    pytest.importorskip("torch")
    adapter = make_adapter_folder(tiny_model, tmp_path)
    told: list[int] = []
    texts: list[Text] = [("look: a shirt\n", ["add: shoes\nmatch:", "add: a hat\nmatch:"])] * 2
    base = ask_in_process(tiny_model, None, told.append)(texts)
    tuned = ask_in_process(tiny_model, adapter)(texts)
    assert [len(row) for row in base] == [2, 2]
    assert base[0] == pytest.approx(base[1])
    assert tuned != base
    assert sum(told) == 2


def test_an_item_is_known_by_name_and_category() -> None:
    model = ColourModel()
    StylistScorer("one", Taste(), model).score(
        [FillIn((make_item(1, "tops", "red"),), (make_item(2, "shoes", "red"),))]
    )
    assert model.asked == [
        ("look: red thing 1 (tops)\n", ["add: red thing 2 (boots)\nmatch:"]),
    ]
