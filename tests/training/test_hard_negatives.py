"""Preferences made of outfits, and a stylist that goes on from them."""

from pathlib import Path
from typing import Literal

import pytest

from outfits.cooccurrence import COOCCURRENCE
from tests.training.tiny import make_outfits, save_tiny_model
from training.adapters_folder import read_adapter_folder
from training.hard_negatives import as_lone_examples, make_pairs, tune_on_outfits
from training.policy import PreferenceSettings
from training.sft import StylistConfig, train_sft

OUTFITS = make_outfits(8)


def test_every_worn_item_is_preferred_to_several_of_its_type() -> None:
    pairs = make_pairs(OUTFITS, 3, seed=1)
    assert len(pairs) == 3 * len(OUTFITS)
    for pair in pairs:
        kind = pair.chosen.split("(")[1]
        assert pair.rejected.split("(")[1] == kind
        assert pair.chosen != pair.rejected


def test_a_worn_item_is_not_in_the_look_that_asks_for_it() -> None:
    assert all(
        pair.chosen.split("add: ")[1].split(" (")[0] not in pair.query
        for pair in make_pairs(OUTFITS, 1, seed=1)
    )


def test_the_same_seed_makes_the_same_pairs() -> None:
    assert make_pairs(OUTFITS, 2, seed=3) == make_pairs(OUTFITS, 2, seed=3)
    assert make_pairs(OUTFITS, 2, seed=3) != make_pairs(OUTFITS, 2, seed=4)


def test_both_sides_of_a_pair_are_judged_alone_and_each_once() -> None:
    pairs = make_pairs(OUTFITS, 2, seed=1)[:2]
    examples = as_lone_examples(pairs)
    assert [example.desirable for example in examples] == [True, False, False]
    assert {example.query for example in examples} == {pairs[0].query}


@pytest.mark.parametrize("method", ["dpo", "kto"])
def test_a_tuned_stylist_keeps_its_counts_and_names_its_parent(
    method: Literal["dpo", "kto"], tmp_path: Path
) -> None:
    pytest.importorskip("trl")
    base = save_tiny_model(tmp_path / "tiny")
    source = tmp_path / "outfits.jsonl"
    source.write_text("what the outfits came from")
    recipe = StylistConfig(
        steps=1,
        outfits=2,
        rank=2,
        alpha=4,
        first_layer=0,
        precision="float32",
        kept_back_every=4,
    )
    start = train_sft(
        recipe,
        OUTFITS,
        base_model=base,
        adapter=tmp_path / "adapters" / "first",
        work=tmp_path / "work",
        sources={"outfits": source},
        notes={},
    )
    tuned = tune_on_outfits(
        PreferenceSettings(max_steps=1, pairs_per_step=2, learning_rate=1e-2, warmup=0.0),
        OUTFITS,
        negatives=2,
        method=method,
        start=read_adapter_folder(start, base),
        base_model=base,
        adapter=tmp_path / "adapters" / "second",
        work=tmp_path / "dpo",
    )
    manifest = read_adapter_folder(tuned, base).manifest
    assert (manifest["stage"], manifest["parent"]) == (method, "first")
    assert manifest["mix"].keys() == {"model", "cooccurrence"}
    assert (tuned / COOCCURRENCE).read_bytes() == (start / COOCCURRENCE).read_bytes()
    weights = "adapter_model.safetensors"
    assert (tuned / weights).read_bytes() != (start / weights).read_bytes()
