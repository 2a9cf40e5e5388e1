"""Stage 2 on outfits: what was worn is preferred to others of its type, by DPO.

The paper behind Ensemble (https://arxiv.org/abs/2409.12150) tunes on direct preferences with
negative examples; here a negative is of the same semantic type, so that the type gives nothing
away, and every worn item gets several. torch and trl are imported inside the functions.
"""

import hashlib
import json
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Literal

from outfits.cooccurrence import COOCCURRENCE, Cooccurrence
from outfits.prompts import build_query, build_question
from training.adapters_folder import (
    MANIFEST,
    AdapterFolder,
    read_adapter_folder,
    write_adapter_folder,
)
from training.counting import fit_mix
from training.dataset import PairExample, hash_pairs
from training.dpo import describe_recipe, train_dpo
from training.kto import LoneExample, train_kto
from training.outfit_split import kept_back_questions, split_outfits
from training.policy import PreferenceProgress, PreferenceResult, PreferenceSettings
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


def as_lone_examples(pairs: Sequence[PairExample]) -> list[LoneExample]:
    """Both sides of each pair as judgements of their own; what was said of both is told once."""
    examples = []
    for pair in pairs:
        examples += [
            LoneExample(pair.query, pair.chosen, desirable=True),
            LoneExample(pair.query, pair.rejected, desirable=False),
        ]
    return list(dict.fromkeys(examples))


def tune_on_outfits(
    settings: PreferenceSettings,
    outfits: Sequence[Outfit],
    *,
    negatives: int,
    method: Literal["dpo", "kto"] = "dpo",
    start: AdapterFolder,
    base_model: Path,
    adapter: Path,
    work: Path,
    on_progress: Callable[[PreferenceProgress], None] = lambda progress: None,
) -> Path:
    """Go on from the stylist ``start``, which learned from ``outfits``; writes another one.

    The outfits that ``start`` kept back stay kept back, and decide anew how the halves mix.
    With ``method`` "kto", worn and not worn are judged each alone, as lone thumbs are.
    ``work`` keeps checkpoints, as in `training.dpo.train_dpo`, for each tuning its own; one that
    was made before is returned. Raises `FileExistsError` where ``adapter`` is another one.
    """
    recipe = start.manifest["recipe"]
    learned, kept_back = split_outfits(outfits, recipe["kept_back_every"])
    pairs = make_pairs(learned, negatives, settings.seed)
    tuning = _hash_tuning(settings, method, pairs, start)
    if (adapter / MANIFEST).exists():
        if read_adapter_folder(adapter).manifest.get("tuning") == tuning:
            return adapter
        raise FileExistsError(f"{adapter} exists, tuned otherwise: give this one another name.")
    train: Callable[..., PreferenceResult] = (
        partial(train_dpo, pairs)
        if method == "dpo"
        else partial(train_kto, as_lone_examples(pairs))
    )
    result = train(
        base_model=base_model,
        work=work / tuning[:16],
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
        "stage": method,
        "tuning": tuning,
        "parent": start.name,
        "seed": settings.seed,
        "recipe": {
            **describe_recipe(settings, result),
            "method": method,
            "negatives": negatives,
            "kept_back_every": recipe["kept_back_every"],
        },
        "data": {**start.manifest["data"], "pairs": hash_pairs(pairs)},
        "mix": asdict(mix),
        "curve": result.curve,
    }
    return write_adapter_folder(adapter.parent, adapter.name, result.folder, manifest)


def _hash_tuning(
    settings: PreferenceSettings, method: str, pairs: Sequence[PairExample], start: AdapterFolder
) -> str:
    parts = [asdict(settings), method, hash_pairs(pairs), start.manifest["files"]]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _attach(model: Any, folder: Path) -> Any:
    from peft import PeftModel

    return PeftModel.from_pretrained(model, str(folder), autocast_adapter_dtype=False)
