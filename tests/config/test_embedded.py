import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import redis

from config.embedded_redis import is_alive

HOLD = """
import sys
from pathlib import Path
from config.embedded_redis import start_redis
print(start_redis(Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""


class User:
    """A process that uses the embedded Redis until it is told to end."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.socket = self.process.stdout.readline().strip().removeprefix("unix://")

    def leave(self) -> None:
        self.process.communicate(timeout=20)

    def die(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate(timeout=20)


def _answers(socket: str) -> bool:
    try:
        return bool(redis.Redis(unix_socket_path=socket).ping())
    except redis.ConnectionError:
        return False


def test_the_last_process_to_leave_stops_redis_even_with_open_connections(tmp_path: Path) -> None:
    first, second = User(tmp_path), User(tmp_path)
    client = redis.Redis(unix_socket_path=first.socket)
    client.ping()
    first.leave()
    assert _answers(second.socket)
    second.leave()
    assert not _answers(second.socket)


def test_a_killed_process_does_not_keep_redis_running_for_ever(tmp_path: Path) -> None:
    User(tmp_path).die()
    after = User(tmp_path)
    after.leave()
    assert not _answers(after.socket)


def test_a_path_too_long_for_a_socket_is_no_obstacle(tmp_path: Path) -> None:
    user = User(tmp_path / ("x" * 120))
    assert _answers(user.socket)
    user.leave()


@pytest.mark.parametrize(
    ("pid", "alive"), [(os.getpid(), True), (2**22 + 1, False)], ids=["own", "none"]
)
def test_a_process_is_known_to_run_or_not(pid: int, alive: bool) -> None:
    assert is_alive(pid) is alive
