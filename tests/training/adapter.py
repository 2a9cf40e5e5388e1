"""Adapter folders for tests, without training: PEFT's own random LoRA on the tiny model."""

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from outfits.cooccurrence import COOCCURRENCE
from outfits.scoring import Mix, Taste
from tests.training.tiny import make_outfits
from training.adapters_folder import describe_base, write_adapter_folder
from training.counting import fit_cooccurrence


def make_taste(model: float = 1.0, cooccurrence: float = 0.5) -> Taste:
    """Counts over outfits of one colour each, and how much each half weighs."""
    return Taste(Mix(model, cooccurrence), fit_cooccurrence(make_outfits(24), seed=1))


def make_adapter_folder(
    base_model: Path,
    root: Path,
    name: str = "stylist-0001",
    seed: int = 7,
    taste: Taste | None = None,
) -> Path:
    """Write a valid adapter whose weights are random, and differ with ``seed``.

    The counts and the mix of ``taste`` lie beside the weights, if it is given.
    """
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    torch.manual_seed(seed)
    base: Any = AutoModelForCausalLM.from_pretrained(base_model, dtype=torch.bfloat16)
    lora = LoraConfig(
        r=4, target_modules="all-linear", task_type="CAUSAL_LM", init_lora_weights=False
    )
    model = get_peft_model(base, lora, autocast_adapter_dtype=False)
    with tempfile.TemporaryDirectory() as scratch:
        model.save_pretrained(scratch)
        manifest: dict[str, Any] = {"base_model": describe_base(base_model), "seed": seed}
        if taste is not None and taste.cooccurrence is not None:
            taste.cooccurrence.save(Path(scratch) / COOCCURRENCE)
            manifest["mix"] = asdict(taste.mix)
        return write_adapter_folder(root, name, Path(scratch), manifest)
