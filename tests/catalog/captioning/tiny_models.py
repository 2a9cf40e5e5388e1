"""Vision models of two real architectures, with random weights and tokens of single characters.

They say nothing sensible: what they prove is that loading, prompting and serving work.
"""

from pathlib import Path
from typing import Any

SMALL: dict[str, Any] = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
}
_TEMPLATE = (
    "{% for m in messages %}{% for c in m.content %}"
    "{% if c.type == 'image' %}<image>{% else %}{{ c.text }}{% endif %}"
    "{% endfor %}{% endfor %}"
)


def _make_tokenizer(specials: list[str]) -> tuple[Any, int]:
    """A tokenizer of printable characters and ``specials``; and how many tokens it has."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    basics = ["<pad>", "<s>", "</s>", "<unk>", *specials]
    vocabulary = {token: i for i, token in enumerate([*basics, *map(chr, range(32, 127))])}
    raw = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    raw.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    raw.decoder = decoders.Fuse()
    made: Any = PreTrainedTokenizerFast  # Its constructor is untyped.
    tokenizer = made(
        tokenizer_object=raw,
        pad_token="<pad>",
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        extra_special_tokens={
            "image_token": "<image>",
            **{f"mark_{i}": token for i, token in enumerate(specials) if token != "<image>"},
        },
    )
    return tokenizer, len(vocabulary)


def save_tiny_llava(folder: Path) -> None:
    """A two-layer LLaVA."""
    import torch
    import transformers as typed
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    transformers: Any = typed
    tokenizer, size = _make_tokenizer(["<image>"])
    side = {"height": 32, "width": 32}
    transformers.LlavaProcessor(
        CLIPImageProcessorPil(size=side, crop_size=side),
        tokenizer,
        patch_size=16,
        vision_feature_select_strategy="default",
        chat_template=_TEMPLATE,
        num_additional_image_tokens=1,
    ).save_pretrained(folder)
    torch.manual_seed(0)
    config = transformers.LlavaConfig(
        vision_config=transformers.CLIPVisionConfig(
            image_size=32, patch_size=16, projection_dim=32, **SMALL
        ),
        text_config=transformers.LlamaConfig(
            vocab_size=size, max_position_embeddings=2048, pad_token_id=0, **SMALL
        ),
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
        vision_feature_select_strategy="default",
    )
    transformers.LlavaForConditionalGeneration(config).save_pretrained(folder)


def save_tiny_idefics3(folder: Path) -> None:
    """A two-layer Idefics3 that looks at a picture as one tile of 32 by 32 pixels."""
    import torch
    import transformers as typed
    from transformers.models.idefics3 import image_processing_pil_idefics3 as pil

    transformers: Any = typed
    rows = [f"<row_{i + 1}_col_{j + 1}>" for i in range(6) for j in range(6)]
    marks = ["<fake_token_around_image>", "<image>", "<end_of_utterance>", "<global-img>"]
    tokenizer, size = _make_tokenizer([*marks, *rows])
    images: Any = pil.Idefics3ImageProcessorPil
    transformers.Idefics3Processor(
        images(size={"longest_edge": 32}, max_image_size={"longest_edge": 32}),
        tokenizer,
        image_seq_len=1,
        chat_template=_TEMPLATE,
    ).save_pretrained(folder)
    torch.manual_seed(0)
    config = transformers.Idefics3Config(
        vision_config=transformers.models.idefics3.Idefics3VisionConfig(
            image_size=32, patch_size=16, **SMALL
        ),
        text_config=transformers.LlamaConfig(
            vocab_size=size, max_position_embeddings=4096, pad_token_id=0, **SMALL
        ),
        image_token_id=tokenizer.convert_tokens_to_ids("<image>"),
        scale_factor=2,
        pad_token_id=0,
    )
    transformers.Idefics3ForConditionalGeneration(config).save_pretrained(folder)
