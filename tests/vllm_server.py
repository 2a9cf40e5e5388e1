"""One real vLLM server for the whole session, on the embedded model; starts in about a minute."""

import json
import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from safetensors.numpy import save_file

from catalog.conf import EnsembleSettings
from outfits.llm.embedded_model import prepare_base_model
from outfits.llm.processes import start_group, stop_groups
from outfits.llm.server import ServerOptions, build_command, build_environment
from outfits.llm.vllm import VLLMLanguageModel

START_TIMEOUT = 300.0


@dataclass(frozen=True)
class RealServer:
    """A running server, and the settings under which it answers."""

    options: ServerOptions
    log: Path

    @property
    def url(self) -> str:
        return self.options.url

    def connect(self) -> VLLMLanguageModel:
        return VLLMLanguageModel([self.url], self.options.model_name, timeout=60)


def find_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture(scope="session")
def vllm_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """The server, ready to answer; skips where its environment is not installed."""
    root = Path(settings.BASE_DIR)
    python = Path(os.environ.get("ENSEMBLE_VLLM_PYTHON") or root / ".venv-vllm/bin/python")
    if not python.exists():
        pytest.skip(f"no model server: {python} is missing; run `make setup`")
    name = EnsembleSettings().LLM_MODEL
    model = prepare_base_model(Path(settings.ENSEMBLE["MODELS_DIR"]) / name)
    options = ServerOptions(python, model, name, "127.0.0.1", find_free_port())
    log = tmp_path_factory.mktemp("vllm") / "server.log"
    with log.open("wb") as output:
        process = start_group(
            build_command(options), env=build_environment(options, os.environ), output=output
        )
    try:
        server = RealServer(options, log)
        end = time.monotonic() + START_TIMEOUT
        while not server.connect().is_healthy():
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"vLLM did not start:\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.5)
        yield server
    finally:
        stop_groups([process], grace=10)


def write_random_adapter(folder: Path, base: Path, *, seed: int, rank: int = 4) -> Path:
    """Write a small LoRA adapter with random weights: valid for ``base``, and good for nothing."""
    config = json.loads((base / "config.json").read_text())
    hidden, random = config["hidden_size"], np.random.default_rng(seed)
    head = config.get("head_dim") or hidden // config["num_attention_heads"]
    sizes = {
        "q_proj": config["num_attention_heads"] * head,
        "v_proj": config["num_key_value_heads"] * head,
    }
    tensors = {}
    for layer in range(config["num_hidden_layers"]):
        for module, size in sizes.items():
            prefix = f"base_model.model.model.layers.{layer}.self_attn.{module}"
            tensors[f"{prefix}.lora_A.weight"] = random.normal(0, 0.1, (rank, hidden))
            tensors[f"{prefix}.lora_B.weight"] = random.normal(0, 0.1, (size, rank))
    folder.mkdir(parents=True)
    save_file(
        {key: value.astype(np.float32) for key, value in tensors.items()},
        folder / "adapter_model.safetensors",
    )
    adapter_config = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "r": rank,
        "lora_alpha": 4 * rank,
        "target_modules": list(sizes),
        "base_model_name_or_path": str(base),
        "bias": "none",
    }
    (folder / "adapter_config.json").write_text(json.dumps(adapter_config))
    return folder
