"""A language model small enough to train inside a test, and outfits to train it on."""

from pathlib import Path
from typing import Any

import pytest

from training.polyvore import Item, Outfit

CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)

#: What makes " yes" and " no" one token each; "\u0120" is how a byte tokenizer writes a space.
ANSWER_MERGES = [
    ("\u0120", "y"),
    ("\u0120y", "e"),
    ("\u0120ye", "s"),
    ("\u0120", "n"),
    ("\u0120n", "o"),
]


def save_tiny_model(folder: Path) -> Path:
    """Write a random two-layer Llama to ``folder``.

    Its tokenizer knows bytes, yes and no.
    """
    torch = pytest.importorskip("torch")
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    specials = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    alphabet = specials + sorted(pre_tokenizers.ByteLevel.alphabet())
    vocab = alphabet + ["".join(merge) for merge in ANSWER_MERGES]
    inner = Tokenizer(
        models.BPE(vocab={token: i for i, token in enumerate(vocab)}, merges=ANSWER_MERGES)
    )
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    tokenizer: Any = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=inner, bos_token=specials[1], eos_token=specials[2], pad_token=specials[2]
    )
    tokenizer.add_special_tokens({"additional_special_tokens": specials})
    tokenizer.chat_template = CHAT_TEMPLATE
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=8,
        tie_word_embeddings=True,
    )
    torch.manual_seed(0)
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def make_outfits(count: int = 6) -> list[Outfit]:
    """Outfits of three pieces in one colour each."""
    colours = ["red", "navy", "black", "green", "white", "camel", "pink", "grey"]
    kinds = [("top", "Tops", "tops"), ("jean", "Jeans", "bottoms"), ("boot", "Boots", "shoes")]
    return [
        Outfit(
            f"o{number}",
            tuple(
                Item(f"o{number}_{place}", f"{colours[number % 8]} {name} {number}", category, kind)
                for place, (name, category, kind) in enumerate(kinds)
            ),
        )
        for number in range(count)
    ]
