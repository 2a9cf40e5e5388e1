"""A stored look over HTTP against a bare Django JSON view of the same server, p95 each."""

import http.client
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.cache import cache

from benchmarks.ratio import time_of
from catalog.models import Caption, Product, ProductImage
from catalog.slots import Slot
from outfits.circumstances.current import current_context
from outfits.models import Look, LookItem
from outfits.selectors import serving_stylist

REQUESTS = 1000
_LOOKS = 20
_CANDIDATES = 8
_SLOTS = (Slot.BOTTOM, Slot.SHOES, Slot.OUTERWEAR, Slot.BAG)
_START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Percentiles:
    """p95 in milliseconds of both sides, and their ratio with a 90 % bootstrap interval."""

    name: str
    ours_ms: float
    bare_ms: float
    ratio: float
    low: float
    high: float

    def __str__(self) -> str:
        return (
            f"{self.name}: p95 {self.ours_ms:.2f} ms against {self.bare_ms:.2f} ms bare, "
            f"{self.ratio:.2f}x [{self.low:.2f}, {self.high:.2f}]"
        )


def measure(cache_seconds: int) -> Percentiles:
    """Ask one worker for looks and for the bare view in turn, each after a warm-up."""
    looks = _fill()
    rng = random.Random(0)  # noqa: S311 - a benchmark
    with _serve(cache_seconds) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        addresses = ["/api/v1/looks/?" + urlencode({"product": look.anchor.sku}) for look in looks]
        for address in [*addresses, "/bare/"] * 2:
            _get(connection, address)
        ours, bare = [], []
        for _ in range(REQUESTS):
            address = rng.choice(addresses)
            ours.append(time_of(lambda address=address: _get(connection, address)))  # type: ignore[misc]
            bare.append(time_of(lambda: _get(connection, "/bare/")))
        connection.close()
    draws = sorted(
        _p95(rng.choices(ours, k=REQUESTS)) / _p95(rng.choices(bare, k=REQUESTS))
        for _ in range(500)
    )
    name = f"stored look, kept for {cache_seconds} s"
    return Percentiles(
        name,
        1000 * _p95(ours),
        1000 * _p95(bare),
        _p95(ours) / _p95(bare),
        draws[25],
        draws[474],
    )


def _p95(times: list[float]) -> float:
    return sorted(times)[int(0.95 * len(times))]


def _get(connection: http.client.HTTPConnection, address: str) -> None:
    connection.request("GET", address)
    answer = connection.getresponse()
    answer.read()
    if answer.status != http.HTTPStatus.OK:
        raise RuntimeError(f"{address} answered {answer.status}")


@contextmanager
def _serve(cache_seconds: int) -> Iterator[int]:
    """One gunicorn worker on a port of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "DEBUG": "false",
        "SECURE_SSL_REDIRECT": "false",
        "ENSEMBLE_LOOK_CACHE_SECONDS": str(cache_seconds),
    }
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--threads", "1", "--log-level", "warning"]
    server = subprocess.Popen(command, env=environment)
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(port: int) -> None:
    until = time.monotonic() + _START_SECONDS
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        try:
            return _get(connection, "/bare/")
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        finally:
            connection.close()


def _fill() -> list[Look]:
    """Replace the catalog by some products with pictures, captions and stored looks."""
    Product.objects.all().delete()
    cache.clear()
    context, stylist = current_context(), serving_stylist()
    looks = []
    for number in range(_LOOKS):
        anchor = _make_product(f"A{number}", Slot.TOP)
        look = Look.objects.create(
            anchor=anchor,
            context=context.as_json(),
            context_key=context.key,
            model_name=stylist.model_name,
            adapter_name=stylist.adapter_name,
        )
        for position, slot in enumerate(_SLOTS):
            offered = [_make_product(f"{slot}{number}-{n}", slot) for n in range(_CANDIDATES)]
            LookItem.objects.create(
                look=look,
                slot=slot,
                position=position,
                product=offered[0],
                query="look: a thing\n",
                candidates=[{"product": product.pk, "question": "add:"} for product in offered],
                explanation="Its colour goes with the rest.",
            )
        looks.append(look)
    return looks


def _make_product(sku: str, slot: Slot) -> Product:
    """A product with a picture (its row alone) and a caption."""
    fields = {"category": slot.label, "slot": slot, "price": 10, "stock": 9}
    product = Product.objects.create(sku=sku, title=f"A thing called {sku}", **fields)
    known = {"width": 300, "height": 400, "content_hash": sku, "source_hash": sku}
    # bulk_create: saving would open the file to measure it.
    ProductImage.objects.bulk_create(
        [ProductImage(product=product, image=f"products/{sku}.jpg", **known)]
    )
    Caption.objects.bulk_create(
        [Caption(content_hash=sku, captioner_id="benchmark", sentence="A plain thing.")],
        ignore_conflicts=True,
    )
    return product
