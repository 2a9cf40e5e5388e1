"""The client against a real vLLM server: what the recorded answers only claim."""

import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from outfits.llm.base import LanguageModelError
from outfits.llm.server import MAX_LORAS
from outfits.prompts import LETTERS, Message, PromptItem, build_choice_messages
from tests.vllm_server import RealServer, write_random_adapter

pytestmark = pytest.mark.services


def a_question(number: int = 0, candidates: int = 4) -> list[Message]:
    look = [PromptItem(f"navy blazer {number}", "blazers")]
    items = [PromptItem(f"leather shoe {n}", "shoes") for n in range(candidates)]
    return build_choice_messages(look, "shoes", items)


@pytest.fixture(scope="module")
def adapters(vllm_server: RealServer, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """More adapter folders than the server has slots."""
    folder = tmp_path_factory.mktemp("adapters")
    return [
        write_random_adapter(folder / f"random-{seed:04}", vllm_server.options.model, seed=seed)
        for seed in range(MAX_LORAS + 1)
    ]


def test_every_offered_letter_gets_a_probability_and_they_add_up_to_one(
    vllm_server: RealServer,
) -> None:
    choice = vllm_server.connect().choose(a_question(candidates=20), LETTERS)
    assert list(choice.logprobs) == list(LETTERS)
    assert sum(map(math.exp, choice.logprobs.values())) == pytest.approx(1)
    assert choice.completion == max(choice.logprobs, key=lambda letter: choice.logprobs[letter])


def test_the_letters_of_the_prompt_are_one_token_each(vllm_server: RealServer) -> None:
    for letter in LETTERS:
        body = {
            "model": vllm_server.options.model_name,
            "prompt": letter,
            "add_special_tokens": False,
        }
        answer = httpx.post(f"{vllm_server.url}/tokenize", json=body, timeout=30)
        assert answer.json()["count"] == 1


def test_an_adapter_answers_otherwise_than_the_base_model_and_can_be_loaded_twice(
    vllm_server: RealServer, adapters: list[Path]
) -> None:
    model = vllm_server.connect()
    model.load_adapter("twice", adapters[0])
    model.load_adapter("twice", adapters[0])
    adapted = model.choose(a_question(), "ABCD", adapter="twice").logprobs
    assert adapted != pytest.approx(model.choose(a_question(), "ABCD").logprobs, abs=0.01)
    assert list(model.canary(a_question(), "ABCD", adapter="twice")) == [vllm_server.url]


def test_an_unloaded_adapter_is_unknown_and_may_be_unloaded_again(
    vllm_server: RealServer, adapters: list[Path]
) -> None:
    model = vllm_server.connect()
    model.load_adapter("gone", adapters[0])
    model.unload_adapter("gone")
    model.unload_adapter("gone")
    with pytest.raises(LanguageModelError, match="`gone` does not exist") as caught:
        model.choose(a_question(), "ABCD", adapter="gone")
    assert not caught.value.retryable


def test_a_folder_that_is_no_adapter_is_refused_and_the_server_lives_on(
    vllm_server: RealServer, tmp_path: Path
) -> None:
    model = vllm_server.connect()
    with pytest.raises(LanguageModelError, match="No adapter found") as caught:
        model.load_adapter("broken", tmp_path / "nowhere")
    assert not caught.value.retryable
    assert model.is_healthy()


def test_the_base_model_answers_exactly_while_more_adapters_than_slots_are_asked(
    vllm_server: RealServer, adapters: list[Path]
) -> None:
    model = vllm_server.connect()
    numbers = range(4)
    alone = [model.choose(a_question(n), "ABCD").logprobs for n in numbers]
    for path in adapters:
        model.load_adapter(path.name, path)
    latest = adapters[-1].name
    with ThreadPoolExecutor(8) as pool:
        adapted = [
            pool.submit(model.choose, a_question(n), "ABCD", adapter=latest) for n in numbers
        ]
        mixed = [pool.submit(model.choose, a_question(n), "ABCD") for n in numbers]
    for expected, found in zip(alone, mixed, strict=True):
        assert found.result().logprobs == pytest.approx(expected, abs=0.05)
    # Else nothing would have shown what the test is about.
    assert adapted[0].result().logprobs != pytest.approx(alone[0], abs=0.1)
