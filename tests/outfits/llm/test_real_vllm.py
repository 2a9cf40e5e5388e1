"""The client against a real vLLM server: what the recorded answers only claim."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from outfits.llm.base import LanguageModelError
from outfits.llm.server import MAX_LORAS
from outfits.prompts import PromptItem, build_query, build_question
from tests.vllm_server import RealServer, write_random_adapter

pytestmark = pytest.mark.services


def a_query(number: int = 0) -> str:
    return build_query([PromptItem(f"navy blazer {number}", "blazers")])


QUESTIONS = [build_question(PromptItem(f"leather shoe {n}", "shoes")) for n in range(4)]


@pytest.fixture(scope="module")
def adapters(vllm_server: RealServer, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """More adapter folders than the server has slots."""
    folder = tmp_path_factory.mktemp("adapters")
    return [
        write_random_adapter(folder / f"random-{seed:04}", vllm_server.options.model, seed=seed)
        for seed in range(MAX_LORAS + 1)
    ]


def test_a_score_is_what_the_same_weights_say_in_process(vllm_server: RealServer) -> None:
    pytest.importorskip("torch")
    from training.scoring import match_texts
    from training.stylist_model import load_stylist

    model, tokenizer = load_stylist(vllm_server.options.model, precision="bfloat16")
    texts = [(a_query(number), QUESTIONS) for number in range(3)]
    expected = match_texts(model, tokenizer, texts)
    for (query, questions), wanted in zip(texts, expected, strict=True):
        found = vllm_server.connect().match(query, questions)
        # In bf16 the same weights differ by this much between two ways to add up.
        assert found == pytest.approx(wanted, abs=0.2)


def test_a_candidate_scores_the_same_whatever_else_is_offered(vllm_server: RealServer) -> None:
    model = vllm_server.connect()
    together = model.match(a_query(), QUESTIONS)
    backwards = model.match(a_query(), QUESTIONS[::-1])[::-1]
    alone = [model.match(a_query(), [question])[0] for question in QUESTIONS]
    assert backwards == pytest.approx(together, abs=0.2)
    assert alone == pytest.approx(together, abs=0.2)


def test_an_adapter_answers_otherwise_than_the_base_model_and_can_be_loaded_twice(
    vllm_server: RealServer, adapters: list[Path]
) -> None:
    model = vllm_server.connect()
    model.load_adapter("twice", adapters[0])
    model.load_adapter("twice", adapters[0])
    adapted = model.match(a_query(), QUESTIONS, adapter="twice")
    assert adapted != pytest.approx(model.match(a_query(), QUESTIONS), abs=0.01)
    assert list(model.canary(a_query(), QUESTIONS, adapter="twice")) == [vllm_server.url]


def test_an_unloaded_adapter_is_unknown_and_may_be_unloaded_again(
    vllm_server: RealServer, adapters: list[Path]
) -> None:
    model = vllm_server.connect()
    model.load_adapter("gone", adapters[0])
    model.unload_adapter("gone")
    model.unload_adapter("gone")
    with pytest.raises(LanguageModelError, match="`gone` does not exist") as caught:
        model.match(a_query(), QUESTIONS, adapter="gone")
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
    alone = [model.match(a_query(n), QUESTIONS) for n in numbers]
    for path in adapters:
        model.load_adapter(path.name, path)
    latest = adapters[-1].name
    with ThreadPoolExecutor(8) as pool:
        adapted = [pool.submit(model.match, a_query(n), QUESTIONS, adapter=latest) for n in numbers]
        mixed = [pool.submit(model.match, a_query(n), QUESTIONS) for n in numbers]
    for expected, found in zip(alone, mixed, strict=True):
        # In another batch, logits may be rounded otherwise: in bf16, by up to 0.13 each.
        assert found.result() == pytest.approx(expected, abs=0.2)
    # Else nothing would have shown what the test is about.
    assert adapted[0].result() != pytest.approx(alone[0], abs=0.4)
