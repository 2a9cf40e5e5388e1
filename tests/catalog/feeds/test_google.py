"""Google Merchant Center's feeds: what its attributes become, as a table and as XML."""

from decimal import Decimal
from io import BytesIO

import pytest

from catalog.feeds import read_feed
from catalog.feeds.base import FeedError, FeedRow, RowError
from catalog.slots import Slot
from catalog.vocabulary import Gender
from tests.catalog.feeds.reading import DATA, list_rows, open_data, products_of, read_bytes

COLUMNS = "id\ttitle\timage_link\tavailability\tcolor\tsize\titem_group_id\tquantity"


def read_table(*lines: str) -> list[FeedRow | RowError]:
    return read_bytes("\n".join((COLUMNS, *(line.replace(",", "\t") for line in lines))).encode())


def read_items(*items: str) -> list[FeedRow | RowError]:
    data = f"<rss xmlns:g='http://base.google.com/ns/1.0'><channel>{''.join(items)}</channel></rss>"
    return read_bytes(data.encode())


def item(sku: str, more: str = "") -> str:
    return f"<item><g:id>{sku}</g:id><g:title>Shirt</g:title>{more}</item>"


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("google.tsv", "google-tsv"),
        ("google_rss.xml", "google-xml"),
        ("google_atom.xml", "google-xml"),
    ],
)
def test_it_is_known_by_what_is_in_it(name: str, format: str) -> None:
    assert open_data(name).format == format


def test_a_price_has_its_currency_with_it() -> None:
    boots = products_of("google.tsv")["K7"]
    assert (boots.price, boots.currency) == (Decimal("49.00"), "EUR")


def test_a_sale_price_counts_unless_its_time_is_not_now() -> None:
    products = products_of("google.tsv")
    assert products["T1-BS"].price == Decimal("14.00")
    assert products["K7"].price == Decimal("49.00")


@pytest.mark.parametrize(
    ("word", "stock"),
    [("in_stock", 10), ("out_of_stock", 0), ("preorder", 10), ("backorder", 10)],
)
def test_availability_is_stock(word: str, stock: int) -> None:
    (row,) = read_table(f"A,Shirt,,{word}")
    assert isinstance(row, FeedRow)
    assert row.stock == stock


def test_gender_and_age_group_are_one_word() -> None:
    assert products_of("google.tsv")["K7"].gender == Gender.GIRLS
    assert products_of("google_rss.xml")["C4"].gender == Gender.BOYS


def test_pictures_follow_the_main_one() -> None:
    images = products_of("google_rss.xml")["S1-38"].images
    assert [image.rpartition("/")[2] for image in images] == ["s1.jpg", "s1-2.jpg", "s1-3.jpg"]


def test_a_comma_in_an_address_does_not_part_it() -> None:
    header = b"id\ttitle\timage_link\tadditional_image_link\tavailability\n"
    addresses = b"https://x.example/a,b.jpg,https://x.example/c|d.jpg"
    (row,) = read_bytes(
        header + b"A\tShirt\thttps://x.example/a.jpg\t" + addresses + b"\tin_stock\n"
    )
    assert isinstance(row, FeedRow)
    assert row.images[1:] == ("https://x.example/a,b.jpg", "https://x.example/c%7Cd.jpg")


def test_a_category_of_google_s_is_known_by_its_number() -> None:
    assert products_of("google.tsv")["D9"].slot == Slot.DRESS
    assert products_of("google_atom.xml")["B2"].slot == Slot.BAG


def test_sizes_are_one_product_and_colours_are_several() -> None:
    assert list(products_of("google.tsv")) == ["T1-S", "T1-BS", "K7", "D9"]


def test_a_merged_product_keeps_the_first_id_and_is_else_the_first_in_stock() -> None:
    tee = products_of("google.tsv")["T1-S"]
    assert (tee.price, tee.stock) == (Decimal("21.00"), 10)


def test_a_note_counts_the_sizes_that_were_merged() -> None:
    (row,) = read_table("A,Shirt,,in_stock,Red,S,G", "B,Shirt,,in_stock,Red,M,G")
    assert isinstance(row, FeedRow)
    assert "differ only by size" in row.notes[0]


def test_quantities_of_sizes_add_up() -> None:
    (row,) = read_table("A,Shirt,,in_stock,Red,S,G,2", "B,Shirt,,in_stock,Red,M,G,3")
    assert isinstance(row, FeedRow)
    assert row.stock == 5


