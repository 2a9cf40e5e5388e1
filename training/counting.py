"""Makes the counting half of a stylist: counts over outfits, weights fitted on the same outfits."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from outfits.cooccurrence import Cooccurrence, Counts, Floats, count_outfits, describe_fit
from outfits.scoring import Mix
from training.polyvore import Outfit, to_prompt_item
from training.questions import ItemPool, ask_each_item
from training.scoring import MatchQuestion

#: Wrong answers beside the right one in the questions that weights are fitted on.
_WRONG = 3
#: The halves' weights are normally distributed around 1, as far as we know beforehand. Some 500
#: questions alone put the model's anywhere between 0 and 0.6 (bootstrap).
_MIX_SPREAD = 0.2
#: Parts of the outfits that are counted without one of them, to ask about that one.
_FOLDS = 5


def fit_cooccurrence(outfits: Sequence[Outfit], seed: int = 0) -> Cooccurrence:
    """Count over ``outfits``, and fit the weights on leave-one-out questions about them.

    What is asked about an outfit is answered by counts over the other folds (cross-fitting), so
    that the weights trust the figures as far as they can be trusted on outfits never seen.
    """
    rng = random.Random(seed)  # noqa: S311 - reproducible, nothing secret
    folds = _split(outfits, rng)
    asked = np.array([each for fold in folds for each in _examples(fold, folds, rng)])
    mean, scale = asked.mean((0, 1)), asked.std((0, 1)) + 1e-9
    counts = _count(outfits)
    return Cooccurrence(counts, fit_logit((asked - mean) / scale), mean, scale)


def fit_logit(
    figures: Floats, penalty: float = 1e-3, towards: float = 0.0, steps: int = 20
) -> Floats:
    """Weights (f,) that make the first of each question's candidates likeliest, by Newton.

    ``figures`` is (questions, candidates, f). ``penalty`` draws every weight to ``towards``.
    """
    weights = np.full(figures.shape[-1], towards)
    for _ in range(steps):
        logits = figures @ weights
        chances = np.exp(logits - logits.max(1, keepdims=True))
        chances /= chances.sum(1, keepdims=True)
        expected = np.einsum("qc,qcf->qf", chances, figures)
        gradient = (expected - figures[:, 0]).mean(0) + penalty * (weights - towards)
        spread = figures - expected[:, None]
        curvature = np.einsum("qc,qcf,qcg->fg", chances, spread, spread) / len(figures)
        weights -= np.linalg.solve(curvature + penalty * np.eye(len(weights)), gradient)
    return weights


def _split(outfits: Sequence[Outfit], rng: random.Random) -> list[list[Outfit]]:
    drawn = rng.sample(outfits, len(outfits))
    return [drawn[number::_FOLDS] for number in range(min(_FOLDS, len(outfits)))]


def _count(outfits: Iterable[Outfit]) -> Counts:
    return count_outfits([to_prompt_item(item) for item in outfit.items] for outfit in outfits)


def _examples(
    fold: Sequence[Outfit], folds: Sequence[Sequence[Outfit]], rng: random.Random
) -> Iterator[list[list[float]]]:
    """The figures of each candidate of each question about ``fold``; the right one is first."""
    pool = ItemPool(outfit for each in folds for outfit in each)
    counts = _count(outfit for each in folds if each is not fold for outfit in each)
    for question in (q for outfit in fold for q in ask_each_item(outfit.items, pool, _WRONG, rng)):
        yield [
            describe_fit(counts, question.partial_outfit, candidate)
            for candidate in question.candidates
        ]


def fit_mix(
    questions: Sequence[MatchQuestion],
    cooccurrence: Cooccurrence,
    ask: Callable[[Sequence[MatchQuestion]], Sequence[Sequence[float]]],
) -> Mix:
    """How much each half should weigh, by a logit on ``questions`` that neither learned from.

    Both are drawn towards 1, the weights with which the model learned beside counting
    (`training.losses.match_loss`), the more the fewer questions there are.

    ``ask`` gives the model's log-odds; the right answer is the first of each question, and all
    have as many candidates. Raises `ValueError` without questions.
    """
    if not questions:
        raise ValueError("too few outfits: none is left to fit the mix on")
    counted = [cooccurrence.scores(q.partial_outfit, q.candidates) for q in questions]
    penalty = 1 / (_MIX_SPREAD**2 * len(questions))
    figures = np.stack([np.array(ask(questions)), np.array(counted)], axis=-1)
    model, known = np.maximum(0.0, fit_logit(figures, penalty, towards=1.0))
    return Mix(float(model), float(known))
