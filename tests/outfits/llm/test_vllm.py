"""The vLLM client, against a local server that replays recorded answers."""

import math
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from outfits.llm.base import LanguageModelError
from outfits.llm.vllm import VLLMLanguageModel, log_odds
from tests.outfits.llm.fake_server import (
    ALREADY_LOADED,
    NOT_LOADED,
    UNKNOWN_MODEL,
    FakeServer,
    Recorded,
    answer_of,
    refusal_of,
    tokens_of,
)

SCORE = "/generative_scoring"
TOKENIZE = "/tokenize"
LOAD = "/v1/load_lora_adapter"
UNLOAD = "/v1/unload_lora_adapter"
QUERY = "look: a coat\n"
QUESTIONS = ["add: a shoe\nmatch:", "add: a boot\nmatch:"]
ANSWER = Recorded(answer_of(0.25, 0.75))

StartServer = Callable[..., FakeServer]


@pytest.fixture
def start_server() -> Iterator[StartServer]:
    started: list[FakeServer] = []

    def start(**answers: Recorded) -> FakeServer:
        started.append(FakeServer({f"/{path}": answer for path, answer in answers.items()}))
        started[-1].answers.setdefault(SCORE, ANSWER)
        started[-1].answers.setdefault(TOKENIZE, Recorded(tokens_of(7)))
        return started[-1]

    yield start
    for server in started:
        server.stop()


def a_model(*servers: FakeServer | str, **options: Any) -> VLLMLanguageModel:
    urls = [server if isinstance(server, str) else server.url for server in servers]
    return VLLMLanguageModel(urls, "base", **{"timeout": 5.0, **options})


def a_closed_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def test_all_candidates_are_asked_about_in_one_request(start_server: StartServer) -> None:
    server = start_server()
    odds = a_model(server).match(QUERY, QUESTIONS)
    assert odds == pytest.approx([math.log(1 / 3), math.log(3)])
    assert server.asked(SCORE)[0].body == {
        "model": "base",
        "query": QUERY,
        "items": QUESTIONS,
        "label_token_ids": [7, 7],
    }


def test_the_tokens_of_yes_and_no_are_asked_for_once(start_server: StartServer) -> None:
    server = start_server()
    model = a_model(server)
    for _ in range(2):
        model.match(QUERY, QUESTIONS)
    assert [r.body["prompt"] for r in server.asked(TOKENIZE)] == [" yes", " no"]


def test_a_model_without_a_single_token_for_an_answer_is_a_clear_permanent_error(
    start_server: StartServer,
) -> None:
    server = start_server()
    server.answers[TOKENIZE] = Recorded(tokens_of(7, 8))
    with pytest.raises(LanguageModelError, match="no single token for ' yes'") as caught:
        a_model(server).match(QUERY, QUESTIONS)
    assert not caught.value.retryable


def test_an_adapter_is_asked_by_its_name(start_server: StartServer) -> None:
    server = start_server()
    a_model(server).match(QUERY, QUESTIONS, adapter="stylist-0001")
    assert server.asked(SCORE)[0].body["model"] == "stylist-0001"


def test_the_key_is_sent_and_no_header_without_one(start_server: StartServer) -> None:
    server = start_server()
    a_model(server, api_key="s3cret").match(QUERY, QUESTIONS)
    a_model(server).match(QUERY, QUESTIONS)
    assert [r.headers.get("Authorization") for r in server.asked(SCORE)] == ["Bearer s3cret", None]


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_certainty_is_a_finite_number(probability: float) -> None:
    assert math.isfinite(log_odds(probability))
    assert log_odds(0.5) == 0


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        (answer_of(0.3), "without scores"),
        (answer_of(0.3, 1.2), "no probabilities"),
        (answer_of(0.3, float("nan")), "no probabilities"),
        ({"data": [{"index": 0}]}, "without scores"),
        ({"choices": []}, "without scores"),
        (b"<html>a proxy's page</html>", "without scores"),
    ],
)
def test_an_answer_that_lacks_a_score_is_a_clear_permanent_error(
    start_server: StartServer, answer: Any, complaint: str
) -> None:
    server = start_server()
    server.answers[SCORE] = Recorded(answer)
    with pytest.raises(LanguageModelError, match=complaint) as caught:
        a_model(server).match(QUERY, QUESTIONS)
    assert not caught.value.retryable


@pytest.mark.parametrize(
    ("status", "retryable"),
    [(400, False), (401, False), (404, False), (408, True), (429, True), (500, True), (503, True)],
)
def test_a_refusal_says_whether_trying_again_can_help(
    start_server: StartServer, status: int, retryable: bool
) -> None:
    server = start_server()
    server.answers[SCORE] = Recorded(refusal_of(UNKNOWN_MODEL), status)
    with pytest.raises(LanguageModelError, match=f"{status}: The model `nope`") as caught:
        a_model(server).match(QUERY, QUESTIONS, adapter="nope")
    assert caught.value.retryable is retryable


def test_a_server_that_is_down_is_worth_another_try() -> None:
    with pytest.raises(LanguageModelError, match="cannot be reached") as caught:
        a_model(a_closed_address()).match(QUERY, QUESTIONS)
    assert caught.value.retryable


def test_a_server_that_does_not_answer_in_time_is_worth_another_try(
    start_server: StartServer,
) -> None:
    server = start_server()
    server.answers[TOKENIZE] = Recorded({}, delay=0.5)
    with pytest.raises(LanguageModelError, match=r"within 0\.1 seconds") as caught:
        a_model(server, timeout=0.1).match(QUERY, QUESTIONS)
    assert caught.value.retryable


