"""What a shopper can ask of a whole look: a budget, items that stay, another look."""

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import Product
from feedback.models import FeedbackEvent, UnpairedExample
from feedback.services import feedback_record
from outfits.circumstances.current import current_context
from outfits.composing.wishes import Wish
from outfits.models import Look
from outfits.presentation import present
from outfits.services import look_build, look_recommend
from tests.factories import make_image, make_look, make_product
from tests.fakes import FakeLanguageModel
from tests.outfits.looks import CONTEXT, build, cost, products

pytestmark = pytest.mark.django_db


# --- Budget -------------------------------------------------------------------------------------


def test_the_budget_is_for_the_whole_look_without_its_anchor(
    anchor: Product, stylist: FakeLanguageModel
) -> None:
    stylist.taste = "number"
    assert cost(build(anchor, budget=Decimal(130))) <= 130


def test_a_provisional_look_holds_the_budget_too(anchor: Product) -> None:
    wish = Wish(budget=Decimal(45))
    shown = present(look_recommend(anchor=anchor, context=CONTEXT, wish=wish))
    assert shown.status == "provisional"
    assert sum(item.product.price for item in shown.items) <= 45
    assert not shown.over_budget


def test_accessories_are_left_out_before_the_budget_is_broken(anchor: Product) -> None:
    assert [item.slot for item in build(anchor, budget=Decimal(20))] == ["bottom", "shoes"]


def test_where_nothing_is_cheap_enough_the_cheapest_look_says_so(
    client: Client, anchor: Product
) -> None:
    query = {"product": anchor.sku, "budget": "5"}
    answer = client.get("/api/v1/looks/", query).json()
    assert (answer["budget"], answer["over_budget"]) == ("5.00", True)
    assert [item["product"]["price"]["amount"] for item in answer["items"]] == ["10.00"] * 2
    assert cost(build(anchor, budget=Decimal(5))) == 20


def test_cheap_products_are_found_behind_many_nearer_dear_ones() -> None:
    anchor = make_product("top", title="aaaa")
    for _ in range(20):
        make_product("shoes", title="aaaa", price=90)
        make_product("bottom", title="aaaa", price=90)
    make_product("shoes", title="zzzz", price=20)
    assert cost(build(anchor, budget=Decimal(120))) == 110


def test_what_costs_another_currency_is_not_within_a_budget(anchor: Product) -> None:
    Product.objects.filter(price=10).update(currency="USD")
    found = build(anchor, budget=Decimal(90))
    assert {product.currency for product in products(found)} == {"EUR"}


def test_alternatives_that_would_break_the_budget_come_last(anchor: Product) -> None:
    for item in build(anchor, budget=Decimal(130)):
        rest = cost(build(anchor, budget=Decimal(130))) - item.product.price
        prices = dict(Product.objects.values_list("pk", "price"))
        breaks = [rest + prices[c["product"]] > 130 for c in item.candidates]
        assert breaks == sorted(breaks)


# --- Locks --------------------------------------------------------------------------------------


def test_what_is_locked_stays_and_the_rest_is_chosen_to_go_with_it(
    anchor: Product, stylist: FakeLanguageModel
) -> None:
    kept = make_product("shoes", title="crimson boots")
    found = build(anchor, locks=(kept.sku,))
    assert kept in products(found)
    assert [item.slot for item in found] == ["bottom", "shoes", "bag"]
    assert all("crimson boots" in query for query, _, _ in stylist.asked)
    assert not any("crimson" in q for _, questions, _ in stylist.asked for q in questions)


def test_nothing_is_learned_from_an_item_that_nobody_was_asked_about(anchor: Product) -> None:
    kept = make_product("shoes")
    item = next(item for item in build(anchor, locks=(kept.sku,)) if item.product == kept)
    assert item.question_about(kept.pk) is None
    assert item.explanation == "You chose to keep this."


def test_a_thumb_on_what_stays_is_taken_and_makes_no_example(anchor: Product) -> None:
    kept = make_product("shoes")
    item = next(item for item in build(anchor, locks=(kept.sku,)) if item.product == kept)
    feedback_record(id=uuid.uuid4(), look=item.look, kind="like", item=item, product=kept)
    assert FeedbackEvent.objects.exists()
    assert not UnpairedExample.objects.exists()


def test_the_admin_says_what_was_wished(admin_client: Client, anchor: Product) -> None:
    build(anchor, budget=Decimal(130), number=2)
    page = admin_client.get("/admin/ensemble_outfits/look/").content.decode()
    assert "budget 130.00, look number 2" in page


def test_a_dress_that_stays_takes_the_place_of_top_and_bottom(anchor: Product) -> None:
    shoes = make_product("shoes")
    make_product("top")
    dress = make_product("dress")
    assert [item.slot for item in build(shoes, locks=(dress.sku,))] == ["bag", "dress"]


