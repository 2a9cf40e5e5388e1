"""Makes the counting half of a stylist: counts over outfits, weights fitted on the same outfits."""

import random
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from outfits.cooccurrence import Cooccurrence, Counts, Floats, count_outfits, describe_fit
from outfits.scoring import Mix
from training.polyvore import Outfit, to_prompt_item
from training.questions import ItemPool
from training.scoring import MatchQuestion

#: Wrong answers beside the right one in the questions that weights are fitted on.
_WRONG = 3


def fit_cooccurrence(outfits: Sequence[Outfit], seed: int = 0) -> Cooccurrence:
    """Count over ``outfits`` and fit the weights on leave-one-out questions about them."""
    counts = count_outfits([to_prompt_item(item) for item in outfit.items] for outfit in outfits)
    rng = random.Random(seed)  # noqa: S311 - reproducible, nothing secret
    asked = np.array(list(_examples(outfits, counts, rng)))
    mean, scale = asked.mean((0, 1)), asked.std((0, 1)) + 1e-9
    return Cooccurrence(counts, fit_logit((asked - mean) / scale), mean, scale)


def fit_logit(figures: Floats, penalty: float = 1e-3, steps: int = 20) -> Floats:
    """Weights (f,) that make the first of each question's candidates likeliest, by Newton.

    ``figures`` is (questions, candidates, f).
    """
    weights = np.zeros(figures.shape[-1])
    for _ in range(steps):
        logits = figures @ weights
        chances = np.exp(logits - logits.max(1, keepdims=True))
        chances /= chances.sum(1, keepdims=True)
        expected = np.einsum("qc,qcf->qf", chances, figures)
        gradient = (expected - figures[:, 0]).mean(0) + penalty * weights
        spread = figures - expected[:, None]
        curvature = np.einsum("qc,qcf,qcg->fg", chances, spread, spread) / len(figures)
        weights -= np.linalg.solve(curvature + penalty * np.eye(len(weights)), gradient)
    return weights


def _examples(
    outfits: Sequence[Outfit], counts: Counts, rng: random.Random
) -> Iterator[list[list[float]]]:
    pool = ItemPool(outfits)
    for outfit in outfits:
        for item in outfit.items:
            worn = [other for other in outfit.items if other is not item]
            others = pool.sample_like(item, _WRONG, worn, rng)
            if len(others) == _WRONG:
                look = [to_prompt_item(other) for other in worn]
                yield [
                    describe_fit(counts, look, to_prompt_item(item), less=1),
                    *(describe_fit(counts, look, to_prompt_item(other)) for other in others),
                ]


def fit_mix(
    questions: Sequence[MatchQuestion],
    cooccurrence: Cooccurrence,
    ask: Callable[[Sequence[MatchQuestion]], Sequence[Sequence[float]]],
) -> Mix:
    """How much each half should weigh, by a logit on ``questions`` that neither learned from.

    ``ask`` gives the model's log-odds; the right answer is the first of each question, and all
    have as many candidates. Raises `ValueError` without questions.
    """
    if not questions:
        raise ValueError("too few outfits: none is left to fit the mix on")
    counted = [cooccurrence.scores(q.partial_outfit, q.candidates) for q in questions]
    figures = np.stack([np.array(ask(questions)), np.array(counted)], axis=-1)
    model, known = np.maximum(0.0, fit_logit(figures))
    return Mix(float(model), float(known))
