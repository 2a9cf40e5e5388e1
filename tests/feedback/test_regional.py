import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from catalog.models import Product
from feedback.models import FeedbackEvent
from feedback.tasks import update_regional_taste
from outfits.circumstances.context import Context
from outfits.circumstances.current import current_context, recall_curation
from outfits.models import Look, RegionalTaste
from tests.factories import make_look, make_product, say
from tests.shoppers import make_shopper

pytestmark = pytest.mark.django_db


@pytest.fixture
def shoes() -> Product:
    return make_product("shoes", colour="Red", brand="", category="")


def look_in(region: str, shoes: Product) -> Look:
    other = make_product("shoes", colour="Blue", brand="", category="")
    return make_look(make_product("top"), [shoes, other], context=Context(region=region))


def like(look: Look, shoppers: int, kind: str = "like", start: int = 0) -> None:
    for number in range(start, start + shoppers):
        say(look, kind, shopper=make_shopper(f"shopper-{number}"))


def tastes() -> dict[tuple[str, str], float]:
    update_regional_taste()
    return {(t.region, t.value): t.weight for t in RegionalTaste.objects.all()}


def test_feedback_keeps_the_region_of_its_look(shoes: Product) -> None:
    event = say(look_in("DE-BE", shoes), "like", shopper=make_shopper())
    assert event.region == "DE-BE"


def test_strangers_make_no_taste_however_many_tabs_they_are(shoes: Product) -> None:
    look = look_in("DE", shoes)
    for number in range(60):
        say(look, "like", visitor=f"tab-{number}")
    FeedbackEvent.objects.update(region="DE")
    assert tastes() == {}
    like(look, 49)
    assert tastes() == {}


@pytest.mark.parametrize(("shoppers", "known"), [(49, False), (50, True)])
def test_a_region_has_a_taste_from_fifty_shoppers_on(
    shoes: Product, shoppers: int, known: bool
) -> None:
    like(look_in("DE", shoes), shoppers)
    assert (tastes() == {("DE", "red"): 1.0}) is known
    assert RegionalTaste.objects.exists() is known


def test_fifty_thumbs_of_forty_nine_shoppers_are_not_enough(shoes: Product) -> None:
    like(look_in("DE", shoes), 49)
    say(
        look_in("DE", make_product("shoes", colour="Red")),
        "like",
        shopper=make_shopper("shopper-0"),
    )
    assert FeedbackEvent.objects.count() == 50
    assert tastes() == {}


def test_parts_of_a_country_count_for_it_together(shoes: Product) -> None:
    like(look_in("DE-BE", shoes), 25)
    like(look_in("DE-BY", shoes), 25, start=25)
    assert tastes() == {("DE", "red"): 1.0}


def test_other_countries_do_not(shoes: Product) -> None:
    like(look_in("DE", shoes), 25)
    like(look_in("FR", shoes), 25, start=25)
    assert tastes() == {}


def test_feedback_without_a_region_makes_none(shoes: Product) -> None:
    like(look_in("", shoes), 60)
    assert tastes() == {}


def test_what_is_disliked_is_liked_less(shoes: Product) -> None:
    like(look_in("DE", shoes), 50, "dislike")
    assert tastes() == {("DE", "red"): -1.0}


def test_what_people_disagree_on_says_nothing(shoes: Product) -> None:
    look = look_in("DE", shoes)
    like(look, 30)
    like(look, 30, "dislike", start=30)
    assert tastes() == {}


def test_what_few_spoke_of_says_nothing_even_in_a_region_of_many(shoes: Product) -> None:
    like(look_in("DE", shoes), 50)
    like(look_in("DE", make_product("shoes", colour="Green", brand="", category="")), 9)
    assert tastes() == {("DE", "red"): 1.0}


def test_feedback_that_was_taken_back_is_forgotten(shoes: Product) -> None:
    look = look_in("DE", shoes)
    like(look, 50)
    assert tastes() != {}
    FeedbackEvent.objects.filter(shopper__shop_id="shopper-0").delete()
    assert tastes() == {}


def test_the_taste_of_a_region_is_in_its_context_and_in_no_other(
    shoes: Product, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    assert current_context(region="DE").curated == ""
    like(look_in("DE", shoes), 50)
    with django_capture_on_commit_callbacks(execute=True):
        update_regional_taste()
    berlin = current_context(region="DE-BE")
    assert [taste.value for taste in recall_curation(berlin).tastes] == ["red"]
    assert current_context(region="FR").curated == ""


def test_the_database_itself_refuses_a_taste_of_few() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RegionalTaste.objects.create(
            region="DE", kind="colour", value="red", weight=0.1, shoppers=49
        )