def test_the_answer_says_what_is_locked(client: Client, anchor: Product) -> None:
    kept = make_product("shoes")
    query: dict[str, Any] = {"product": anchor.sku, "lock": [kept.sku]}
    provisional = client.get("/api/v1/looks/", query).json()
    look_build(anchor=anchor, context=current_context(), wish=Wish(locks=(kept.sku,)))
    ranked = client.get("/api/v1/looks/", query).json()
    assert (provisional["status"], ranked["status"]) == ("provisional", "ranked")
    for answer in (provisional, ranked):
        locked = {item["slot"]: item["locked"] for item in answer["items"]}
        assert locked == {"bottom": False, "shoes": True, "bag": False}


@pytest.mark.parametrize("fields", [{"slot": "top"}, {"stock": 0}, {"published": False}])
def test_what_cannot_stay_is_refused(
    client: Client, anchor: Product, fields: dict[str, Any]
) -> None:
    kept = make_product(**{"slot": "shoes"} | fields)
    response = client.get("/api/v1/looks/", {"product": anchor.sku, "lock": kept.sku})
    assert response.status_code == 400
    assert kept.sku in response.json()["fields"]["lock"][0]


# --- More than one look -------------------------------------------------------------------------


def test_three_looks_are_not_three_times_the_same_shoes(anchor: Product) -> None:
    looks = [products(build(anchor, number=number)) for number in (1, 2, 3)]
    worn = [product.pk for look in looks for product in look]
    assert len(worn) == len(set(worn)) == 9


def test_an_item_comes_again_only_where_there_is_no_other(anchor: Product) -> None:
    Product.objects.filter(slot="bag").exclude(price=60).delete()
    first, second = (build(anchor, number=number) for number in (1, 2))
    again = {product.slot for product in products(first) if product in products(second)}
    assert again == {"bag"}


def test_a_later_look_is_built_after_the_earlier_ones(anchor: Product) -> None:
    build(anchor, number=3)
    assert Look.objects.count() == 3
    assert Look.objects.filter(wish_key="").count() == 1


def test_a_provisional_second_look_differs_from_the_first(client: Client, anchor: Product) -> None:
    for build_first in (False, True):
        if build_first:
            look_build(anchor=anchor, context=current_context())
        answers = [
            client.get(f"/api/v1/looks/?product={anchor.sku}&number={number}").json()
            for number in (1, 2)
        ]
        assert [answer["number"] for answer in answers] == [1, 2]
        assert [answer["count"] for answer in answers] == [3, 3]
        first, second = ({item["product"]["sku"] for item in answer["items"]} for answer in answers)
        assert not first & second


def test_where_there_are_fewer_looks_the_last_is_shown(client: Client) -> None:
    anchor = make_product("top")
    make_product("shoes")
    answer = client.get(f"/api/v1/looks/?product={anchor.sku}&number=3").json()
    assert (answer["number"], answer["count"]) == (1, 1)
    assert look_build(anchor=anchor, context=CONTEXT, wish=Wish(number=2)) is None


# --- Asking -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("budget", "0"),
        ("budget", "-1"),
        ("budget", "much"),
        ("budget", "NaN"),
        ("budget", "1e30"),
        ("budget", "1.234"),
        ("number", "0"),
        ("number", "4"),
        ("number", "x"),
        ("lock", "NOPE"),
        ("lock", "x" * 65),
        ("lock", ["x"] * 50),
    ],
)
def test_a_wish_that_cannot_be_is_refused(
    client: Client, anchor: Product, name: str, value: Any
) -> None:
    response = client.get("/api/v1/looks/", {"product": anchor.sku, name: value})
    assert response.status_code == 400
    assert name in response.json()["fields"]


def test_an_answer_without_a_wish_says_so(client: Client, anchor: Product) -> None:
    answer = client.get("/api/v1/looks/", {"product": anchor.sku}).json()
    said = {name: answer[name] for name in ("number", "budget", "over_budget", "share_url")}
    assert said == {"number": 1, "budget": None, "over_budget": False, "share_url": None}


def test_a_stored_answer_says_where_its_page_is(client: Client, anchor: Product) -> None:
    shoes = make_product("shoes")
    look = make_look(anchor, [shoes], context=current_context())
    answer = client.get("/api/v1/looks/", {"product": anchor.sku}).json()
    assert answer["share_url"] == f"http://testserver/looks/{look.pk}/?piece={shoes.sku}"


@pytest.mark.parametrize("query", [{}, {"budget": "200"}, {"number": 2}, {"temperature": 32}])
def test_queries_of_a_provisional_look_do_not_grow_with_what_is_offered(
    client: Client,
    query: dict[str, Any],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    anchor = make_product("top")
    for slot in ("bottom", "shoes", "outerwear", "bag"):
        for _ in range(40):
            make_image(make_product(slot))
    current_context()
    with django_assert_max_num_queries(18):
        client.get("/api/v1/looks/", {"product": anchor.sku, **query})
