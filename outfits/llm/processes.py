"""Child processes that never outlive their parent."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import IO

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_PR_SET_PDEATHSIG = 1
# Loaded now: nothing may be imported between fork and exec.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Stopped(SystemExit):
    """A stop signal arrived; ``code`` is 128 plus its number, as a shell would say."""


def start_group(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    output: IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    """Start ``command`` as the leader of its own session and process group.

    The terminal's Ctrl-C reaches only us, and we decide who stops when. On Linux the child gets
    SIGTERM when the thread that started it ends, even by SIGKILL: call this from the main thread.
    """
    return subprocess.Popen(
        command,
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        start_new_session=True,
        preexec_fn=partial(_die_with_parent, os.getpid()),
    )


def stop_groups(processes: Sequence[subprocess.Popen[bytes]], grace: float) -> None:
    """Stop all of ``processes`` at once: SIGTERM to each leader, SIGKILL to what is left.

    Only leaders are asked: each knows in which order its own children stop. ``grace`` is seconds
    for all of them together.
    """
    for process in processes:
        with suppress(ProcessLookupError):
            process.terminate()
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(grace)
    for process in processes:
        kill_group(process.pid)
        process.wait()


def kill_group(leader: int) -> None:
    """Kill what is left of the process group that ``leader`` led."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


@contextmanager
def stop_signals_raise() -> Iterator[None]:
    """Let SIGINT, SIGTERM and SIGHUP raise `Stopped`, so that ``finally`` and ``atexit`` run."""
    before = {number: signal.signal(number, _raise_stopped) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def stop_signals_wait() -> Iterator[None]:
    """Ignore stop signals while stopping: a second Ctrl-C must not leave children behind."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _raise_stopped(number: int, frame: FrameType | None) -> None:
    raise Stopped(128 + number)


def _die_with_parent(parent: int) -> None:
    """In the child, before it becomes the command."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before we asked to be told
        os._exit(1)
