from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from outfits.models import ProfileFact, Shopper
from outfits.shoppers.quiz import build_quiz, read_answers
from tests.factories import make_image, make_product
from tests.shoppers import as_shopper, make_shopper, set_key

pytestmark = pytest.mark.django_db
QUIZ = "/api/v1/shopper/quiz/"


@pytest.fixture(autouse=True)
def _key(settings: Settings) -> None:
    set_key(settings)


@pytest.fixture
def _catalog() -> None:
    for slot, title, colour, price in [
        ("top", "Linen Shirt", "White", 40),
        ("top", "Wool Jumper", "Navy Blue", 60),
        ("dress", "Satin Cocktail Dress", "Red", 120),
        ("shoes", "Running Sneakers", "Green", 90),
        ("bottom", "Leather Trousers", "Black", 200),
        ("bag", "Leather Tote", "Tan", 150),
        ("headwear", "Straw Panama", "Beige", 30),
        ("jewellery", "Pearl Earrings", "Gold", 25),
        ("scarf", "Wool Scarf", "Grey", 35),
    ]:
        make_image(make_product(slot, title=title, colour=colour, price=price))


def answer(client: Client, answers: Any, **kwargs: Any) -> Any:
    data = {"answers": answers}
    return client.post(QUIZ, data, content_type="application/json", **kwargs)


@pytest.mark.usefixtures("_catalog")
def test_the_same_catalog_gives_the_same_quiz_with_its_own_pictures(client: Client) -> None:
    first, second = client.get(QUIZ).json(), client.get(QUIZ).json()
    assert first == second
    pictured = [o["product"] for q in first["questions"] for o in q["options"] if o["product"]]
    assert all(product["image"] for product in pictured)
    colours = first["questions"][0]["options"]
    assert len({option["product"]["sku"] for option in colours}) == len(colours) > 5


@pytest.mark.usefixtures("_catalog")
def test_a_picture_shows_what_its_answer_says() -> None:
    colours = next(q for q in build_quiz() if q.id == "colours")
    shown = {o.value: o.product.colour for o in colours.options if o.product}
    assert shown["navy"] == "Navy Blue"
    assert shown["red"] == "Red"


@pytest.mark.usefixtures("_catalog")
def test_budgets_part_the_catalogs_prices() -> None:
    budget = next(q for q in build_quiz() if q.id == "budget")
    values = [int(option.value) for option in budget.options]
    assert values == sorted(values)
    assert 25 < values[0] < values[-1] < 200


def test_a_shop_without_pictures_has_no_quiz(client: Client) -> None:
    make_product("top", title="Linen Shirt")
    assert client.get(QUIZ).json() == {"questions": []}


@pytest.mark.usefixtures("_catalog")
def test_a_quiz_for_men_shows_nothing_for_women(client: Client) -> None:
    for colour in ("Olive", "Navy Blue"):
        make_image(make_product("top", title="Canvas Jacket", colour=colour, gender="men"))
    asked = client.get(QUIZ, {"gender": "men"}).json()["questions"]
    colours = next(question for question in asked if question["id"] == "colours")
    assert {option["value"] for option in colours["options"]} == {"olive", "navy"}


@pytest.mark.usefixtures("_catalog")
def test_the_quiz_takes_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(6):
        client.get(QUIZ)


def test_answers_of_a_consenting_shopper_become_facts(client: Client) -> None:
    ann = make_shopper()
    said = {"colours": ["navy", "red"], "pieces": ["headwear"], "budget": ["80"]}
    stored = answer(client, said, headers=as_shopper()).json()
    assert stored["stored"]
    assert {(f.kind, f.value, f.stance, f.source) for f in ann.facts.all()} == {
        ("colour", "navy", "like", "quiz"),
        ("colour", "red", "like", "quiz"),
        ("slot", "headwear", "never", "quiz"),
        ("budget", "80", "like", "quiz"),
    }


def test_a_skipped_question_says_nothing(client: Client) -> None:
    make_shopper()
    stored = answer(client, {"colours": [], "styles": []}, headers=as_shopper()).json()
    assert stored["facts"] == []
    assert not ProfileFact.objects.exists()


def test_taking_the_quiz_again_replaces_what_was_answered_and_keeps_the_rest(
    client: Client,
) -> None:
    ann = make_shopper()
    answer(client, {"colours": ["navy"], "styles": ["office"]}, headers=as_shopper())
    answer(client, {"colours": ["red"]}, headers=as_shopper())
    assert {f.value for f in ann.facts.all()} == {"red", "office"}


def test_an_anonymous_taker_gets_a_taste_for_the_tab_and_nothing_is_stored(client: Client) -> None:
    said = {"colours": ["navy"], "materials": ["leather"]}
    stored = answer(client, said).json()
    assert stored["stored"] is False
    assert stored["taste"] == "like.colour=navy&never.material=leather"
    assert not Shopper.objects.exists()
    query = {"product": make_product("top").sku}
    taste = {"X-Ensemble-Taste": stored["taste"]}
    assert client.get("/api/v1/looks/", query, headers=taste).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"shoe size": ["1"]},
        {"colours": ["plaid"]},
        {"budget": ["10", "20"]},
        {"budget": ["much"]},
        {"colours": ["red"] * 41},
    ],
)
def test_an_answer_that_is_none_is_refused(client: Client, wrong: dict[str, list[str]]) -> None:
    make_shopper()
    assert answer(client, wrong, headers=as_shopper()).status_code == 400
    assert not ProfileFact.objects.exists()


def test_the_kinds_of_skipped_questions_are_left_alone() -> None:
    assert read_answers({"colours": ["red", "red"], "styles": []}).kinds == ("colour",)
