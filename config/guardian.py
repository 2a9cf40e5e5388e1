"""Stops what `config.supervisor` started when that was killed: ``python -m config.guardian``.

It is told on its standard input which process groups there are ("+123", "-123"). The pipe closes
when the supervisor ends, however it ended; groups still on the list are then stopped.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress


def read_groups(lines: Iterable[str]) -> set[int]:
    """Read what is left on the list at the end of ``lines``."""
    groups: set[int] = set()
    for line in lines:
        (groups.add if line.startswith("+") else groups.discard)(int(line[1:]))
    return groups


def stop_orphans(groups: Iterable[int], grace: float) -> None:
    """SIGTERM to the leaders, and after ``grace`` seconds at most SIGKILL to whole groups."""
    left = list(groups)
    for leader in left:
        with suppress(ProcessLookupError):
            os.kill(leader, signal.SIGTERM)
    end = time.monotonic() + grace
    while time.monotonic() < end and any(map(_is_alive, left)):
        time.sleep(0.1)
    for leader in left:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    stop_orphans(read_groups(sys.stdin), float(sys.argv[1]))
