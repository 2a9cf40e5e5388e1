"""Questions scored in process: what the model server answers, without the server.

A candidate's score is its log-odds: log P(yes) - log P(no) as the next token. vLLM's
``/generative_scoring`` computes the same from the same tokens. torch is imported inside the
functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from outfits.prompts import NO, YES, PromptItem, build_query, build_question
from training.packing import TREE_ATTENTION, PackedPrompts, pack_prompts
from training.rows import PromptRows, lay_rows

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class MatchQuestion:
    """Which candidate goes with a partial outfit? ``candidates[correct]`` was worn with it."""

    partial_outfit: tuple[PromptItem, ...]
    candidates: tuple[PromptItem, ...]
    correct: int = 0
    context: tuple[str, ...] = ()

    def build_texts(self) -> tuple[str, list[str]]:
        """The query, and a question a candidate, as the server is asked."""
        return build_query(self.partial_outfit, self.context), [
            *map(build_question, self.candidates)
        ]


def match_logits(
    model: Any,
    tokenizer: Any,
    questions: Sequence[MatchQuestion],
    batch_tokens: int = 4096,
    on_answered: Callable[[int], None] = lambda count: None,
) -> list[list[float]]:
    """The log-odds of every candidate of every question, in the order offered. See the next."""
    texts = [question.build_texts() for question in questions]
    return match_texts(model, tokenizer, texts, batch_tokens, on_answered)


def match_texts(
    model: Any,
    tokenizer: Any,
    texts: Sequence[tuple[str, Sequence[str]]],
    batch_tokens: int = 4096,
    on_answered: Callable[[int], None] = lambda count: None,
) -> list[list[float]]:
    """The log-odds of yes to every question of each (query, questions).

    ``model`` is a causal language model, with or without a PEFT adapter; one loaded with tree
    attention is fed packed prompts, any other rows. ``batch_tokens`` bounds the tokens of one
    forward pass; ``on_answered`` is told how many of ``texts`` were answered. Raises
    `ValueError` where the answers are not single tokens.
    """
    import torch

    answers = answer_token_ids(tokenizer)
    prompts = [encode_texts(tokenizer, query, asked) for query, asked in texts]
    scores: list[list[float]] = [[] for _ in texts]
    model.eval()
    with torch.inference_mode():
        for batch in _batches(prompts, batch_tokens):
            states = last_states(model, [prompts[index] for index in batch])
            logits = iter(answer_logits(model, states, answers).tolist())
            for index in batch:
                scores[index] = [next(logits) for _ in prompts[index]]
            on_answered(len(batch))
    return scores


def encode_question(tokenizer: Any, question: MatchQuestion) -> list[list[int]]:
    """Token ids of each candidate's prompt."""
    return encode_texts(tokenizer, *question.build_texts())


def encode_texts(tokenizer: Any, query: str, questions: Sequence[str]) -> list[list[int]]:
    """Token ids of each prompt: the query's, then its own, as vLLM joins them."""
    # Only the query begins a text: models that want a token there get it there.
    shared = list(tokenizer(query)["input_ids"])
    return [shared + _encode(tokenizer, text) for text in questions]


def answer_token_ids(tokenizer: Any) -> tuple[int, int]:
    """The tokens of yes and no; `ValueError` if one takes several."""
    encoded = [_encode(tokenizer, answer) for answer in (YES, NO)]
    if any(len(ids) != 1 for ids in encoded):
        raise ValueError(f"this tokenizer has no single token for {YES!r} or {NO!r}")
    return encoded[0][0], encoded[1][0]


def answer_logits(model: Any, states: Tensor, answers: tuple[int, int]) -> Tensor:
    """Log-odds (n,) in float32 of yes against no, from final hidden states (n, width).

    The product is taken in float32: logits of this size have steps of 1/16 and more in bf16.
    """
    head = model.get_output_embeddings().weight[list(answers)].float()
    logits: Tensor = states.float() @ (head[0] - head[1])
    return logits


def last_states(model: Any, groups: Sequence[Sequence[Sequence[int]]]) -> Tensor:
    """Final hidden states (P, width) of the last token of each prompt, group after group.

    Prompts of one group should begin alike: what they share is computed once.
    """
    batch: PackedPrompts | PromptRows
    if model.config._attn_implementation == TREE_ATTENTION:
        batch = pack_prompts(groups, dtype=model.dtype, device=model.device)
        states = _run(model, batch, packed=batch)
    else:
        batch = lay_rows(groups, device=model.device)
        states = _run(model, batch, attention_mask=batch.mask)
    return states[[path[-1] for path in batch.paths]]


def _run(model: Any, batch: PackedPrompts | PromptRows, **how: Any) -> Tensor:
    output = decoder(model)(
        input_ids=batch.token_ids, position_ids=batch.positions, use_cache=False, **how
    )
    states: Tensor = output.last_hidden_state.flatten(0, 1)
    return states


def decoder(model: Any) -> Any:
    """The transformer under the language-model head, beneath PEFT where there is an adapter."""
    inner = model.get_base_model() if hasattr(model, "get_base_model") else model
    return inner.get_decoder()


def _encode(tokenizer: Any, text: str) -> list[int]:
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def _batches(prompts: Sequence[Sequence[Sequence[int]]], batch_tokens: int) -> Iterator[list[int]]:
    """Indices of questions of like length, a batch at a time."""
    sizes = [len(group) * max(map(len, group), default=0) for group in prompts]
    batch: list[int] = []
    taken = 0
    for index in sorted(range(len(prompts)), key=lambda index: sizes[index]):
        if batch and taken + sizes[index] > batch_tokens:
            yield batch
            batch, taken = [], 0
        if sizes[index]:
            batch.append(index)
            taken += sizes[index]
    if batch:
        yield batch
