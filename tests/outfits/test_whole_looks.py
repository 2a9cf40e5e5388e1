"""What a shopper can ask of a whole look: a budget, items that stay, another look."""

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from catalog.models import Product
from feedback.models import FeedbackEvent, UnpairedExample
from feedback.services import feedback_record
from outfits.circumstances import current_context
from outfits.context import Context
from outfits.llm import get_language_model
from outfits.llm.base import LanguageModelError
from outfits.models import Look, LookItem
from outfits.presentation import ShownLook, present
from outfits.services import look_build, look_recommend
from outfits.tasks import build_look
from outfits.wishes import PLAIN, Wish
from tests.factories import make_image, make_look, make_product
from tests.fakes import FakeLanguageModel

pytestmark = pytest.mark.django_db
CONTEXT = Context(season="winter")


@pytest.fixture
def anchor() -> Product:
    """A top, beside which there is enough for three looks."""
    for slot in ("bottom", "shoes", "bag"):
        for price in (100, 60, 30, 10):
            make_product(slot, price=price)
    return make_product("top", price=500)


def build(anchor: Product, **wish: Any) -> list[LookItem]:
    look = look_build(anchor=anchor, context=CONTEXT, wish=Wish(**wish))
    assert look is not None
    return list(look.items.select_related("product"))


def products(items: Sequence[LookItem]) -> list[Product]:
    return [item.product for item in items]


def cost(items: Sequence[LookItem]) -> Decimal:
    return sum((item.product.price for item in items), Decimal(0))


# --- Budget ---------------------------------------------------------------------------------


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


# --- Locks ----------------------------------------------------------------------------------


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


# --- More than one look ---------------------------------------------------------------------


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


# --- What goes together ---------------------------------------------------------------------


def test_items_that_clash_with_each_other_are_not_shown_together(
    stylist: FakeLanguageModel,
) -> None:
    anchor = make_product("top", colour="White")
    make_product("bottom", title="loved skirt", colour="Red")
    make_product("shoes", title="loved shoes", colour="Blue")
    make_product("shoes", title="dull shoes", colour="Black")
    stylist.taste = "loved"
    items = build(anchor)
    assert [item.product.title for item in items] == ["loved skirt", "dull shoes"]
    best, clashing = items[1].candidates
    assert clashing["context"]["clash"] < 0
    assert best["score"] > clashing["score"]


def test_blue_jeans_go_with_every_colour() -> None:
    anchor = make_product("top", colour="Red")
    jeans = make_product("bottom", title="Slim Jeans", colour="Blue")
    make_product("bottom", title="zzzz", colour="Black")
    assert products(build(anchor))[0] == jeans


def test_stored_scores_add_up_and_are_in_order(anchor: Product) -> None:
    for item in build(anchor, number=2):
        scores = [candidate["score"] for candidate in item.candidates]
        assert scores == sorted(scores, reverse=True)
        for each in item.candidates:
            added = sum(each.get("context", {}).values())
            assert each["score"] == pytest.approx(each["model"] + each["cooccurrence"] + added)
        assert item.candidates[0]["product"] == item.product_id


# --- Time -----------------------------------------------------------------------------------


def test_the_first_look_asks_the_model_once_a_slot(
    anchor: Product, stylist: FakeLanguageModel
) -> None:
    assert len(build(anchor)) == len(stylist.asked) == 3


def test_where_the_model_is_asked_again_it_is_at_most_once_a_slot(
    stylist: FakeLanguageModel,
) -> None:
    anchor = make_product("top", colour="White")
    make_product("bottom", title="loved skirt", colour="Red")
    make_product("bottom", title="grey skirt", colour="Grey")
    make_product("shoes", title="loved shoes", colour="Blue")
    make_product("bag", title="a bag", colour="Tan")
    stylist.taste = "loved"
    items = build(anchor)
    assert [item.product.title for item in items] == ["grey skirt", "loved shoes", "a bag"]
    assert len(stylist.asked) <= 2 * len(items) - 1
    assert "grey skirt" in items[-1].query


def give_seconds(settings: Settings, seconds: int) -> FakeLanguageModel:
    """Set the time limit; the fake that is asked from then on."""
    settings.ENSEMBLE = {**settings.ENSEMBLE, "LOOK_SECONDS": seconds}
    model = get_language_model()
    assert isinstance(model, FakeLanguageModel)
    return model


def test_when_time_is_up_nothing_is_asked_again(settings: Settings) -> None:
    stylist = give_seconds(settings, 0)
    anchor = make_product("top", colour="White")
    make_product("bottom", title="loved skirt", colour="Red")
    make_product("bottom", title="grey skirt", colour="Grey")
    make_product("shoes", title="loved shoes", colour="Blue")
    stylist.taste = "loved"
    assert len(build(anchor)) == len(stylist.asked) == 2


def test_another_look_asks_only_what_was_not_asked_before(
    anchor: Product, stylist: FakeLanguageModel
) -> None:
    build(anchor)
    before = len(stylist.asked)
    build(anchor, number=2)
    first = stylist.asked[0][0]
    assert first not in [query for query, _, _ in stylist.asked[before:]]


