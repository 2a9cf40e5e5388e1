"""Loads and writes stylists: the base model, LoRA on it, adapter folders.

torch, transformers and peft are imported inside the functions.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from outfits.cooccurrence import COOCCURRENCE, Cooccurrence
from training.adapters_folder import CONFIG, WEIGHTS, read_adapter_folder, write_adapter_folder
from training.packing import register_tree_attention

if TYPE_CHECKING:
    from training.sft import StylistConfig


class BaseModelMissing(Exception):
    """There are no weights to train or ask; the message says what makes them."""


def load_stylist(base_model: Path, adapter: Path | None = None, precision: str = "float32") -> Any:
    """Load the base model, and ``adapter`` on it. Returns (model, tokenizer).

    It is on the accelerator where there is one; on a CPU it computes with tree attention
    (`training.packing`).

    Raises `BaseModelMissing`, and `training.adapters_folder.AdapterInvalid` when ``adapter`` is
    none.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    if not (base_model / "config.json").exists():
        raise BaseModelMissing(
            f"There is no base model in {base_model}: run manage.py prepare_models, "
            "or set ENSEMBLE_BASE_MODEL_PATH."
        )

    accelerated = torch.cuda.is_available()
    tokenizer = AutoTokenizer.from_pretrained(base_model)
    model: Any = AutoModelForCausalLM.from_pretrained(
        base_model,
        dtype=getattr(torch, precision),
        attn_implementation="sdpa" if accelerated else register_tree_attention(),
    )
    if accelerated:
        model.to("cuda")
    if adapter is not None:
        from peft import PeftModel

        read_adapter_folder(adapter, base_model)
        model = PeftModel.from_pretrained(model, adapter, autocast_adapter_dtype=False)
    return model, tokenizer


def add_lora(base: Any, config: StylistConfig) -> Any:
    """Put a new LoRA on ``base``, as the recipe says."""
    from peft import LoraConfig, get_peft_model

    layers = list(range(config.first_layer, base.config.num_hidden_layers))
    lora = LoraConfig(
        r=config.rank,
        lora_alpha=config.alpha,
        lora_dropout=config.dropout,
        target_modules=list(config.targets),
        layers_to_transform=layers if config.first_layer else None,
        task_type="CAUSAL_LM",
    )
    return get_peft_model(base, lora, autocast_adapter_dtype=False)


def write_adapter(
    model: Any, cooccurrence: Cooccurrence, adapter: Path, manifest: Mapping[str, Any]
) -> Path:
    """Write LoRA weights (bf16), counts and ``manifest`` as the new folder ``adapter``.

    Raises `FileExistsError` when there is one: adapters never change.
    """
    import torch
    from peft import get_peft_model_state_dict
    from safetensors.torch import save_file

    weights = {
        name: tensor.to(torch.bfloat16).contiguous()
        for name, tensor in get_peft_model_state_dict(model).items()
    }
    modules = {name.split(".lora_")[0].rsplit(".", 1)[-1] for name in weights}
    settings = model.peft_config["default"].to_dict() | {"target_modules": sorted(modules)}
    with tempfile.TemporaryDirectory() as scratch:
        save_file(weights, Path(scratch) / WEIGHTS, metadata={"format": "pt"})
        encoded = json.dumps(settings, default=sorted)
        (Path(scratch) / CONFIG).write_text(encoded, encoding="utf-8")
        cooccurrence.save(Path(scratch) / COOCCURRENCE)
        return write_adapter_folder(adapter.parent, adapter.name, Path(scratch), manifest)
