"""The transformers captioner on a tiny LLaVA with random weights, made here."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from catalog.captioning.base import CAPTION_FIELDS, CaptioningError
from catalog.captioning.transformers import TransformersCaptioner

torch = pytest.importorskip("torch", reason="torch is not installed")

RED = Image.new("RGB", (40, 30), "red")
GOOD = json.dumps(
    {"sentence": "A red shirt.", **dict.fromkeys(CAPTION_FIELDS, ""), "colour": "Red"}
)
_TEMPLATE = (
    "{% for m in messages %}{% for c in m.content %}"
    "{% if c.type == 'image' %}<image>{% else %}{{ c.text }}{% endif %}"
    "{% endfor %}{% endfor %}"
)


def save_tiny_llava(folder: Path) -> None:
    """A two-layer LLaVA whose tokens are single characters."""
    import transformers as typed
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    transformers: Any = typed  # Its constructors are untyped.
    characters = [chr(i) for i in range(32, 127)]
    specials = ["<pad>", "<s>", "</s>", "<unk>", "<image>"]
    vocabulary = {token: i for i, token in enumerate([*specials, *characters])}
    raw = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    raw.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    raw.decoder = decoders.Fuse()
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=raw,
        pad_token="<pad>",
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        extra_special_tokens={"image_token": "<image>"},
    )
    side = {"height": 32, "width": 32}
    processor = transformers.LlavaProcessor(
        CLIPImageProcessorPil(size=side, crop_size=side),
        tokenizer,
        patch_size=16,
        vision_feature_select_strategy="default",
        chat_template=_TEMPLATE,
        num_additional_image_tokens=1,
    )
    processor.save_pretrained(folder)
    torch.manual_seed(0)
    small: dict[str, Any] = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
    }
    config = transformers.LlavaConfig(
        vision_config=transformers.CLIPVisionConfig(
            image_size=32, patch_size=16, projection_dim=32, **small
        ),
        text_config=transformers.LlamaConfig(
            vocab_size=len(vocabulary), max_position_embeddings=2048, pad_token_id=0, **small
        ),
        image_token_index=vocabulary["<image>"],
        vision_feature_select_strategy="default",
    )
    transformers.LlavaForConditionalGeneration(config).save_pretrained(folder)


@pytest.fixture(scope="session")
def llava(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny-llava"
    save_tiny_llava(folder)
    return folder


def test_babble_is_asked_about_twice_and_then_given_up(
    llava: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    captioner = TransformersCaptioner(str(llava), max_new_tokens=8)
    asked: list[bool] = []
    ask = captioner._ask

    def note(image: Image.Image, *, sample: bool) -> str:
        asked.append(sample)
        return ask(image, sample=sample)

    monkeypatch.setattr(captioner, "_ask", note)
    with pytest.raises(CaptioningError, match="gave no caption") as caught:
        captioner.caption([RED])
    assert not caught.value.retryable
    assert asked == [False, True]


def test_what_the_model_writes_after_the_question_becomes_a_draft(
    llava: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    captioner = TransformersCaptioner(str(llava))
    processor, model = captioner._loaded
    answer = processor.tokenizer(GOOD, return_tensors="pt", add_special_tokens=False)["input_ids"]
    seen: dict[str, Any] = {}

    def generate(**inputs: Any) -> Any:
        seen.update(inputs)
        return torch.cat([inputs["input_ids"], answer], dim=1)

    monkeypatch.setattr(model, "generate", generate)
    (draft,) = captioner.caption([RED])
    assert (draft.sentence, draft.colour) == ("A red shirt.", "Red")
    assert seen["pixel_values"].shape == (1, 3, 32, 32)


def test_its_id_changes_with_the_weights(llava: Path, tmp_path: Path) -> None:
    copy = tmp_path / "tiny-llava"
    shutil.copytree(llava, copy)
    same = TransformersCaptioner(str(copy)).captioner_id
    assert same == TransformersCaptioner(str(llava)).captioner_id
    weights = copy / "model.safetensors"
    changed = bytearray(weights.read_bytes())
    changed[-1] ^= 1
    weights.write_bytes(changed)
    assert TransformersCaptioner(str(copy)).captioner_id != same


def test_a_folder_without_a_model_is_not_worth_another_try(tmp_path: Path) -> None:
    with pytest.raises(CaptioningError, match="cannot be loaded") as caught:
        TransformersCaptioner(str(tmp_path)).caption([RED])
    assert not caught.value.retryable