def test_colours_of_a_group_may_come_mixed() -> None:
    rows = read_table(
        *("A,Shirt,,in_stock,Red,S,G", "B,Shirt,,in_stock,Blue,S,G", "C,Shirt,,in_stock,Red,M,G"),
    )
    assert [row.sku for row in rows] == ["A", "B"]


def test_a_group_that_comes_back_is_refused_by_its_own_id() -> None:
    rows = read_table(
        *("A,Shirt,,in_stock,Red,S,G", "B,Skirt,,in_stock,Red,S,", "C,Shirt,,in_stock,Red,M,G"),
    )
    assert isinstance(rows[2], RowError)
    assert (rows[2].line, rows[2].sku) == (4, "C")


def test_google_s_own_title_counts_more_than_the_page_s() -> None:
    assert products_of("google_rss.xml")["S1-38"].title == "Dune Sandal"


def test_what_lies_deeper_than_an_item_is_not_its_own() -> None:
    assert products_of("google_rss.xml")["S1-38"].price == Decimal("49.00")


def test_markup_in_xml_is_turned_into_text() -> None:
    assert products_of("google_rss.xml")["S1-38"].description == "Leather, hand made"


def test_an_item_has_the_line_on_which_it_begins() -> None:
    assert products_of("google_rss.xml")["C4"].line == 36


def test_an_id_that_comes_again_on_the_same_line_is_refused() -> None:
    _, second = read_items(item("A"), item("A"))
    assert isinstance(second, RowError)


def test_latin_1_that_calls_itself_utf_8_is_read_with_a_warning() -> None:
    text = (DATA / "google_rss.xml").read_text()
    feed = read_feed(BytesIO(text.encode("latin-1")))
    assert "Latin-1" in feed.warnings[0]
    assert "Café Cardigan" in [row.title for row in list_rows(feed) if isinstance(row, FeedRow)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1252", "iso-8859-15"])
def test_xml_is_read_in_the_encoding_that_it_declares(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    text = (
        f"<?xml version='1.0' encoding='{declared}'?>"
        "<rss><item><id>A</id><title>5 €</title></item></rss>"
    )
    (row,) = read_bytes(text.encode(encoding))
    assert isinstance(row, FeedRow)
    assert row.title == "5 €"


@pytest.mark.parametrize(
    ("prologue", "advice"),
    [
        ("<!DOCTYPE rss [<!ENTITY a 'aa'><!ENTITY b '&a;&a;&a;'>]>", "document type"),
        ("<!DOCTYPE rss SYSTEM 'http://169.254.169.254/x.dtd'>", "document type"),
        ("<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>", "document type"),
    ],
)
def test_declarations_that_could_unfold_or_fetch_are_refused(prologue: str, advice: str) -> None:
    with pytest.raises(FeedError, match=advice):
        read_bytes(f"<?xml version='1.0'?>{prologue}<rss>{item('A')}</rss>".encode())


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"<products><product/></products>", "begins with <products>"),
        (b"<rss><channel></channel></rss>", "has no products"),
        (b"<rss><channel><item><id>A</id>", "cannot be read past line 1"),
        (b"<rss>\n<item></rss>", "cannot be read past line 2"),
        (b"<rss>" + b"<a>" * 1000, "nests more than"),
        (b"<rss><!--" + b"x" * 3_000_000 + b"--></rss>", "tag or comment of more"),
        (b"<rss><item a='" + b"x" * 3_000_000 + b"'/></rss>", "tag or comment of more"),
    ],
)
def test_xml_that_is_no_feed_is_refused_with_advice(data: bytes, advice: str) -> None:
    with pytest.raises(FeedError, match=advice):
        read_bytes(data)


def test_an_item_without_end_is_refused_alone() -> None:
    rows = read_items(item("A", f"<x>{'y' * 600_000}</x>"), item("B"))
    assert isinstance(rows[0], RowError)
    assert isinstance(rows[1], FeedRow)


def test_an_attribute_that_comes_late_is_noted_as_unread() -> None:
    *_, last = read_items(*(item(f"A{n}") for n in range(1100)), item("B", "<brand>Ridge</brand>"))
    assert isinstance(last, FeedRow)
    assert any("'brand' came late" in note for note in last.notes)
