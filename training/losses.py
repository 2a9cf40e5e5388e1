"""What stage 1 minimises, and how fast it goes. torch is imported inside the functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from training.packing import PackedPrompts
from training.questions import ChoiceQuestion

if TYPE_CHECKING:
    from torch import Tensor


def listwise(
    scores: Sequence[Tensor] | Tensor, questions: Sequence[ChoiceQuestion], share: float
) -> tuple[Tensor, float]:
    """Cross-entropy over each question's offered candidates, mean; and the share answered right.

    ``share`` of each target is the teacher's chances where the question has any.
    """
    import torch

    losses, right = [], 0
    for row, question in zip(scores, questions, strict=True):
        offered = torch.log_softmax(row[: len(question.candidates)], dim=-1)
        target = torch.nn.functional.one_hot(torch.tensor(question.correct), len(offered)).float()
        if question.chances:
            target = target.lerp(torch.tensor(question.chances), share)
        losses.append(-(offered @ target.to(offered.device)))
        right += int(offered.argmax()) == question.correct
    return torch.stack(losses).mean(), right / len(questions)


def between(ends: tuple[float, float], position: float) -> float:
    """The value at ``position`` (0 to 1) on the way from the first end to the second."""
    return ends[0] + (ends[1] - ends[0]) * position


def point(
    states: Tensor,
    pointer: Tensor,
    packed: PackedPrompts,
    prompts: Sequence[Sequence[int]],
    questions: Sequence[ChoiceQuestion],
    tokenizer: Any,
) -> list[Tensor]:
    """The pointer's score of each candidate, read where its line ends: one (candidates,) a prompt.

    ``states`` (T, width) are a layer's normalised output for ``packed``, ``pointer`` is (width,).
    The prompts must end as in ChatML: end of message, line break, the assistant's role, line
    break.
    """
    newline = tokenizer("\n", add_special_tokens=False)["input_ids"][-1]
    scores = []
    for path, prompt, question in zip(packed.paths, prompts, questions, strict=True):
        breaks = [index for index, token in enumerate(prompt) if token == newline]
        # The last candidate's line ends with the end-of-message token, before the two line
        # breaks of the chat template.
        ends = [*breaks[:-2], breaks[-2] - 1][-len(question.candidates) :]
        scores.append(states[[path[end] for end in ends]].float() @ pointer)
    return scores


def schedule(step: int, steps: int, warmup: float) -> float:
    """Linear warm-up, then linear decay to a tenth."""
    warm = max(1, round(warmup * steps))
    if step < warm:
        return (step + 1) / warm
    return 1.0 - 0.9 * (step - warm) / max(1, steps - warm)
