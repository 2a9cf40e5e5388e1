"""What keeps the model server running, with a small script in vLLM's place."""

import json
import os
import signal
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from outfits.llm.server import (
    RESTORED_ADAPTERS,
    ModelServerError,
    ServerOptions,
    build_command,
    build_environment,
    parse_local_address,
    read_adapters,
    read_options,
    serve_forever,
)
from outfits.models import Adapter, Promotion
from tests.vllm_server import find_free_port

#: Counts its starts, answers as vLLM does, notes what is loaded, and ends with code 0 when asked
#: a question, as vLLM does when its engine died.
FAKE_VLLM = """
import json, os, sys, threading
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.outfits.llm.fake_server import FakeServer, Recorded
notes = Path({notes!r})
with (notes / "starts").open("a") as file:
    file.write(f"{{os.getpid()}}\\n")
if {dies!r}:
    sys.exit(0)
server = FakeServer({{"/v1/load_lora_adapter": Recorded(b"ok")}}, port={port})
while not server.asked("/tokenize"):
    threading.Event().wait(0.01)
loaded = [request.body["lora_name"] for request in server.asked("/v1/load_lora_adapter")]
(notes / "loaded").write_text(json.dumps(loaded))
sys.exit(0)
"""


class EnoughError(Exception):
    """Ends a test's `serve_forever`."""


def a_server(folder: Path, *, dies: bool) -> ServerOptions:
    port = find_free_port()
    root = str(Path(__file__).parents[3])
    code = FAKE_VLLM.format(root=root, notes=str(folder), dies=dies, port=port)
    script = folder / "python"
    script.write_text(f"#!{sys.executable}\n{textwrap.dedent(code)}")
    script.chmod(0o755)
    return ServerOptions(script, folder, "base", "127.0.0.1", port)


def sleep_times(limit: int, waited: list[float]) -> Callable[[float], None]:
    def sleep(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == limit:
            raise EnoughError

    return sleep


def is_gone(group: int, seconds: float = 5.0) -> bool:
    """Whether nobody is left in a process group; what was killed takes a moment to be reaped."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def an_adapter(name: str, *, serving: bool = False) -> Adapter:
    return Adapter.objects.create(
        name=name, path=f"/adapters/{name}", base_model="base", serving=serving
    )


def test_a_server_that_ends_is_started_again_after_ever_longer_waits(tmp_path: Path) -> None:
    waited: list[float] = []
    with pytest.raises(EnoughError):
        serve_forever(a_server(tmp_path, dies=True), sleep=sleep_times(3, waited))
    assert len((tmp_path / "starts").read_text().split()) == 3
    assert waited == [1, 2, 4]


@pytest.mark.django_db
def test_a_started_server_gets_its_adapters_back_and_an_exit_without_error_is_a_failure(
    tmp_path: Path,
) -> None:
    an_adapter("stylist-0001")
    an_adapter("stylist-0002", serving=True)
    waited: list[float] = []
    with pytest.raises(EnoughError):
        serve_forever(a_server(tmp_path, dies=False), sleep=sleep_times(1, waited))
    assert json.loads((tmp_path / "loaded").read_text()) == ["stylist-0002"]


def test_stopping_stops_the_server_too(tmp_path: Path) -> None:
    options = a_server(tmp_path, dies=False)
    options.python.write_text(
        "#!/bin/sh\necho $$ > pid; sleep 600\n".replace("pid", f"{tmp_path}/pid")
    )

    def stop(number: int, frame: object) -> None:
        raise EnoughError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 1.0)
    try:
        with pytest.raises(EnoughError):
            serve_forever(options)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert is_gone(int((tmp_path / "pid").read_text()))


@pytest.mark.django_db
def test_the_serving_adapter_comes_back_first_and_then_what_a_rollback_may_want() -> None:
    adapters = [an_adapter(f"stylist-{n:04}") for n in range(RESTORED_ADAPTERS + 2)]
    for previous, adapter in zip([None, *adapters], adapters, strict=False):
        Promotion.objects.create(adapter=adapter, previous=previous)
    adapters[1].serving = True
    adapters[1].save()
    names = [adapter.name for adapter in read_adapters()]
    assert names == ["stylist-0001", "stylist-0004", "stylist-0003"]


def test_the_command_keeps_the_settings_that_were_found_to_matter(tmp_path: Path) -> None:
    options = ServerOptions(tmp_path / "python", tmp_path, "base", "127.0.0.1", 8123, "s3cret")
    command = " ".join(build_command(options))
    assert "-m vllm.entrypoints.openai.api_server" in command
    assert "--host 127.0.0.1 --port 8123" in command
    assert "--block-size 32" in command
    assert "grouped_lora.GroupedLora" in command
    environment = build_environment(options, {"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "0"})
    assert environment["VLLM_ALLOW_RUNTIME_LORA_UPDATING"] == "True"
    assert environment["VLLM_API_KEY"] == "s3cret"
    assert environment["HF_HUB_OFFLINE"] == "0"
    assert "OMP_NUM_THREADS" not in environment
    assert "s3cret" not in command


@pytest.mark.parametrize("url", ["http://10.0.0.5:8100", "https://llm.example", "http://0.0.0.0:1"])
def test_a_model_server_on_another_machine_is_not_ours_to_start(url: str) -> None:
    with pytest.raises(ModelServerError, match="not on this machine"):
        parse_local_address(url)


def test_an_environment_that_is_not_installed_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ENSEMBLE_VLLM_PYTHON", raising=False)
    with pytest.raises(ModelServerError, match="make setup"):
        read_options(tmp_path)
