"""Adapter folders for tests, without training: PEFT's own random LoRA on the tiny model."""

import tempfile
from pathlib import Path
from typing import Any

from training.adapters_folder import describe_base, write_adapter_folder


def make_adapter_folder(
    base_model: Path, root: Path, name: str = "stylist-0001", seed: int = 7
) -> Path:
    """Write a valid adapter whose weights are random, and differ with ``seed``."""
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
        manifest = {"base_model": describe_base(base_model), "seed": seed}
        return write_adapter_folder(root, name, Path(scratch), manifest)
