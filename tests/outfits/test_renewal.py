"""A look whose pieces have sold out is made anew: once, and what somebody keeps of it stays."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from catalog.models import Product
from outfits.circumstances.context import Context
from outfits.circumstances.current import current_context
from outfits.composing.wishes import PLAIN, Wish
from outfits.models import Look
from outfits.presentation import ShownLook, present
from outfits.selectors import products_without_look, serving_stylist
from outfits.services import look_build, look_recommend
from outfits.shoppers.personal_looks import personal_looks_forget
from outfits.shoppers.profile import look_save
from outfits.tasks import build_missing_looks
from tests.factories import make_product
from tests.fakes import FakeLanguageModel
from tests.outfits.looks import CONTEXT
from tests.shoppers import make_shopper

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(anchor: Product, stylist: FakeLanguageModel) -> Look:
    """Trousers, shoes and a bag for a top, in one context."""
    look = look_build(anchor=anchor, context=CONTEXT)
    assert look is not None
    return look


def sell_out(look: Look, slot: str) -> None:
    """Everything that the look offered in a slot."""
    skus = [candidate["sku"] for candidate in look.items.get(slot=slot).candidates]
    Product.objects.filter(sku__in=skus).update(stock=0)


def show(anchor: Product, wish: Wish = PLAIN) -> ShownLook:
    return present(look_recommend(anchor=anchor, context=CONTEXT, wish=wish))


def worn(shown: ShownLook) -> dict[str, Product]:
    return {item.slot: item.product for item in shown.items}


def test_a_slot_that_has_sold_out_is_filled_provisionally_from_what_is_in_stock(
    look: Look, anchor: Product
) -> None:
    before = worn(show(anchor))
    sell_out(look, "shoes")
    new = make_product("shoes")
    shown = show(anchor)
    assert (shown.status, shown.id) == ("provisional", None)
    assert worn(shown) == before | {"shoes": new}


def test_what_the_stylist_chose_for_other_slots_stands_meanwhile(
    anchor: Product, stylist: FakeLanguageModel
) -> None:
    loved = make_product("bag", title="zzzz velvet")
    stylist.taste = "velvet"
    look = look_build(anchor=anchor, context=CONTEXT)
    assert look is not None
    sell_out(look, "shoes")
    make_product("shoes")
    assert worn(show(anchor))["bag"] == loved


def test_a_look_of_which_everything_has_sold_out_is_answered_from_what_is_in_stock(
    look: Look, anchor: Product
) -> None:
    for slot in ("bottom", "shoes", "bag"):
        sell_out(look, slot)
    new = make_product("shoes")
    shown = show(anchor)
    assert (shown.status, worn(shown)) == ("provisional", {"shoes": new})


def test_it_is_queued_once_however_often_it_is_shown(
    look: Look,
    anchor: Product,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    sell_out(look, "shoes")
    make_product("shoes")
    with django_capture_on_commit_callbacks() as callbacks:
        for _ in range(3):
            show(anchor)
    assert len(callbacks) == 1


def test_the_new_look_takes_the_place_of_the_old_one(look: Look, anchor: Product) -> None:
    sell_out(look, "shoes")
    new = make_product("shoes")
    renewed = look_build(anchor=anchor, context=CONTEXT)
    assert renewed is not None
    shown = show(anchor)
    assert (shown.status, shown.id) == ("ranked", str(renewed.pk))
    assert worn(shown)["shoes"] == new
    look.refresh_from_db()
    assert look.retired_at is not None


def test_of_two_workers_who_renew_it_one_look_stands(
    look: Look, anchor: Product, stylist: FakeLanguageModel
) -> None:
    sell_out(look, "shoes")
    make_product("shoes", title="something new")
    match = stylist.match

    def match_late(query: str, questions: list[str], *, adapter: str = "") -> list[float]:
        stylist.match = match  # type: ignore[method-assign]
        look_build(anchor=anchor, context=CONTEXT)
        return match(query, questions, adapter=adapter)

    stylist.match = match_late  # type: ignore[method-assign,assignment]
    renewed = look_build(anchor=anchor, context=CONTEXT)
    assert renewed == Look.objects.get(retired_at__isnull=True)
    assert Look.objects.count() == 2


def test_a_look_that_was_renewed_is_not_made_again(
    look: Look, anchor: Product, stylist: FakeLanguageModel
) -> None:
    sell_out(look, "shoes")
    make_product("shoes")
    renewed = look_build(anchor=anchor, context=CONTEXT)
    asked = len(stylist.asked)
    assert look_build(anchor=anchor, context=CONTEXT) == renewed
    assert len(stylist.asked) == asked


def test_where_nothing_at_all_is_left_the_look_waits_until_something_is(
    look: Look, anchor: Product
) -> None:
    Product.objects.exclude(pk=anchor.pk).update(stock=0)
    assert show(anchor).items == []
    assert look_build(anchor=anchor, context=CONTEXT) == look
    Product.objects.update(stock=5)
    assert show(anchor).id == str(look.pk)


def test_a_later_look_repeats_nothing_of_the_renewed_one(look: Look, anchor: Product) -> None:
    sell_out(look, "shoes")
    shoes = {make_product("shoes").pk for _ in range(3)}
    first, second = (
        look_build(anchor=anchor, context=CONTEXT, wish=Wish(number=number)) for number in (1, 2)
    )
    assert first is not None
    assert second is not None
    ours = [found.items.get(slot="shoes").product_id for found in (first, second)]
    assert len(set(ours) & shoes) == 2


# --- Ahead of any visitor -----------------------------------------------------------------------


@pytest.fixture
def plain(anchor: Product, stylist: FakeLanguageModel) -> Look:
    """The look that is built ahead, the only one that is missing nowhere else."""
    look = look_build(anchor=anchor, context=current_context())
    assert look is not None
    return look


def test_it_is_built_anew_ahead_of_any_visitor(
    plain: Look,
    anchor: Product,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def without() -> list[Product]:
        return list(products_without_look(current_context(), serving_stylist()))

    assert anchor not in without()
    chosen = plain.items.get(slot="shoes").product_id
    Product.objects.filter(pk=chosen).update(stock=0)
    assert anchor not in without()
    sell_out(plain, "shoes")
    assert anchor in without()
    with django_capture_on_commit_callbacks() as callbacks:
        build_missing_looks()
        build_missing_looks()
        look_recommend(anchor=anchor, context=current_context())
    assert len(callbacks) == len(without())


def test_what_a_person_of_the_shop_chose_is_enough_for_a_slot(plain: Look, anchor: Product) -> None:
    item = plain.items.get(slot="shoes")
    item.stylist_choice = make_product("shoes")
    item.save()
    sell_out(plain, "shoes")
    assert anchor not in products_without_look(current_context(), serving_stylist())
    shown = present(look_recommend(anchor=anchor, context=current_context()))
    assert (shown.status, worn(shown)["shoes"]) == ("ranked", item.stylist_choice)


# --- What a person of the shop chose --------------------------------------------------------------


def choose(look: Look, slot: str, **fields: Any) -> Product:
    """Another product that a person of the shop puts into a slot."""
    chosen = make_product(slot, **fields)
    look.items.filter(slot=slot).update(stylist_choice=chosen)
    return chosen


def renew(look: Look, context: Context = CONTEXT) -> dict[str, Product | None]:
    """What a person of the shop chose for the slots of the look that takes its place."""
    sell_out(look, "shoes")
    make_product("shoes")
    renewed = look_build(anchor=look.anchor, context=context)
    assert renewed is not None
    assert renewed != look
    return {item.slot: item.stylist_choice for item in renewed.items.all()}


def test_what_a_person_of_the_shop_chose_stands_in_the_new_look(
    look: Look, anchor: Product
) -> None:
    bag = choose(look, "bag")
    assert renew(look) == {"bottom": None, "shoes": None, "bag": bag}
    assert worn(show(anchor))["bag"] == bag


def test_what_they_choose_while_the_stylist_is_asked_stands_too(
    look: Look, stylist: FakeLanguageModel
) -> None:
    match, chosen = stylist.match, []

    def match_late(query: str, questions: list[str], *, adapter: str = "") -> list[float]:
        stylist.match = match  # type: ignore[method-assign]
        chosen.append(choose(look, "bag"))
        return match(query, questions, adapter=adapter)

    stylist.match = match_late  # type: ignore[method-assign,assignment]
    assert [renew(look)["bag"]] == chosen


def test_what_they_chose_and_cannot_be_bought_is_left_to_the_stylist(look: Look) -> None:
    bag = choose(look, "bag")
    Product.objects.filter(pk=bag.pk).update(stock=0)
    assert renew(look)["bag"] is None


def test_what_they_chose_and_is_another_kind_of_piece_now_is_left_to_the_stylist(
    look: Look,
) -> None:
    bag = choose(look, "bag")
    Product.objects.filter(pk=bag.pk).update(slot="outerwear")
    assert renew(look)["bag"] is None


def test_what_they_chose_and_its_shopper_never_wants_to_see_is_left_to_the_stylist(
    anchor: Product, stylist: FakeLanguageModel
) -> None:
    taste = Context(season="winter", preferences=("material=leather never said",))
    look = look_build(anchor=anchor, context=taste)
    assert look is not None
    choose(look, "bag", title="Leather Bag")
    assert renew(look, taste)["bag"] is None


# --- Looks without any slot -----------------------------------------------------------------------


def test_a_look_whose_pieces_were_deleted_is_made_anew(plain: Look, anchor: Product) -> None:
    Product.objects.exclude(pk=anchor.pk).delete()
    new = make_product("shoes")
    assert anchor in products_without_look(current_context(), serving_stylist())
    shown = present(look_recommend(anchor=anchor, context=current_context()))
    assert (shown.status, worn(shown)) == ("provisional", {"shoes": new})
    renewed = look_build(anchor=anchor, context=current_context())
    assert renewed is not None
    assert renewed.items.get().product == new
    assert anchor not in products_without_look(current_context(), serving_stylist())


def test_a_look_that_the_stylist_finds_nothing_for_is_not_made_over_and_over(
    stylist: FakeLanguageModel,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    anchor = make_product("top", colour="Red")
    make_product("bag", colour="Blue")
    empty = look_build(anchor=anchor, context=CONTEXT)
    assert empty is not None
    assert not empty.items.exists()
    assert look_build(anchor=anchor, context=CONTEXT) == empty
    assert Look.objects.get().retired_at is None
    with django_capture_on_commit_callbacks() as callbacks:
        assert (show(anchor).status, show(anchor).items) == ("ranked", [])
    assert not callbacks


# --- What stays of it ---------------------------------------------------------------------------


def test_whoever_keeps_the_old_look_still_has_it(look: Look, anchor: Product) -> None:
    look_save(shopper=make_shopper(), look=look)
    sell_out(look, "shoes")
    make_product("shoes")
    look_build(anchor=anchor, context=CONTEXT)
    assert Look.objects.filter(pk=look.pk, saved_by__isnull=False).exists()


@pytest.mark.parametrize(("days", "forgotten"), [(29, 0), (31, 1)])
def test_a_retired_look_that_nobody_keeps_is_forgotten_in_time(
    look: Look, days: int, forgotten: int
) -> None:
    Look.objects.update(retired_at=timezone.now() - timedelta(days=days))
    assert personal_looks_forget() == forgotten


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
def test_a_retired_look_whose_page_was_opened_stays(
    client: Client, look: Look, prefix: str
) -> None:
    assert client.get(f"{prefix}/looks/{look.pk}/").status_code == 200
    Look.objects.update(retired_at=timezone.now() - timedelta(days=400))
    assert personal_looks_forget() == 0


def test_a_retired_look_that_a_browser_keeps_stays(client: Client, look: Look) -> None:
    assert client.post(f"/api/v1/looks/{look.pk}/keep/").status_code == 204
    Look.objects.update(retired_at=timezone.now() - timedelta(days=400))
    assert personal_looks_forget() == 0


@pytest.mark.parametrize("prefix", ["", "/api/v1"])
def test_a_look_is_marked_as_shared_once_however_often_its_page_is_opened(
    client: Client, look: Look, prefix: str
) -> None:
    client.get(f"{prefix}/looks/{look.pk}/")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{prefix}/looks/{look.pk}/")
    assert not [query for query in queries if query["sql"].startswith("UPDATE")]


def test_whether_a_look_is_spent_costs_no_query_of_its_own(
    client: Client,
    plain: Look,
    anchor: Product,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    query = {"product": anchor.sku}
    client.get("/api/v1/looks/", query)
    with django_assert_max_num_queries(6):
        client.get("/api/v1/looks/", query)
