"""JSON lines: an object a line."""

from decimal import Decimal

import pytest

from catalog.feeds.base import FeedError, FeedRow, RowError
from tests.catalog.feeds.reading import list_rows, open_data, read_bytes, read_products


def rows_of_data() -> dict[str, FeedRow]:
    rows = list_rows(open_data("products.jsonl"))
    return {row.sku: row for row in rows if isinstance(row, FeedRow)}


def test_it_is_known_by_its_first_letter() -> None:
    assert open_data("products.jsonl").format == "jsonl"


def test_numbers_stay_as_they_are_written() -> None:
    assert rows_of_data()["J1"].price == Decimal("69.90")


def test_lists_are_lists() -> None:
    jeans = rows_of_data()["J1"]
    assert jeans.seasons == ("spring", "autumn")
    assert jeans.images == ("https://img.shop.example/j1%7Ca.jpg", "j1-back.jpg")


def test_pictures_may_be_objects_with_an_address() -> None:
    assert rows_of_data()["J2"].images == ("https://img.shop.example/j2.jpg",)


def test_null_is_no_value() -> None:
    assert "stock" in rows_of_data()["J2"].defaults_used


def test_true_and_false_are_yes_and_no() -> None:
    assert [row.published for row in rows_of_data().values()] == [True, False, True]


def test_lines_that_are_no_object_are_refused_with_their_number() -> None:
    refused = [row for row in list_rows(open_data("products.jsonl")) if isinstance(row, RowError)]
    assert [(row.line, row.reason.split(":")[0]) for row in refused] == [
        (4, "is no JSON object"),
        (5, "is JSON but no object"),
    ]


def test_names_of_other_shops_are_guessed() -> None:
    data = b'{"id": 7, "name": "Shirt", "price": {"amount": "5.50", "currency": "GBP"}}\n'
    assert (read_products(data)["7"].price, read_products(data)["7"].currency) == (
        *(Decimal("5.50"), "GBP"),
    )


def test_an_object_over_several_lines_is_refused_with_advice() -> None:
    with pytest.raises(FeedError, match="on a line of its own"):
        read_bytes(b'{\n "sku": "A",\n "title": "Shirt"\n}\n')


@pytest.mark.parametrize(
    "line",
    [
        b'{"sku": ' + b"[" * 100_000,
        b'{"sku": ' + b"9" * 10_000,
        b'{"sku": "' + b"x" * 3_000_000 + b'"}',
        b'{"sku": "\\ud800\\u0000", "title": "x"}',
        b"{" + b",".join(b'"k%d": 1' % n for n in range(600)) + b"}",
    ],
)
def test_a_line_made_to_break_the_reader_is_refused_alone(line: bytes) -> None:
    bad, good = read_bytes(b'{"sku": "A", "title": "Shirt"}\n' + line + b"\n")[::-1]
    assert isinstance(good, FeedRow)
    assert isinstance(bad, RowError)


def test_a_field_that_comes_late_is_noted_as_unread() -> None:
    lines = [b'{"sku": "A%d", "title": "Shirt"}' % number for number in range(1000)]
    *_, last = read_bytes(b"\n".join([*lines, b'{"sku": "B", "title": "x", "brand": "Ridge"}']))
    assert isinstance(last, FeedRow)
    assert any("'brand' came late" in note for note in last.notes)
