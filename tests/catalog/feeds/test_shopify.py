"""Shopify's CSV: a row a variant, a product a handle."""

from decimal import Decimal

from catalog.feeds.base import RowError
from catalog.vocabulary import Gender, Occasion, Season
from tests.catalog.feeds.reading import (
    list_rows,
    open_data,
    products_of,
    read_bytes,
    read_products,
)

HEADER = "Handle,Title,Option1 Name,Option1 Value,Variant Price,Variant Inventory Qty,Image Src"


def read_lines(*lines: str) -> bytes:
    return "\n".join((HEADER, *lines)).encode()


def test_it_is_known_by_its_columns() -> None:
    assert open_data("shopify.csv").format == "shopify"
    assert open_data("shopify_template.csv").format == "shopify"


def test_rows_of_one_handle_are_one_product_known_by_it() -> None:
    assert list(products_of("shopify.csv")) == [
        *("harbour-linen-shirt", "mini-ankle-boot", "straw-tote", "paper-voucher"),
    ]


def test_a_note_counts_the_variants_that_were_merged() -> None:
    notes = products_of("shopify.csv")["harbour-linen-shirt"].notes
    assert notes.count("Shopify rows of variants taken into one product") == 2


def test_the_price_is_the_lowest_and_the_stock_the_sum() -> None:
    shirt = products_of("shopify.csv")["harbour-linen-shirt"]
    assert (shirt.price, shirt.stock) == (Decimal("55.00"), 7)


def test_what_sells_on_without_stock_is_in_stock() -> None:
    assert products_of("shopify.csv")["mini-ankle-boot"].stock == 10


def test_what_is_not_tracked_is_in_stock() -> None:
    assert products_of("shopify.csv")["straw-tote"].stock == 10


def test_oversold_is_sold_out() -> None:
    assert products_of("shopify.csv")["paper-voucher"].stock == 0


def test_without_quantities_the_default_stock_is_said_to_be_used() -> None:
    (row,) = read_products(b"Handle,Title,Variant Price\na,Shirt,5\n").values()
    assert "stock" in row.defaults_used


def test_a_draft_and_what_is_not_published_are_not_in_the_shop() -> None:
    products = products_of("shopify.csv")
    assert [row.published for row in products.values()] == [True, True, False, False]


def test_the_description_is_plain_text_without_scripts() -> None:
    text = products_of("shopify.csv")["harbour-linen-shirt"].description
    assert text == "Cool, washed linen.\nRegular fit\nShell buttons"


def test_pictures_come_in_the_order_of_their_positions() -> None:
    images = products_of("shopify.csv")["harbour-linen-shirt"].images
    assert [image.rpartition("/")[2] for image in images] == [
        *("harbour-1.jpg?v=17", "harbour-2.jpg", "harbour-3.jpg"),
    ]


def test_the_colour_is_that_of_the_first_variant_in_stock() -> None:
    data = read_lines("a,Shirt,Colour,Red,5,0,", "a,,,Blue,5,2,", "a,,,Green,5,2,")
    assert read_products(data)["a"].colour == "Blue"


def test_several_colours_are_noted() -> None:
    assert any(
        "several colours" in n for n in products_of("shopify.csv")["harbour-linen-shirt"].notes
    )


def test_tags_name_seasons_occasions_and_gender() -> None:
    products = products_of("shopify.csv")
    assert products["harbour-linen-shirt"].seasons == (Season.SUMMER,)
    assert products["harbour-linen-shirt"].occasions == (Occasion.WORK,)
    assert products["straw-tote"].gender == Gender.WOMEN


def test_female_and_kids_are_girls() -> None:
    assert products_of("shopify.csv")["mini-ankle-boot"].gender == Gender.GIRLS


def test_a_type_that_names_no_slot_gives_way_to_the_product_category() -> None:
    assert products_of("shopify.csv")["mini-ankle-boot"].category == "Shoes"


def test_the_newer_template_is_read_as_well() -> None:
    coat = products_of("shopify_template.csv")["cedar-wool-coat"]
    assert (coat.price, coat.stock, coat.colour, coat.gender) == (
        *(Decimal("199.00"), 2, "Camel", Gender.MEN),
    )


def test_other_columns_are_offered_to_the_mapping() -> None:
    assert "Fabric care" in open_data("shopify_template.csv").columns


def test_a_handle_that_comes_back_is_refused_and_told_where_it_began() -> None:
    data = read_lines("a,Shirt,,,5,1,", "b,Skirt,,,5,1,", "a,,,,6,1,")
    _, _, refused = read_bytes(data)
    assert isinstance(refused, RowError)
    assert (refused.line, refused.sku) == (4, "a")
    assert "began on line 2" in refused.reason


def test_a_variant_whose_price_is_none_refuses_the_product_on_its_line() -> None:
    (refused,) = read_bytes(read_lines("a,Shirt,Size,S,5,1,", "a,,,M,cheap,1,"))
    assert isinstance(refused, RowError)
    assert (refused.line, refused.sku) == (3, "a")


def test_a_broken_row_does_not_break_its_product() -> None:
    refused, row = read_bytes(read_lines("a,Shirt,Size,S,5,1,", "a,,,M,5,1,,,x", "a,,,L,5,1,"))
    assert isinstance(refused, RowError)
    assert not isinstance(row, RowError)
    assert row.stock == 2


def test_a_long_handle_is_cut_the_same_way_every_time() -> None:
    data = read_lines(f"{'a' * 80}x,Shirt,,,5,1,", f"{'a' * 80}y,Skirt,,,5,1,")
    first, second = read_products(data)
    assert len(first) == len(second) == 64
    assert first != second
    assert list(read_products(data)) == [first, second]


def test_a_handle_without_end_is_refused_past_a_limit() -> None:
    rows = read_bytes(read_lines("a,Shirt,,,5,1,", *["a,,,,5,1,"] * 2100))
    assert sum(isinstance(row, RowError) for row in rows) == 101


def test_reading_it_again_starts_over() -> None:
    feed = open_data("shopify.csv")
    assert list_rows(feed) == list_rows(feed)
