"""Loaded into vLLM's worker process (``--worker-extension-cls``): keeps one LoRA slot empty.

On the CPU, vLLM 0.32 gives rows of the base model slot -1, which torch reads as *the last slot*:
as soon as an adapter lies there, base rows that share a batch with adapter rows answer as that
adapter. Unloading does not help, because ``/v1/unload_lora_adapter`` only forgets the name. So the
last slot must stay empty, however many adapters come and go.

This file runs in the model server's environment and may import nothing of the project's.
"""

from typing import Any

from vllm.lora.model_manager import LRUCacheLoRAModelManager  # type: ignore[import-not-found]

_activate: Any = LRUCacheLoRAModelManager.activate_adapter


def _activate_leaving_one_slot(manager: Any, lora_id: int) -> bool:
    """Put an adapter into a slot; the least recently used one leaves before the last slot fills."""
    active = manager._active_adapters
    if lora_id not in active and len(active) >= manager.lora_slots - 1:
        active.remove_oldest()
    return bool(_activate(manager, lora_id))


LRUCacheLoRAModelManager.activate_adapter = _activate_leaving_one_slot


class ReserveBaseSlot:
    """What vLLM mixes into its worker class. Empty: importing this module did the work."""