def test_replicas_take_turns(start_server: StartServer) -> None:
    servers = [start_server() for _ in range(3)]
    model = a_model(*servers)
    for _ in range(6):
        model.match(QUERY, QUESTIONS)
    assert [len(server.asked(SCORE)) for server in servers] == [2, 2, 2]


def test_a_replica_that_is_down_is_passed_over(start_server: StartServer) -> None:
    model = a_model(a_closed_address(), start_server())
    assert [len(model.match(QUERY, QUESTIONS)) for _ in range(4)] == [2] * 4


def test_a_question_that_one_replica_refuses_is_not_put_to_the_others(
    start_server: StartServer,
) -> None:
    servers = [start_server(), start_server()]
    for server in servers:
        server.answers[SCORE] = Recorded(refusal_of(UNKNOWN_MODEL), 404)
    with pytest.raises(LanguageModelError):
        a_model(*servers).match(QUERY, QUESTIONS)
    assert sum(len(server.asked(SCORE)) for server in servers) == 1


def test_an_adapter_is_loaded_into_every_replica_by_its_full_path(
    start_server: StartServer, tmp_path: Path
) -> None:
    servers = [start_server(), start_server()]
    for server in servers:
        server.answers[LOAD] = Recorded(b"Success: added.")
    a_model(*servers).load_adapter("stylist-0001", tmp_path / "x" / ".." / "stylist-0001")
    wanted = {"lora_name": "stylist-0001", "lora_path": str(tmp_path / "stylist-0001")}
    assert [server.asked(LOAD)[0].body for server in servers] == [wanted, wanted]


def test_a_replica_that_has_the_adapter_is_left_alone(
    start_server: StartServer, tmp_path: Path
) -> None:
    server = start_server()
    server.answers["/v1/models"] = Recorded({"data": [{"id": "base"}, {"id": "stylist-0001"}]})
    a_model(server).load_adapter("stylist-0001", tmp_path)
    assert server.asked(LOAD) == []


def test_an_adapter_that_somebody_loads_at_the_same_moment_is_no_error(
    start_server: StartServer, tmp_path: Path
) -> None:
    server = start_server()
    server.answers[LOAD] = Recorded(refusal_of(ALREADY_LOADED, "InvalidUserInput"), 400)
    a_model(server).load_adapter("stylist-0001", tmp_path)
    assert len(server.asked(LOAD)) == 1


def test_an_adapter_folder_that_the_server_cannot_read_is_a_clear_error(
    start_server: StartServer, tmp_path: Path
) -> None:
    server = start_server()
    server.answers[LOAD] = Recorded(refusal_of("No adapter found for /nowhere"), 404)
    with pytest.raises(LanguageModelError, match="No adapter found for /nowhere") as caught:
        a_model(server).load_adapter("stylist-0001", tmp_path)
    assert not caught.value.retryable


def test_unloading_an_adapter_that_a_replica_never_had_is_no_error(
    start_server: StartServer,
) -> None:
    has, lacks = start_server(), start_server()
    has.answers[UNLOAD] = Recorded(b"Success: removed.")
    lacks.answers[UNLOAD] = Recorded(refusal_of(NOT_LOADED), 404)
    a_model(has, lacks).unload_adapter("stylist-0001")
    assert [s.asked(UNLOAD)[0].body for s in (has, lacks)] == [{"lora_name": "stylist-0001"}] * 2


def test_an_unload_that_the_server_fails_at_is_an_error(start_server: StartServer) -> None:
    server = start_server()
    server.answers[UNLOAD] = Recorded(refusal_of("engine dead"), 500)
    with pytest.raises(LanguageModelError, match="engine dead"):
        a_model(server).unload_adapter("stylist-0001")


def test_the_canary_asks_every_replica(start_server: StartServer) -> None:
    servers = [start_server(), start_server()]
    answers = a_model(*servers).canary(QUERY, QUESTIONS, adapter="stylist-0001")
    assert {url: len(odds) for url, odds in answers.items()} == {
        server.url: 2 for server in servers
    }


def test_the_canary_fails_where_one_replica_does(start_server: StartServer) -> None:
    with pytest.raises(LanguageModelError, match="cannot be reached"):
        a_model(start_server(), a_closed_address()).canary(QUERY, QUESTIONS, adapter="x")


def test_it_is_healthy_only_while_every_replica_is(start_server: StartServer) -> None:
    well, ill = start_server(), start_server()
    ill.answers["/health"] = Recorded({}, 503)
    assert a_model(well).is_healthy()
    assert not a_model(well, ill).is_healthy()
    assert not a_model(well, a_closed_address()).is_healthy()


def test_connections_are_kept_between_questions(
    start_server: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    connect = socket.create_connection

    def remember(*args: Any, **options: Any) -> socket.socket:
        opened.append(args)
        return connect(*args, **options)

    monkeypatch.setattr(socket, "create_connection", remember)
    model = a_model(start_server())
    for _ in range(5):
        model.match(QUERY, QUESTIONS)
    assert len(opened) == 1


def test_a_proxy_in_the_environment_is_not_used_for_a_server_on_this_machine(
    start_server: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", a_closed_address())
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert a_model(start_server()).match(QUERY, QUESTIONS)


def test_a_model_without_an_address_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="at least one address"):
        VLLMLanguageModel([], "base")
