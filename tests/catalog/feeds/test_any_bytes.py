"""Whatever a file holds: it is read, or refused with a sentence; never an accident."""

import random
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.feeds import read_feed
from catalog.feeds.base import FeedError
from tests.catalog.feeds.reading import DATA, read_bytes

SAMPLES = sorted(path.name for path in DATA.iterdir())
STARTS = [
    b"",
    b"{",
    b"<rss>",
    b"Handle,Title,Variant Price\n",
    b"id\ttitle\timage_link\tavailability\n",
]
_CALM = settings(max_examples=150, deadline=5000, suppress_health_check=list(HealthCheck))


def read_or_refuse(data: bytes) -> None:
    with suppress(FeedError):
        read_bytes(data)


@_CALM
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=2000))
def test_arbitrary_bytes_are_read_or_refused(start: bytes, rest: bytes) -> None:
    read_or_refuse(start + rest)


@_CALM
@given(start=st.sampled_from(STARTS), rest=st.text(max_size=500))
def test_arbitrary_text_is_read_or_refused(start: bytes, rest: str) -> None:
    read_or_refuse(start + rest.encode("utf-8", "surrogatepass"))


@_CALM
@given(name=st.sampled_from(SAMPLES), seed=st.integers(0, 2**32), count=st.integers(1, 30))
def test_a_damaged_file_is_read_or_refused(name: str, seed: int, count: int) -> None:
    data, dice = bytearray((DATA / name).read_bytes()), random.Random(seed)
    for _ in range(count):
        place = dice.randrange(len(data) - 1)
        how = dice.randrange(4)
        if how == 0:
            data[place] = dice.randrange(256)
        elif how == 1:
            del data[place : place + dice.randrange(1, 40)]
        elif how == 2:
            data[place:place] = data[place : place + dice.randrange(1, 200)]
        else:
            data[place:place] = dice.choice(
                [b'"', b"<", b"\0", b"&x;", b"]]>", b"\t", b"\xff", b"\r"]
            )
        if len(data) < 2:
            break
    read_or_refuse(bytes(data))


@pytest.mark.parametrize(
    "data",
    [
        b"a," * 200_000 + b"\n",
        b'"' * 500_000,
        b"sku,title,description\nA,B," + b"<" * 190_000 + b"\n",
        b"Handle,Title,Body (HTML)\nA,B," + b"<" * 190_000 + b"\n",
        b"Handle,Title,Body (HTML)\nA,B," + b"<a " * 60_000 + b"\n",
        b"Handle,Title,Body (HTML)\nA,B," + b"<![CDATA[" * 20_000 + b"\n",
        b"Handle,Title,Body (HTML)\nA,B," + b"<!--" * 40_000 + b"\n",
        b"Handle,Title,Body (HTML)\nA,B,<b>&#" + b"9" * 40_000 + b";\n",
        b"Handle,Title,Body (HTML)\nA,B," + b"<script>" * 20_000 + b"\n",
        b"Handle,Title,Body (HTML)\nA,B," + b"&#9" * 40_000 + b"<b>\n",
        b"sku,title,price\nA,B," + b"1 " * 90_000 + b"x\n",
        b"\xff\xfe" + "sku,title\nA,\ud800".encode("utf-16-le", "surrogatepass"),
        b"\xff\xfes",
        b"x" * 3_000_000,
    ],
)
def test_what_is_made_to_stall_the_reader_does_not(data: bytes) -> None:
    read_or_refuse(data)


@pytest.mark.parametrize(
    ("start", "product", "end"),
    [
        (
            b"<rss>",
            b"<item><id>%d</id><title>x</title><description>%s</description></item>",
            b"</rss>",
        ),
        (b"", b'{"sku": "%d", "title": "x", "description": "%s"}\n', b""),
        (b"Handle,Title,Variant Price,Vendor\n", b"h%d,x,5,%s\n", b""),
    ],
)
def test_a_big_file_is_not_held_in_memory(
    tmp_path: Path, start: bytes, product: bytes, end: bytes
) -> None:
    path = tmp_path / "feed"
    path.write_bytes(start + b"".join(product % (n, b"word " * 400) for n in range(6000)) + end)
    with path.open("rb") as file:
        tracemalloc.start()
        count = sum(1 for _ in read_feed(file).records())
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert count == 6000
    assert peak < path.stat().st_size / 2
