"""CSV feeds: what can be read, what cannot and what to do then, and what a row becomes."""

from decimal import Decimal
from io import BytesIO

import pytest

from catalog.feeds import read_feed
from catalog.feeds.base import FeedError, FeedRow, Record, RowError
from tests.catalog.feeds.reading import read_bytes as rows_of

HEADER = b"sku,title,category,price,stock\n"


def row_of(header: str, values: str) -> FeedRow:
    row = rows_of(f"{header}\n{values}\n".encode())[0]
    assert isinstance(row, FeedRow), row
    return row


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter: str) -> None:
    data = f"sku{delimiter}title\nA1{delimiter}Shirt\n".encode()
    assert read_feed(BytesIO(data)).columns == ("sku", "title")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_the_encoding_is_found(encoding: str) -> None:
    rows = rows_of("sku,title\nA1,Café crème\n".encode(encoding))
    assert [row.title for row in rows if isinstance(row, FeedRow)] == ["Café crème"]


def test_latin_1_is_read_with_a_warning() -> None:
    feed = read_feed(BytesIO("sku,title\nA1,Café\n".encode("latin-1")))
    assert "Latin-1" in feed.warnings[0]


def test_utf_8_is_read_without_a_warning() -> None:
    assert read_feed(BytesIO("sku,title\nA1,Café\n".encode())).warnings == ()


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"", "file is empty"),
        (b"  \n", "file is empty"),
        (b"\nA1,Shirt\n", "first line is empty"),
        (b"15612,Men,Track Pants\n15613,Men,Shirts\n", "line of column names above it"),
        (b"PK\x03\x04rest", "save the sheet as CSV"),
        (b"\x89PNG\r\n\x1a\n", "PNG picture"),
        (b"<html></html>", "web page"),
        (b'[{"sku": 1}]', "JSON lines instead"),
        (b"\x1f\x8b\x08", "unpack it first"),
        (b"sku,title\nA\x00\x01\x02,b\n", "binary"),
        (b"\x00\x01\x02\x03", "binary"),
    ],
)
def test_what_is_no_feed_is_refused_with_advice(data: bytes, advice: str) -> None:
    with pytest.raises(FeedError, match=advice):
        read_feed(BytesIO(data))


def test_a_quote_that_is_never_closed_is_an_error_with_its_line() -> None:
    with pytest.raises(FeedError, match="quote that is opened"):
        rows_of(HEADER + b'A1,"Shirt,Tops,1,1\nA2,Shirt,Tops,1,1\n')


def test_a_value_may_span_lines_and_the_next_row_keeps_its_line_number() -> None:
    rows = rows_of(b'sku,title\nA1,"Long\nshirt"\nA2,\n')
    assert [row.line for row in rows] == [2, 4]


def test_empty_lines_are_skipped() -> None:
    assert len(rows_of(b"sku,title\n\nA1,Shirt\n,\n")) == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b",Shirt,Tops,1,1", "no SKU"),
        (b"A1,,Tops,1,1", "no title"),
        (b"A1,Shirt,Tops,cheap,1", "price 'cheap'"),
        (b"A1,Shirt,Tops,-1,1", "not between 0"),
        (b"A1,Shirt,Tops,1,few", "stock 'few'"),
        (b"A1,Shirt,red,Tops,1,1", "put quotes around"),
        (b"A" * 65 + b",Shirt,Tops,1,1", "longer than 64"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_reason(line: bytes, reason: str) -> None:
    good, bad = rows_of(HEADER + b"A0,Shirt,Tops,1,1\n" + line + b"\n")
    assert isinstance(good, FeedRow)
    assert isinstance(bad, RowError)
    assert bad.line == 3
    assert reason in bad.reason


def test_a_sku_that_comes_again_is_refused() -> None:
    _, second = rows_of(HEADER + b"A1,Shirt,Tops,1,1\nA1,Other,Tops,1,1\n")
    assert isinstance(second, RowError)
    assert "already on line 2" in second.reason


def test_absent_price_and_stock_are_the_defaults_and_said_to_be() -> None:
    row = row_of("sku,title", "A1,Shirt")
    assert (row.price, row.currency, row.stock) == (Decimal("49.00"), "EUR", 10)
    assert set(row.defaults_used) == {"price", "currency", "stock"}


def test_what_the_feed_gives_is_told_from_what_it_does_not() -> None:
    row = row_of("sku,title,price,stock,brand", "A1,Shirt,5,,Acme")
    assert row.given == {"title", "price", "brand"}


def test_the_slot_comes_from_the_category() -> None:
    assert row_of("sku,title,category", "A1,Oxford,Ankle Boots").slot == "shoes"


def test_without_a_category_the_title_names_the_slot() -> None:
    assert row_of("sku,title", "A1,Blue linen dress with belt loops").slot == "dress"


def test_beside_a_category_that_names_none_the_last_word_of_the_title_does() -> None:
    assert row_of("sku,title,category", "A1,Linen Dress,Sale").slot == "dress"
    assert row_of("sku,title,category", "A1,Flat Matt Lipstick,Make-up").slot == ""


def test_a_product_without_a_slot_is_kept_with_a_note() -> None:
    row = row_of("sku,title,category", "A1,Voucher,Gift Card")
    assert row.notes == ("no slot for category 'Gift Card': never part of a look",)


def test_an_unknown_gender_is_taken_as_unisex_with_a_note() -> None:
    row = row_of("sku,title,gender", "A1,Shirt,Martian")
    assert row.gender == "unisex"
    assert "Martian" in row.notes[0]


def test_lists_are_split_at_bars() -> None:
    row = row_of("sku,title,images,seasons", "A1,Shirt,a.jpg|b.jpg,summer|fall")
    assert row.images == ("a.jpg", "b.jpg")
    assert row.seasons == ("summer", "autumn")


def test_reading_a_feed_again_starts_over() -> None:
    feed = read_feed(BytesIO(HEADER + b"A1,Shirt,Tops,1,1\n"))
    assert list(feed.records()) == list(feed.records())
    assert isinstance(next(iter(feed.records())), Record)
