"""A stored look over HTTP against a bare Django JSON view of the same server, p95 each."""

import http.client
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import F

from benchmarks.ratio import Slowdown, p95, slowdown_of, time_of
from catalog.models import Caption, Product, ProductImage
from catalog.slots import Slot
from outfits.circumstances.current import current_context
from outfits.models import Look, LookItem
from outfits.selectors import serving_stylist

REQUESTS = 1000
_CANDIDATES = 8
_SLOTS = (Slot.BOTTOM, Slot.SHOES, Slot.OUTERWEAR, Slot.BAG)
_START_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Traffic:
    """How many looks are asked for (the n-th 1/n as often as the first), and what changes.

    Each look has 33 products of its own: the anchor, and eight candidates in each of four slots.
    ``changes`` is how often a product's stock changes, in requests; 0: never.
    """

    name: str
    looks: int
    cache_seconds: int = 3600
    changes: int = 0


FEW = Traffic("stored look, 990 products, the same 30 looks", 30)
MANY = Traffic("stored look, 43,428 products, 1,316 looks by Zipf", 1316)
#: Two of a hundred who look at a product buy something.
BUSY = Traffic("the same, and a stock changes every 50 requests", 1316, changes=50)
UNKEPT = Traffic("stored look, 990 products, never kept", 30, cache_seconds=0)


def measure(traffic: Traffic) -> Slowdown:
    """Ask one worker for looks and for the bare view in turn, each after a warm-up."""
    skus = _fill(traffic.looks)
    rng = random.Random(0)  # noqa: S311 - a benchmark
    shares = list(accumulate(1 / place for place in range(1, traffic.looks + 1)))
    with _serve(traffic.cache_seconds) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        addresses = ["/api/v1/looks/?" + urlencode({"product": sku}) for sku in skus]
        for address in [*addresses, *["/bare/"] * 20]:
            _get(connection, address)
        rounds = []
        for number in range(REQUESTS):
            if traffic.changes and number % traffic.changes == 0:
                _sell_one(rng)
            address = rng.choices(addresses, cum_weights=shares)[0]
            ours = time_of(lambda address=address: _get(connection, address))  # type: ignore[misc]
            rounds.append((ours, time_of(lambda: _get(connection, "/bare/"))))
        connection.close()
    return slowdown_of(traffic.name, rounds, "p95", p95)


def _sell_one(rng: random.Random) -> None:
    """One piece less of some product."""
    first = Product.objects.order_by("pk").values_list("pk", flat=True)[0]
    sold = first + rng.randrange(Product.objects.count())
    Product.objects.filter(pk=sold).update(stock=F("stock") - 1)


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


def _fill(count: int) -> list[str]:
    """Replace the catalog by products with pictures, captions and ``count`` stored looks."""
    Product.objects.all().delete()
    cache.clear()
    offered = [(slot, n) for slot in _SLOTS for n in range(_CANDIDATES)]
    slots = {f"A{number}": Slot.TOP for number in range(count)}
    slots |= {f"{slot}{number}-{n}": slot for number in range(count) for slot, n in offered}
    products = _make_products(slots)
    context, stylist = current_context(), serving_stylist()
    looks = [
        Look(
            anchor=products[f"A{number}"],
            context=context.as_json(),
            context_key=context.key,
            model_name=stylist.model_name,
            adapter_name=stylist.adapter_name,
        )
        for number in range(count)
    ]
    Look.objects.bulk_create(looks)
    LookItem.objects.bulk_create(
        _make_item(look, position, slot, [products[f"{slot}{n}-{i}"] for i in range(_CANDIDATES)])
        for n, look in enumerate(looks)
        for position, slot in enumerate(_SLOTS)
    )
    return [look.anchor.sku for look in looks]


def _make_item(look: Look, position: int, slot: Slot, offered: Sequence[Product]) -> LookItem:
    return LookItem(
        look=look,
        slot=slot,
        position=position,
        product=offered[0],
        query="look: a thing\n",
        candidates=[{"product": product.pk, "question": "add:"} for product in offered],
        explanation="Its colour goes with the rest.",
    )


def _make_products(slots: dict[str, Slot]) -> dict[str, Product]:
    """Products by SKU, each with a picture (its row alone) and a caption."""
    fields = {"price": 10, "stock": 1000}
    made = Product.objects.bulk_create(
        Product(
            sku=sku, title=f"A thing called {sku}", category=str(slot.label), slot=slot, **fields
        )
        for sku, slot in slots.items()
    )
    known = {"width": 300, "height": 400}
    ProductImage.objects.bulk_create(
        ProductImage(
            product=product,
            image=f"products/{product.sku}.jpg",
            content_hash=product.sku,
            source_hash=product.sku,
            **known,
        )
        for product in made
    )
    Caption.objects.bulk_create(
        (
            Caption(content_hash=sku, captioner_id="benchmark", sentence="A plain thing.")
            for sku in slots
        ),
        ignore_conflicts=True,
    )
    return {product.sku: product for product in made}
