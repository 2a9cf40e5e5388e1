"""The supervisor, with real small child processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.guardian import read_groups
from config.supervisor import (
    BackOff,
    ChildSpec,
    Supervisor,
    SupervisorError,
    only_one,
    put_aside,
    require_free_port,
)

#: A child that writes its pid and that of a child of its own, which ignores SIGTERM.
FAMILY = """
import os, signal, subprocess, sys, time
stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
grandchild = subprocess.Popen([sys.executable, "-c", stubborn])
open(sys.argv[1], "w").write(f"{os.getpid()} {grandchild.pid}")
time.sleep(600)
"""

#: What a demo does, small: supervise families until a signal arrives.
SUPERVISE = """
import sys
from pathlib import Path
from config.supervisor import ChildSpec, Supervisor
from outfits.llm.processes import stop_signals_raise
folder, family = Path(sys.argv[1]), sys.argv[2]
specs = [
    ChildSpec(name, [sys.executable, "-c", family, str(folder / f"{name}.pids")])
    for name in ("one", "two")
]
with stop_signals_raise(), Supervisor(specs, logs=folder, say=print, grace=1.0) as supervisor:
    supervisor.start()
    supervisor.run()
"""

QUICK = BackOff(first=0.01, limit=0.05)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def read_pids(folder: Path) -> list[int]:
    return [int(pid) for path in folder.glob("*.pids") for pid in path.read_text().split()]


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], list[int]]]:
    """A supervisor in a process of its own, and the pids of all four below it."""
    supervisor = subprocess.Popen([sys.executable, "-c", SUPERVISE, str(tmp_path), FAMILY])
    assert wait_until(lambda: len(read_pids(tmp_path)) == 4)
    yield supervisor, read_pids(tmp_path)
    supervisor.kill()
    supervisor.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_leaves_nobody_behind(
    supervised: tuple[subprocess.Popen[bytes], list[int]], number: signal.Signals
) -> None:
    supervisor, pids = supervised
    supervisor.send_signal(number)
    assert supervisor.wait(20) == 128 + number
    assert not any(map(is_alive, pids))


def test_two_stop_signals_in_a_row_leave_nobody_behind(
    supervised: tuple[subprocess.Popen[bytes], list[int]],
) -> None:
    supervisor, pids = supervised
    supervisor.send_signal(signal.SIGINT)
    time.sleep(0.2)
    supervisor.send_signal(signal.SIGINT)
    supervisor.wait(20)
    assert not any(map(is_alive, pids))


def test_killing_the_supervisor_leaves_nobody_behind(
    supervised: tuple[subprocess.Popen[bytes], list[int]],
) -> None:
    supervisor, pids = supervised
    supervisor.kill()
    assert wait_until(lambda: not any(map(is_alive, pids)))


def a_supervisor(folder: Path, code: str, said: list[str], name: str = "child") -> Supervisor:
    spec = ChildSpec(name, [sys.executable, "-c", code], {"ANSWER": "42"})
    return Supervisor([spec], logs=folder, say=said.append, back_off=QUICK, grace=2.0)


def test_a_child_that_dies_is_started_again_and_that_is_said(tmp_path: Path) -> None:
    said: list[str] = []
    with a_supervisor(tmp_path, "print('here I am'); raise SystemExit(3)", said) as supervisor:
        supervisor.start()
        log = tmp_path / "child.log"
        assert supervisor.wait_for(lambda: log.read_text().count("here I am") >= 3, 20)
    assert said[0] == "child ended with exit code 3; starting it again in 0.01 s"
    assert said[1].endswith("starting it again in 0.02 s")


def test_the_last_lines_are_shown_of_a_child_that_keeps_dying(tmp_path: Path) -> None:
    said: list[str] = []
    code = "import os; print('no database', os.getppid()); os.kill(os.getpid(), 9)"
    with a_supervisor(tmp_path, code.replace("()); os.k", "(), flush=True); os.k"), said) as s:
        s.start()
        assert s.wait_for(lambda: any("The last lines" in line for line in said), 20)
    assert "was killed by signal 9" in said[0]
    assert f"    no database {os.getpid()}" in next(line for line in said if "last lines" in line)


def test_a_child_that_lasts_is_left_alone_and_has_the_added_environment(tmp_path: Path) -> None:
    said: list[str] = []
    code = "import os, time; print(os.environ['ANSWER'], flush=True); time.sleep(600)"
    with a_supervisor(tmp_path, code, said) as supervisor:
        supervisor.start()
        assert supervisor.wait_for(lambda: (tmp_path / "child.log").read_text() == "42\n", 20)
        assert not supervisor.wait_for(lambda: False, 0.5)
    assert said == []


def test_the_restart_delay_is_forgotten_after_a_run_that_lasted(tmp_path: Path) -> None:
    said: list[str] = []
    spec = ChildSpec("child", [sys.executable, "-c", ""])
    patient = BackOff(first=0.01, limit=5, lasting_run=0)
    with Supervisor([spec], logs=tmp_path, say=said.append, back_off=patient) as supervisor:
        supervisor.start()
        assert supervisor.wait_for(lambda: len(said) >= 4, 20)
    assert all("in 0.01 s" in line for line in said)


def test_a_second_start_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    lock = tmp_path / "demo.lock"
    with (
        only_one(lock),
        pytest.raises(SupervisorError, match=rf"process {os.getpid()}.*ENSEMBLE_VAR"),
        only_one(lock),
    ):
        pass
    with only_one(lock):
        assert lock.read_text() == str(os.getpid())


def test_a_port_in_use_is_refused_with_the_setting_that_changes_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SupervisorError, match=f"Port {port} .* with --port"):
            require_free_port("127.0.0.1", port, "--port")
    require_free_port("127.0.0.1", port, "--port")


def test_a_log_that_grew_too_large_is_put_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.supervisor.LOG_MAX_BYTES", 3)
    (tmp_path / "web.log").write_text("long")
    put_aside(tmp_path / "web.log")
    put_aside(tmp_path / "absent.log")
    assert [path.name for path in tmp_path.iterdir()] == ["web.log.1"]


def test_the_guardian_forgets_groups_that_ended() -> None:
    assert read_groups(["+10\n", "+11\n", "-10\n"]) == {11}
