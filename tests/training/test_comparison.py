"""Scorers side by side: each must come out where theory says."""

import pytest

from outfits.scoring import Mix, Taste
from tests.fakes import FakeEmbedder
from tests.training.world import ColourModel, make_verdicts, make_world
from training.comparison import compare, pool_items
from training.counting import fit_cooccurrence
from training.polyvore import FitbQuestion, Item
from training.scorers import (
    SHORTLIST,
    CategoryScorer,
    CosineScorer,
    CountingScorer,
    RandomScorer,
    Scorer,
    StylistScorer,
)


@pytest.mark.parametrize("name", ["random", "category"])
def test_a_scorer_that_knows_nothing_is_at_chance(name: str) -> None:
    outfits, questions = make_world(400)
    scorer: Scorer = RandomScorer() if name == "random" else CategoryScorer(outfits)
    report = compare(scorer, questions, make_verdicts(outfits))
    assert report.fitb is not None
    assert report.auc is not None
    assert report.fitb.low <= 0.25 <= report.fitb.high
    assert report.auc.low <= 0.5 <= report.auc.high


def test_cosine_finds_what_is_worded_alike() -> None:
    outfits, questions = make_world()
    report = compare(CosineScorer(FakeEmbedder()), questions, make_verdicts(outfits))
    assert report.fitb is not None
    assert report.fitb.low > 0.25


def test_counting_learns_which_words_are_worn_together() -> None:
    outfits, questions = make_world()
    report = compare(CountingScorer(outfits), questions[:40], make_verdicts(outfits[:40]))
    assert report.fitb is not None
    assert report.auc is not None
    assert report.fitb.value > 0.9
    assert report.auc.value > 0.9


def test_a_stylist_whose_model_knows_the_answers_gets_them_all() -> None:
    _, questions = make_world(40)
    report = compare(StylistScorer("sees", Taste(), ColourModel()), questions, [])
    assert report.scorer == "sees"
    assert report.fitb is not None
    assert report.fitb.value == 1.0
    assert (report.auc, report.cir, report.asked) == (None, {}, 40)


def test_an_outfit_scores_by_each_item_with_the_others_as_the_look() -> None:
    outfits, _ = make_world(8)
    model = ColourModel()
    report = compare(StylistScorer("sees", Taste(), model), [], make_verdicts(outfits))
    assert report.auc is not None
    assert report.auc.value == 1.0
    assert report.fitb is None
    assert len(model.asked) == 3 * 16
    assert all(len(questions) == 1 for _, questions in model.asked)


def test_retrieval_ranks_the_worn_item_among_all_of_its_type() -> None:
    outfits, questions = make_world()
    report = compare(CountingScorer(outfits), questions, [], retrievals=20)
    assert set(report.cir) == {1, 10, 30, 50}
    assert report.cir[1].value <= report.cir[10].value <= report.cir[50].value
    assert report.cir[50].value > 0.8


def test_a_scorer_that_ties_everything_stands_in_the_middle_of_the_pool() -> None:
    outfits, questions = make_world(120)
    report = compare(CategoryScorer(outfits), questions, [], retrievals=20)
    assert report.cir[1].value == 0
    assert report.cir[50].value == 0


def test_a_stylist_retrieves_with_one_shortlist_a_question() -> None:
    outfits, questions = make_world(120)
    model = ColourModel()
    taste = Taste(Mix(1.0, 1.0), fit_cooccurrence(outfits))
    report = compare(StylistScorer("both", taste, model), questions, [], retrievals=10)
    assert report.cir[50].value > 0.8
    shortlisted = [asked for _, asked in model.asked if len(asked) > 4]
    assert [len(asked) for asked in shortlisted] == [SHORTLIST] * 10


def test_the_pool_holds_every_item_once_by_name() -> None:
    boot = Item("1", "red boot", "Boots", "shoes")
    again = Item("2", "red boot", "Boots", "shoes")
    top = Item("3", "red top", "Tops", "tops")
    pool = pool_items([FitbQuestion("1", (top,), (boot, again), 0)], [])
    assert pool == {"shoes": [boot], "tops": [top]}


def test_a_report_is_json_with_intervals_beside_figures() -> None:
    outfits, questions = make_world(40)
    report = compare(RandomScorer(), questions, make_verdicts(outfits), retrievals=5).as_json()
    assert report["fitb_ci"][0] <= report["fitb_accuracy"] <= report["fitb_ci"][1]
    assert report["auc_ci"][0] <= report["compatibility_auc"] <= report["auc_ci"][1]
    assert (
        report["cir"].keys() == report["cir_ci"].keys() == {f"recall@{k}" for k in (1, 10, 30, 50)}
    )
    assert report["questions_per_second"] > 0
