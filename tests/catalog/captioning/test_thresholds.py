"""How likely a value must be to be filled in unseen."""

import numpy as np

from catalog.captioning.thresholds import fit_threshold


def photos(n: int, honest: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities spread evenly over 0.5 to 1, and answers as right as they claim."""
    rng = np.random.default_rng(0)
    likely = rng.uniform(0.5, 1.0, n).astype(np.float32)
    return likely, rng.random(n) < (likely if honest else likely * 0.8)


def test_what_is_above_the_threshold_is_right_as_often_as_wanted_on_other_photos() -> None:
    threshold = fit_threshold(*photos(600), wanted=0.9)
    rng = np.random.default_rng(1)
    likely = rng.uniform(0.5, 1.0, 20_000)
    right = rng.random(20_000) < likely
    assert right[likely >= threshold].mean() >= 0.9


def test_a_captioner_that_is_always_right_is_always_sure() -> None:
    likely, _ = photos(300)
    assert fit_threshold(likely, np.ones(300, dtype=np.bool_)) <= likely.min()


def test_a_boastful_captioner_is_never_sure() -> None:
    assert fit_threshold(*photos(600, honest=False)) > 1


def test_a_handful_of_photos_proves_nothing() -> None:
    likely, _ = photos(10)
    assert fit_threshold(likely, np.ones(10, dtype=np.bool_)) > 1
    assert fit_threshold(likely[:0], np.ones(0, dtype=np.bool_)) > 1


def test_equally_likely_answers_are_all_sure_or_none_is() -> None:
    likely = np.full(100, 0.8, dtype=np.float32)
    right = np.arange(100) < 50
    assert fit_threshold(likely, right) > 1
