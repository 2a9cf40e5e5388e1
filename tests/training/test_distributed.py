"""Two processes over gloo make the adapter that one makes."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tests.training.tiny import make_outfits, save_tiny_model

pytest.importorskip("torch")
pytest.importorskip("accelerate")

ROOT = Path(__file__).parents[2]

#: What `manage.py train_stylist` does, with a recipe small enough for a test.
SCRIPT = """
import sys
from dataclasses import replace
from pathlib import Path
from training.polyvore import read_outfits
from training.sft import StylistConfig, train_sft

base, source, out = map(Path, sys.argv[1:])
recipe = replace(
    StylistConfig(), steps=3, outfits=3, rank=2, alpha=4, first_layer=0, precision="float32",
    kept_back_every=4, checkpoint_every=1,
)
train_sft(
    recipe, read_outfits(source), base_model=base, adapter=out / "adapter", work=out / "work",
    sources={"outfits": source}, notes={},
)
"""


def train(folder: Path, base: Path, processes: int) -> dict[str, Any]:
    from safetensors.torch import load_file

    folder.mkdir()
    script, source = folder / "script.py", folder / "outfits.jsonl"
    script.write_text(SCRIPT)
    source.write_text("\n".join(json.dumps(asdict(outfit)) for outfit in make_outfits(9)))
    launch = ["-m", "accelerate.commands.launch", "--cpu", "--num_processes", str(processes)]
    command = [sys.executable, *launch, "--num_machines", "1", "--mixed_precision", "no"]
    command += ["--dynamo_backend", "no", str(script), str(base), str(source), str(folder)]
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(load_file(folder / "adapter" / "adapter_model.safetensors"))


def test_two_processes_make_the_adapter_that_one_makes(tmp_path: Path) -> None:
    base = save_tiny_model(tmp_path / "tiny")
    alone, together = (train(tmp_path / f"by{n}", base, n) for n in (1, 2))
    assert alone.keys() == together.keys()
    for name, weight in alone.items():
        assert float((together[name].float() - weight.float()).abs().max()) < 2e-3, name
    manifest = json.loads((tmp_path / "by2" / "adapter" / "manifest.json").read_text())
    assert [point["step"] for point in manifest["curve"]] == [1, 2, 3]
