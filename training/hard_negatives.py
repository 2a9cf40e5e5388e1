"""Stage 2 on outfits: what was worn is preferred to others of its type, by DPO.

The paper behind Ensemble (https://arxiv.org/abs/2409.12150) tunes on direct preferences with
negative examples; here a negative is of the same semantic type, so that the type gives nothing
away, and every worn item gets several. torch and trl are imported inside the functions.
"""

import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from outfits.cooccurrence import COOCCURRENCE, Cooccurrence
from outfits.prompts import build_query, build_question
from training.adapters_folder import AdapterFolder, write_adapter_folder
from training.counting import fit_mix
from training.dataset import PairExample, hash_pairs
from training.dpo import DPOProgress, DPOSettings, describe_recipe, train_dpo
from training.outfit_split import kept_back_questions, split_outfits
from training.polyvore import Outfit, to_prompt_item
from training.questions import ItemPool
from training.scoring import MatchQuestion, match_logits
from training.stylist_model import load_stylist


def make_pairs(outfits: Sequence[Outfit], negatives: int, seed: int) -> list[PairExample]:
    """Leave one item out of each outfit; a pair for each of up to ``negatives`` others."""
    rng = random.Random(seed)  # noqa: S311 - reproducible, nothing secret
    pool = ItemPool(outfits)
    pairs = []
    for outfit in outfits:
        worn, *look = rng.sample(outfit.items, len(outfit.items))
        query = build_query([to_prompt_item(item) for item in look])
        chosen = build_question(to_prompt_item(worn))
        for other in pool.sample_like(worn, negatives, look, rng):
            rejected = build_question(to_prompt_item(other))
            if rejected != chosen:
                pairs.append(PairExample(outfit.outfit_id, query, chosen, rejected))
    return pairs


def tune_on_outfits(
    settings: DPOSettings,
    outfits: Sequence[Outfit],
    *,
    negatives: int,
    start: AdapterFolder,
    base_model: Path,
    adapter: Path,
    work: Path,
    on_progress: Callable[[DPOProgress], None] = lambda progress: None,
) -> Path:
    """Go on from the stylist ``start``, which learned from ``outfits``; writes another one.

    The outfits that ``start`` kept back stay kept back, and decide anew how the halves mix.
    ``work`` keeps checkpoints, as in `training.dpo.train_dpo`.
    """
    recipe = start.manifest["recipe"]
    learned, kept_back = split_outfits(outfits, recipe["kept_back_every"])
    pairs = make_pairs(learned, negatives, settings.seed)
    result = train_dpo(
        pairs,
        base_model=base_model,
        work=work,
        start=start.path,
        settings=settings,
        on_progress=on_progress,
    )
    shutil.copyfile(start.path / COOCCURRENCE, result.folder / COOCCURRENCE)
    model, tokenizer = load_stylist(base_model, precision=result.precision)
    model = _attach(model, result.folder)

    def ask(questions: Sequence[MatchQuestion]) -> list[list[float]]:
        return match_logits(model, tokenizer, questions)

    questions = kept_back_questions(kept_back, learned, recipe["seed"])
    mix = fit_mix(questions, Cooccurrence.load(start.path / COOCCURRENCE), ask)
    manifest = {
        **{name: start.manifest[name] for name in ("base_model", "outfits")},
        "stage": "dpo",
        "parent": start.name,
        "seed": settings.seed,
        "recipe": {
            **describe_recipe(settings, result),
            "negatives": negatives,
            "kept_back_every": recipe["kept_back_every"],
        },
        "data": {**start.manifest["data"], "pairs": hash_pairs(pairs)},
        "mix": asdict(mix),
        "curve": result.curve,
    }
    return write_adapter_folder(adapter.parent, adapter.name, result.folder, manifest)


def _attach(model: Any, folder: Path) -> Any:
    from peft import PeftModel

    return PeftModel.from_pretrained(model, str(folder), autocast_adapter_dtype=False)
