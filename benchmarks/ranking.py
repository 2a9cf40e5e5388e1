"""Questions ranked through `outfits`, against bare calls of the same model server."""

import os
import random
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
from django.conf import settings

from benchmarks.ratio import Round, interval_of, ratio_of, time_of
from catalog import conf
from outfits.llm.processes import start_group, stop_groups
from outfits.llm.server import ServerOptions, build_command, build_environment
from outfits.llm.vllm import VLLMLanguageModel
from outfits.prompts import PromptItem, build_query, build_question
from outfits.scoring import Taste, score_candidates
from outfits.selectors import shipped_stylist
from training.judging import HOUSE_OUTFITS
from training.polyvore import read_outfits, to_prompt_item

PORT = 8377
ROUNDS = 12
CANDIDATES = 8
_START_SECONDS = 300


@dataclass(frozen=True, slots=True)
class RankingResult:
    """Questions a second of both, and ours over bare."""

    ours: float
    bare: float
    ratio: float
    low: float
    high: float

    def __str__(self) -> str:
        return (
            f"ranking, {CANDIDATES} candidates a question: {self.ours:.2f} questions/s against "
            f"{self.bare:.2f} bare, {self.ratio:.2f}x [{self.low:.2f}, {self.high:.2f}]"
        )


@dataclass(frozen=True, slots=True)
class _Question:
    look: list[PromptItem]
    candidates: list[PromptItem]


def measure() -> RankingResult:
    """Start a server with the stylist that ships, and ask it both ways in turn."""
    config = conf.current()
    python = Path(settings.BASE_DIR) / ".venv-vllm" / "bin" / "python"
    options = ServerOptions(python, config.base_model_path, config.LLM_MODEL, "127.0.0.1", PORT)
    with (Path(settings.VAR) / "ranking.log").open("wb") as log:
        process = start_group(
            build_command(options), env=build_environment(options, os.environ), output=log
        )
    try:
        return _measure(options)
    finally:
        stop_groups([process], grace=10)


def _measure(options: ServerOptions) -> RankingResult:
    model = VLLMLanguageModel([options.url], options.model_name, timeout=120)
    end = time.monotonic() + _START_SECONDS
    while not model.is_healthy():
        if time.monotonic() > end:
            raise TimeoutError("the model server did not start; see var/bench/ranking.log")
        time.sleep(1)
    stylist = shipped_stylist()
    if stylist.folder is not None:
        model.load_adapter(stylist.name, stylist.folder)
    taste = stylist.taste
    questions = _make_questions(2 * ROUNDS + 2)
    with httpx.Client(base_url=options.url, timeout=120, trust_env=False) as client:
        labels = [_token(client, options.model_name, word) for word in (" yes", " no")]
        _ours(model, stylist.adapter_name, taste, questions[-1])
        _bare(client, stylist.name, labels, questions[-2])
        rounds: list[Round] = []
        for number in range(ROUNDS):
            # Other questions for each, so that neither profits from the other's prefix cache.
            first, second = questions[2 * number : 2 * number + 2]
            rounds.append(
                (
                    time_of(partial(_ours, model, stylist.adapter_name, taste, first)),
                    time_of(partial(_bare, client, stylist.name, labels, second)),
                )
            )
    ours, bare = (len(rounds) / sum(side) for side in zip(*rounds, strict=True))
    return RankingResult(ours, bare, ratio_of(rounds), *interval_of(rounds))


def _ours(model: VLLMLanguageModel, adapter: str, taste: Taste, question: _Question) -> None:
    score_candidates(
        lambda query, asked: model.match(query, asked, adapter=adapter),
        taste,
        question.look,
        question.candidates,
    )


def _bare(client: httpx.Client, model: str, labels: list[int], question: _Question) -> None:
    body = {
        "model": model,
        "query": build_query(question.look),
        "items": [build_question(candidate) for candidate in question.candidates],
        "label_token_ids": labels,
    }
    client.post("/generative_scoring", json=body).raise_for_status()


def _token(client: httpx.Client, model: str, text: str) -> int:
    body = {"model": model, "prompt": text, "add_special_tokens": False}
    return int(client.post("/tokenize", json=body).json()["tokens"][0])


def _make_questions(count: int) -> list[_Question]:
    """Four worn pieces and candidates, of the outfits that come with the package."""
    rng = random.Random(0)  # noqa: S311 - a benchmark
    items = [
        to_prompt_item(item) for outfit in read_outfits(HOUSE_OUTFITS) for item in outfit.items
    ]
    drawn = [rng.sample(items, 4 + CANDIDATES) for _ in range(count)]
    return [_Question(each[:4], each[4:]) for each in drawn]
