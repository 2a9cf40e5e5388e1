"""The transformers captioner on tiny checkpoints of two architectures, made and loaded here."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from catalog.captioning.base import CAPTION_FIELDS, CaptioningError
from catalog.captioning.prompting import write_question
from catalog.captioning.transformers import TransformersCaptioner
from tests.catalog.captioning.tiny_models import save_tiny_idefics3, save_tiny_llava

torch = pytest.importorskip("torch", reason="torch is not installed")

RED = Image.new("RGB", (40, 30), "red")
GOOD = json.dumps(
    {"sentence": "A red shirt.", **dict.fromkeys(CAPTION_FIELDS, ""), "colour": "Red"}
)
FAKE = "tests.fakes.FakeCaptioner"
MAKERS: dict[str, Callable[[Path], None]] = {
    "llava": save_tiny_llava,
    "idefics3": save_tiny_idefics3,
}


@pytest.fixture(scope="module", params=list(MAKERS))
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / f"tiny-{request.param}"
    MAKERS[request.param](folder)
    return folder


def keep_questions(captioner: TransformersCaptioner, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The problems that the model is told of from now on; it still answers by itself."""
    problems: list[str] = []
    ask = captioner._ask

    def note(image: Image.Image, problem: str) -> str:
        problems.append(problem)
        return ask(image, problem)

    monkeypatch.setattr(captioner, "_ask", note)
    return problems


def test_babble_is_asked_about_twice_and_then_captioned_by_another(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    captioner = TransformersCaptioner(str(model), max_new_tokens=8, fallback=FAKE)
    problems = keep_questions(captioner, monkeypatch)
    (draft,) = captioner.caption([RED])
    assert problems == ["", "no JSON object in the answer"]
    assert (draft.sentence, draft.captioner_id) == ("A plain thing.", "fake-captioner")
    assert "not usable (no JSON object in the answer)" in draft.note


def test_babble_without_a_fallback_is_given_up_for_good(model: Path) -> None:
    captioner = TransformersCaptioner(str(model), max_new_tokens=8, fallback="")
    with pytest.raises(CaptioningError, match="not usable") as caught:
        captioner.caption([RED])
    assert not caught.value.retryable


def test_what_the_model_writes_after_the_question_becomes_a_draft(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    captioner = TransformersCaptioner(str(model), fallback="")
    processor, network = captioner._loaded
    answer = processor.tokenizer(GOOD, return_tensors="pt", add_special_tokens=False)["input_ids"]
    seen: dict[str, Any] = {}

    def generate(**inputs: Any) -> Any:
        seen.update(inputs)
        return torch.cat([inputs["input_ids"], answer], dim=1)

    monkeypatch.setattr(network, "generate", generate)
    (draft,) = captioner.caption([RED])
    assert (draft.sentence, draft.colour, draft.note) == ("A red shirt.", "Red", "")
    assert seen["pixel_values"].shape[-2:] == (32, 32)


def test_the_model_reads_the_whole_question(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    captioner = TransformersCaptioner(str(model), max_new_tokens=1, fallback=FAKE)
    processor, network = captioner._loaded
    read: list[str] = []
    generate = network.generate

    def note(**inputs: Any) -> Any:
        read.append(processor.batch_decode(inputs["input_ids"])[0])
        return generate(**inputs)

    monkeypatch.setattr(network, "generate", note)
    captioner.caption([RED])
    assert write_question() in read[0]
    assert write_question("no JSON object in the answer") in read[1]


def test_its_id_changes_with_the_weights(model: Path, tmp_path: Path) -> None:
    copy = tmp_path / model.name
    shutil.copytree(model, copy)
    same = TransformersCaptioner(str(copy)).captioner_id
    assert same == TransformersCaptioner(str(model)).captioner_id
    weights = copy / "model.safetensors"
    changed = bytearray(weights.read_bytes())
    changed[-1] ^= 1
    weights.write_bytes(changed)
    assert TransformersCaptioner(str(copy)).captioner_id != same


def test_a_folder_without_a_model_is_not_worth_another_try(tmp_path: Path) -> None:
    with pytest.raises(CaptioningError, match="cannot be loaded") as caught:
        TransformersCaptioner(str(tmp_path)).caption([RED])
    assert not caught.value.retryable