@pytest.mark.parametrize(("seconds", "shown"), [(0, "wide trousers"), (60, "bottom 1")])
def test_of_a_slow_model_the_slots_that_are_ready_are_shown_after_a_while(
    settings: Settings, seconds: int, shown: str
) -> None:
    stylist = give_seconds(settings, seconds)
    anchor = make_product("top", title="bottom 1 top")
    make_product("bottom", title="bottom 1")
    make_product("bottom", title="wide trousers")
    shoes = make_product("shoes")
    stylist.taste = "wide"
    answered = stylist.match

    def match(query: str, questions: Sequence[str], *, adapter: str = "") -> list[float]:
        if stylist.asked:
            raise LanguageModelError("no answer within 20 seconds", retryable=True)
        return answered(query, questions, adapter=adapter)

    stylist.match = match  # type: ignore[method-assign]
    with pytest.raises(LanguageModelError):
        look_build(anchor=anchor, context=CONTEXT)
    half = present(look_recommend(anchor=anchor, context=CONTEXT))
    assert half.id is None
    assert [item.product.title for item in half.items] == [shown, shoes.title]


def test_when_all_slots_are_ready_they_are_shown_while_the_stylist_thinks_again(
    stylist: FakeLanguageModel,
) -> None:
    anchor = make_product("top", colour="White")
    make_product("bottom", title="loved skirt", colour="Red")
    make_product("bottom", title="grey skirt", colour="Grey")
    make_product("shoes", title="loved shoes", colour="Blue")
    stylist.taste = "loved"
    answered = stylist.match

    def match(query: str, questions: Sequence[str], *, adapter: str = "") -> list[float]:
        if len(stylist.asked) == 2:
            seen.append(present(look_recommend(anchor=anchor, context=CONTEXT)))
        return answered(query, questions, adapter=adapter)

    seen: list[ShownLook] = []
    stylist.match = match  # type: ignore[method-assign]
    build(anchor)
    (half,) = seen
    assert half.status == "provisional"
    assert [item.product.title for item in half.items] == ["grey skirt", "loved shoes"]


def test_a_build_that_was_cut_short_goes_on_where_it_was(stylist: FakeLanguageModel) -> None:
    anchor = make_product("top")
    make_product("bottom")
    make_product("shoes")
    answered = stylist.match

    def match(query: str, questions: Sequence[str], *, adapter: str = "") -> list[float]:
        stylist.match = answered  # type: ignore[method-assign]
        return answered(query, questions, adapter=adapter)

    stylist.match = match  # type: ignore[method-assign]
    build(anchor)
    Look.objects.all().delete()
    build(anchor)
    assert len(stylist.asked) == 2


# --- Storing --------------------------------------------------------------------------------


def test_of_two_workers_who_build_the_same_wish_one_look_stands(
    anchor: Product, stylist: FakeLanguageModel
) -> None:
    wish = Wish(budget=Decimal(130))
    match = stylist.match

    def match_late(query: str, questions: Sequence[str], *, adapter: str = "") -> list[float]:
        stylist.match = match  # type: ignore[method-assign]
        look_build(anchor=anchor, context=CONTEXT, wish=wish)
        return match(query, questions, adapter=adapter)

    stylist.match = match_late  # type: ignore[method-assign]
    look = look_build(anchor=anchor, context=CONTEXT, wish=wish)
    assert look == Look.objects.get()


def test_a_wish_is_kept_apart_from_the_plain_look(anchor: Product) -> None:
    plain, wished = (
        look_build(anchor=anchor, context=CONTEXT, wish=wish)
        for wish in (PLAIN, Wish(budget=Decimal(1000)))
    )
    assert plain is not None
    assert wished is not None
    assert plain != wished
    assert (plain.wish, wished.wish) == ({}, {"budget": "1000.00"})


def test_equal_wishes_share_a_look() -> None:
    one = Wish(Decimal(50), ("B", "A", "A"))
    assert one.key == Wish(Decimal("50.00"), ("A", "B")).key
    assert Wish.from_json(one.as_json()) == one
    assert PLAIN.key == ""


def test_a_task_that_was_queued_before_there_were_wishes_still_runs(anchor: Product) -> None:
    build_look(anchor.pk, CONTEXT.as_json())
    assert Look.objects.get().wish == {}


def test_a_missing_look_with_a_wish_is_queued_with_it(
    client: Client,
    anchor: Product,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    queued: list[tuple[Any, ...]] = []
    monkeypatch.setattr(build_look, "delay", lambda *args: queued.append(args))
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            client.get("/api/v1/looks/", {"product": anchor.sku, "budget": "130", "number": "2"})
    assert [args[2] for args in queued] == [{"budget": "130.00", "number": 2}]


# --- Asking ---------------------------------------------------------------------------------


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
    look = make_look(anchor, [make_product("shoes")], context=current_context())
    answer = client.get("/api/v1/looks/", {"product": anchor.sku}).json()
    assert answer["share_url"] == f"http://testserver/looks/{look.pk}/"


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
