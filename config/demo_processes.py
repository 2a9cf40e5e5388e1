"""Which processes make up the demo, and how they share a small machine's cores."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from config.supervisor import ChildSpec

#: One worker a queue group; the first also takes what names no queue.
QUEUE_GROUPS: Mapping[str, str] = {
    "catalog": "caption,embed,import,fetch,default",
    "outfits": "look,wish",
    "training": "train",
}

#: Cold shutdown on SIGTERM: a task that was interrupted goes back to its queue at once.
_WORKER = {"REMAP_SIGTERM": "SIGQUIT"}


def list_processes(
    *, python: Path, port: int, cores: int, serve_model: bool = True
) -> list[ChildSpec]:
    """List the demo's processes: web, one worker a queue group, beat and the model server.

    Training may use every core but gives way to everything else; the other workers get half.
    """
    half, all_cores = limit_threads(max(1, cores // 2)), limit_threads(cores)
    processes = [
        _python(python, "web", _web_arguments(port), limit_threads(1)),
        *(
            _worker(python, group, queues, all_cores if group == "training" else half)
            for group, queues in QUEUE_GROUPS.items()
        ),
        _python(
            python, "beat", ["-m", "celery", "-A", "config.celery", "beat", "--pidfile="], half
        ),
    ]
    if serve_model:
        processes.append(_python(python, "model", ["manage.py", "serve_model"], {}))
    return processes


def limit_threads(count: int) -> dict[str, str]:
    """Environment that keeps a process's numeric libraries to ``count`` threads.

    Each would otherwise start one a core, and six processes on two cores mostly wait for one
    another.
    """
    variables = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return {**dict.fromkeys(variables, str(count)), "TOKENIZERS_PARALLELISM": "false"}


def _web_arguments(port: int) -> list[str]:
    bind = f"127.0.0.1:{port}"
    return [
        *("-m", "gunicorn", "config.wsgi", "--bind", bind, "--workers", "1", "--threads", "8"),
        "--no-control-socket",
    ]


def _worker(python: Path, group: str, queues: str, threads: Mapping[str, str]) -> ChildSpec:
    arguments = ["-m", "celery", "-A", "config.celery", "worker", "--queues", queues]
    arguments += ["--hostname", f"{group}@%h", "--concurrency", "1", "--loglevel", "INFO"]
    arguments += ["--without-gossip", "--without-mingle"]
    niceness = 10 if group == "training" else 5 if group == "catalog" else 0
    return _python(python, f"worker-{group}", arguments, {**threads, **_WORKER}, niceness)


def _python(
    python: Path,
    name: str,
    arguments: Iterable[str],
    environment: Mapping[str, str],
    niceness: int = 0,
) -> ChildSpec:
    prefix = ["nice", "-n", str(niceness)] if niceness else []
    return ChildSpec(name, [*prefix, str(python), *arguments], environment)
