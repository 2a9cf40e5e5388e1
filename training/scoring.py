"""Letter-choice prompts scored in process: what the model server answers, without the server.

A question's score is the log-probability of each offered letter as the first token of the answer,
renormalised over the offered letters; vLLM computes the same under ``structured_outputs={"choice":
[...]}``. torch is imported inside the functions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from outfits.prompts import LETTERS
from training.packing import TREE_ATTENTION, PackedPrompts, group_alike, pack_prompts
from training.questions import ChoiceQuestion

if TYPE_CHECKING:
    from torch import Tensor


def choice_logprobs(
    model: Any, tokenizer: Any, questions: Sequence[ChoiceQuestion], batch_tokens: int = 4096
) -> list[list[float]]:
    """Score every candidate of every question, in the order offered.

    Each inner list holds one log-probability (natural, <= 0) a candidate; their exponentials sum
    to one. ``model`` is a causal language model, with or without a PEFT adapter; one loaded with
    tree attention is fed packed prompts, any other right-padded ones. ``batch_tokens`` bounds the
    tokens of one forward pass. Raises `ValueError` where the letters are not single tokens.
    """
    import torch

    letters = letter_token_ids(tokenizer)
    prompts = [encode_question(tokenizer, question) for question in questions]
    scores: list[list[float]] = [[] for _ in questions]
    model.eval()
    with torch.inference_mode():
        for batch in _batches(prompts, batch_tokens, packed=_takes_packed(model)):
            states = _answer_states(model, tokenizer, [prompts[index] for index in batch])
            logits = letter_logits(model, states, letters)
            for index, row in zip(batch, logits, strict=True):
                offered = row[: len(questions[index].candidates)]
                scores[index] = torch.log_softmax(offered, dim=-1).tolist()
    return scores


def encode_question(tokenizer: Any, question: ChoiceQuestion) -> list[int]:
    """Token ids of the prompt as vLLM's chat endpoint renders it, up to where the model answers."""
    text = tokenizer.apply_chat_template(
        question.build_messages(), tokenize=False, add_generation_prompt=True
    )
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def letter_token_ids(tokenizer: Any) -> list[int]:
    """The token of each letter that can label a candidate; `ValueError` if one takes several."""
    encoded = [tokenizer(letter, add_special_tokens=False)["input_ids"] for letter in LETTERS]
    if any(len(ids) != 1 for ids in encoded):
        raise ValueError("this tokenizer has no single token for some letter")
    return [int(ids[0]) for ids in encoded]


def letter_logits(model: Any, states: Tensor, letters: Sequence[int]) -> Tensor:
    """Logits (n, letters), float32, of the letters alone, from final hidden states (n, width)."""
    head = model.get_output_embeddings().weight[list(letters)]
    logits: Tensor = (states @ head.T).float()
    return logits


def hidden_states(model: Any, packed: PackedPrompts) -> Tensor:
    """Final hidden states (T, width) of packed prompts; the model must use tree attention."""
    output = decoder(model)(
        input_ids=packed.token_ids,
        position_ids=packed.positions,
        packed=packed,
        use_cache=False,
    )
    states: Tensor = output.last_hidden_state[0]
    return states


def decoder(model: Any) -> Any:
    """The transformer under the language-model head, beneath PEFT where there is an adapter."""
    inner = model.get_base_model() if hasattr(model, "get_base_model") else model
    return inner.get_decoder()


def _takes_packed(model: Any) -> bool:
    return bool(model.config._attn_implementation == TREE_ATTENTION)


def _answer_states(model: Any, tokenizer: Any, prompts: Sequence[list[int]]) -> Tensor:
    if not _takes_packed(model):
        return _padded_states(model, tokenizer, prompts)
    packed = pack_prompts(group_alike(prompts), dtype=model.dtype, device=model.device)
    return hidden_states(model, packed)[[path[-1] for path in packed.paths]]


def _padded_states(model: Any, tokenizer: Any, prompts: Sequence[list[int]]) -> Tensor:
    import torch

    longest = max(map(len, prompts))
    padding = tokenizer.pad_token_id or 0
    ids = torch.tensor([prompt + [padding] * (longest - len(prompt)) for prompt in prompts])
    # Padding stands to the right, where causal attention never looks: no mask is needed.
    output = decoder(model)(input_ids=ids.to(model.device), use_cache=False)
    states: Tensor = output.last_hidden_state[
        torch.arange(len(prompts)), torch.tensor([len(prompt) - 1 for prompt in prompts])
    ]
    return states


def _batches(
    prompts: Sequence[Sequence[int]], batch_tokens: int, packed: bool
) -> Iterator[list[int]]:
    """Indices of prompts of like length (or, ``packed``, of like beginning), a batch at a time."""
    batch: list[int] = []

    def key(index: int) -> tuple[int, ...]:
        return tuple(prompts[index]) if packed else (len(prompts[index]),)

    for index in sorted(range(len(prompts)), key=key):
        if batch and (len(batch) + 1) * len(prompts[index]) > batch_tokens:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
