"""Keeps a handful of child processes running, and leaves none behind.

Foreman-like tools were considered: they cannot restart a child, and leave all of them running
when they are killed. Here every child leads its own process group, is told by the kernel when we
die, and a second process (`config.guardian`) stops the groups if we are killed outright.
"""

import fcntl
import os
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from outfits.llm.processes import kill_group, start_group, stop_groups, stop_signals_wait

#: Seconds: between two looks at the children, and to stop in before they are killed.
POLL_SECONDS = 0.2
STOP_GRACE = 15.0

#: A log that is larger than this (bytes) is put aside when its child starts for the first time.
LOG_MAX_BYTES = 5 * 1024 * 1024

#: From this many deaths in a row on, the last lines of the log are shown.
DEATHS_BEFORE_LOG = 3
LOG_LINES_SHOWN = 10

ROOT = Path(__file__).parent.parent

Say = Callable[[str], None]


class SupervisorError(RuntimeError):
    """Nothing was started; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """One process to keep running; ``environment`` is added to ours."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BackOff:
    """Seconds before a restart: doubling, up to a limit, forgotten after a run that lasted."""

    first: float = 1.0
    limit: float = 30.0
    lasting_run: float = 60.0


@dataclass(slots=True)
class _Child:
    spec: ChildSpec
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    start_at: float = 0.0


class Supervisor:
    """Starts ``specs``, restarts what dies, and says so through ``say``.

    Use as a context manager around everything that may be interrupted: leaving it stops all
    children. Call every method from the main thread.
    """

    def __init__(
        self,
        specs: Sequence[ChildSpec],
        *,
        logs: Path,
        say: Say,
        back_off: BackOff | None = None,
        grace: float = STOP_GRACE,
    ) -> None:
        self._children = [_Child(spec, logs / f"{spec.name}.log") for spec in specs]
        self._say = say
        self._back_off = back_off or BackOff()
        self._grace = grace
        self._guardian: subprocess.Popen[bytes] | None = None
        logs.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> "Supervisor":
        self._guardian = start_guardian(self._grace)
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start every child."""
        for child in self._children:
            put_aside(child.log)
            self._start(child)

    def tick(self) -> None:
        """Restart what died and has waited long enough; call it a few times a second."""
        now = time.monotonic()
        for child in self._children:
            if child.process is not None and child.process.poll() is not None:
                self._bury(child, now)
            elif child.process is None and now >= child.start_at:
                self._start(child)

    def run(self) -> None:
        """Keep the children running until a stop signal raises."""
        while True:
            self.tick()
            time.sleep(POLL_SECONDS)

    def wait_for(self, is_ready: Callable[[], bool], timeout: float) -> bool:
        """Keep the children running until ``is_ready`` or ``timeout`` seconds have passed."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            self.tick()
            if is_ready():
                return True
            time.sleep(POLL_SECONDS)
        return False

    def stop(self) -> None:
        """Stop every child and what it started. Stop signals wait until that is done."""
        with stop_signals_wait():
            running = [child.process for child in self._children if child.process]
            stop_groups(running, self._grace)
            for child in self._children:
                child.process = None
            self._dismiss_guardian()

    def _start(self, child: _Child) -> None:
        environment = {**os.environ, **child.spec.environment}
        with child.log.open("ab") as output:
            child.process = start_group(
                child.spec.command, env=environment, cwd=ROOT, output=output
            )
        child.started = time.monotonic()
        self._tell_guardian("+", child.process.pid)

    def _bury(self, child: _Child, now: float) -> None:
        """Note that a child died, kill what it left, and plan its restart."""
        assert child.process is not None  # noqa: S101 - the caller looked
        code = child.process.returncode
        kill_group(child.process.pid)
        self._tell_guardian("-", child.process.pid)
        child.process = None
        child.deaths = 1 if now - child.started > self._back_off.lasting_run else child.deaths + 1
        delay = min(self._back_off.first * 2 ** (child.deaths - 1), self._back_off.limit)
        child.start_at = now + delay
        self._say(f"{child.spec.name} {describe_exit(code)}; starting it again in {delay:g} s")
        if child.deaths >= DEATHS_BEFORE_LOG:
            self._say(f"The last lines of {child.log}:\n{read_last_lines(child.log)}")

    def _tell_guardian(self, sign: str, group: int) -> None:
        if self._guardian and self._guardian.stdin:
            self._guardian.stdin.write(f"{sign}{group}\n".encode())
            self._guardian.stdin.flush()

    def _dismiss_guardian(self) -> None:
        if self._guardian and self._guardian.stdin:
            self._guardian.stdin.close()
            self._guardian.wait()
            self._guardian = None


def start_guardian(grace: float) -> subprocess.Popen[bytes]:
    """Start the process that stops our children's groups when we are killed."""
    return subprocess.Popen(
        [sys.executable, "-m", "config.guardian", str(grace)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        start_new_session=True,
    )


def describe_exit(code: int) -> str:
    """Say how a process ended.

    >>> describe_exit(3), describe_exit(-9)
    ('ended with exit code 3', 'was killed by signal 9')
    """
    return f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"


def read_last_lines(path: Path, count: int = LOG_LINES_SHOWN) -> str:
    """Read the last lines of a log, indented."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        return "".join(f"    {line}" for line in deque(lines, maxlen=count)).rstrip("\n")


def put_aside(path: Path) -> None:
    """Keep one earlier log as ``.1`` when it has grown too large."""
    if path.exists() and path.stat().st_size > LOG_MAX_BYTES:
        path.replace(path.with_suffix(".log.1"))


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock file at ``path``; the kernel gives it back however the process ends.

    Raises `SupervisorError` when another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise SupervisorError(
                f"A demo already runs on {path.parent} (process {lock.read().strip()}). Stop it "
                "with Ctrl-C in its terminal, or set ENSEMBLE_VAR to another folder."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def require_free_port(host: str, port: int, setting: str) -> None:
    """Raise `SupervisorError` when something listens on ``port``; ``setting`` is what to change."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SupervisorError(
                f"Port {port} on {host} is in use: stop what listens there, or choose another "
                f"port with {setting}."
            ) from error
