"""The shopper's pages, as they work without JavaScript."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from catalog.models import Product
from outfits.models import ProfileFact, SavedLook, Shopper
from outfits.shoppers.facts import Fact
from outfits.shoppers.profile import fact_say, look_save
from tests.factories import make_image, make_look, make_product
from tests.shoppers import make_shopper, read_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(client: Client) -> User:
    """Somebody who is signed in at the shop."""
    user = User.objects.create_user("ann")
    client.force_login(user)
    return user


@pytest.fixture
def shopper(user: User) -> Shopper:
    """The same, having agreed to be remembered."""
    return make_shopper(f"user:{user.pk}")


def test_a_stranger_is_told_that_nothing_is_stored(client: Client) -> None:
    assert "nothing of your style is stored" in read_words(client.get("/my-style/"))


def test_the_looks_of_a_tab_are_asked_for_with_a_key_of_the_shops(
    client: Client, settings: Settings
) -> None:
    settings.ENSEMBLE = {**settings.ENSEMBLE, "PUBLISHABLE_KEYS": ["pk-shop", "pk-blog"]}
    assert 'data-key="pk-shop"' in client.get("/my-style/").content.decode()


def test_whoever_was_not_asked_is_asked_and_agreeing_is_one_click(
    client: Client, user: User
) -> None:
    assert "you were not asked yet" in read_words(client.get("/my-style/"))
    assert not Shopper.objects.exists()
    client.post("/my-style/consent/")
    assert Shopper.objects.get().consent == "granted"
    assert "Nothing is known of your taste yet" in read_words(client.get("/my-style/?done=granted"))


def test_a_stranger_cannot_agree(client: Client) -> None:
    client.post("/my-style/consent/")
    assert not Shopper.objects.exists()


def test_every_fact_is_shown_with_where_it_is_from(client: Client, shopper: Shopper) -> None:
    fact_say(shopper=shopper, fact=Fact("colour", "navy"), source="quiz")
    fact_say(shopper=shopper, fact=Fact("slot", "headwear", "never"))
    ProfileFact.objects.create(
        shopper=shopper, kind="colour", value="navy", source="view", times=3, event="v3"
    )
    text = read_words(client.get("/my-style/"))
    for words in ("Navy", "Style quiz", "3 times", "Headwear", "Never show it", "You said so"):
        assert words in text


def test_a_fact_is_added_changed_deleted_and_brought_back(client: Client, shopper: Shopper) -> None:
    client.post("/my-style/facts/", {"subject": "colour=navy", "stance": "like"})
    fact = shopper.facts.get()
    client.post(f"/my-style/facts/{fact.pk}/", {"stance": "never"})
    fact = shopper.facts.get()
    assert (fact.stance, fact.source) == ("never", "said")
    deleted = client.post(f"/my-style/facts/{fact.pk}/", {"delete": "1"})
    assert not shopper.facts.exists()
    undo = re.search(r'name="undo" value="([^"]+)"', deleted.content.decode())
    assert undo
    client.post("/my-style/facts/undo/", {"undo": undo[1]})
    assert shopper.facts.get().stance == "never"


def test_a_budget_and_a_size_are_typed(client: Client, shopper: Shopper) -> None:
    client.post("/my-style/facts/", {"subject": "budget=", "value": "80", "stance": "like"})
    client.post("/my-style/facts/", {"subject": "size=", "value": "38", "stance": "like"})
    budget = shopper.facts.get(kind="budget")
    client.post(f"/my-style/facts/{budget.pk}/", {"value": "120"})
    assert shopper.facts.get(kind="budget").value == "120"
    assert "looks do not use it yet" in read_words(client.get("/my-style/"))


def test_what_cannot_be_a_fact_is_refused_on_the_page(client: Client, shopper: Shopper) -> None:
    data = {"subject": "budget=", "value": "<b>lots</b>", "stance": "like"}
    response = client.post("/my-style/facts/", data)
    assert response.status_code == 400
    assert "no amount" in read_words(response)
    assert b"<b>lots" not in response.content


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"subject": "budget=", "value": "viel"}, "ist kein Betrag. Schreibe eine Zahl wie 80."),
        ({"subject": "budget=", "value": "0"}, "Ein Budget ist eine Zahl von 1 bis 100000."),
        ({"subject": "colour=plaid"}, "ist keine Farbe, die hier bekannt ist."),
        ({"subject": "material=plaid"}, "ist hier nicht bekannt. Möglich ist:"),
        ({"subject": "brand=Nobody"}, "Der Shop hat"),
    ],
)
def test_a_german_is_told_in_german_why_a_fact_is_refused(
    client: Client, shopper: Shopper, said: dict[str, str], refusal: str
) -> None:
    german = {"Accept-Language": "de"}
    response = client.post("/my-style/facts/", {**said, "stance": "like"}, headers=german)
    assert response.status_code == 400
    assert refusal in read_words(response)


def test_a_region_is_shown_corrected_and_forgotten(client: Client, shopper: Shopper) -> None:
    assert "Delete your region" not in client.get("/my-style/").content.decode()
    client.post("/my-style/region/", {"region": "de-be"})
    assert Shopper.objects.get().region == "DE-BE"
    page = client.get("/my-style/").content.decode()
    assert 'value="DE-BE"' in page
    assert "Delete your region" in page
    answer = client.post("/my-style/region/", {"region": "DE-BE", "delete": "1"}, follow=True)
    assert "Your region is forgotten." in read_words(answer)
    assert Shopper.objects.get().region == ""


def test_a_region_that_is_none_is_refused_on_the_page(client: Client, shopper: Shopper) -> None:
    german = {"Accept-Language": "de"}
    answer = client.post("/my-style/region/", {"region": "Mars"}, headers=german)
    assert answer.status_code == 400
    assert "ist keine Region. Schreibe ein Land wie DE" in read_words(answer)


def test_what_was_deleted_is_named_as_people_read_it(client: Client, shopper: Shopper) -> None:
    shoes = make_product("shoes", title="Leather Loafers")
    said = {Fact("product", shoes.sku, "never"): "Leather Loafers", Fact("slot", "bag"): "Bag"}
    for fact, word in said.items():
        row = fact_say(shopper=shopper, fact=fact)
        answer = client.post(f"/my-style/facts/{row.pk}/", {"delete": "1"})
        assert f"Deleted: {word}." in read_words(answer)


def test_an_undo_that_is_none_is_refused_on_the_page(client: Client, shopper: Shopper) -> None:
    assert client.post("/my-style/facts/undo/", {"undo": "x"}).status_code == 400


def test_anothers_fact_cannot_be_touched(client: Client, shopper: Shopper) -> None:
    other = fact_say(shopper=make_shopper("other"), fact=Fact("colour", "red"))
    client.post(f"/my-style/facts/{other.pk}/", {"delete": "1"})
    client.post(f"/my-style/facts/{other.pk}/", {"stance": "never"})
    assert ProfileFact.objects.get() == other
    assert "Delete Red" not in client.get("/my-style/").content.decode()


def test_a_stranger_changes_nothing(client: Client) -> None:
    fact = fact_say(shopper=make_shopper("other"), fact=Fact("colour", "red"))
    client.post("/my-style/facts/", {"subject": "colour=navy", "stance": "like"})
    client.post(f"/my-style/facts/{fact.pk}/", {"delete": "1"})
    client.post("/my-style/erase/")
    client.post("/my-style/withdraw/")
    assert client.get("/my-style/export/").status_code == 302
    assert ProfileFact.objects.get() == fact


def test_erasing_asks_once_more(client: Client, shopper: Shopper) -> None:
    fact_say(shopper=shopper, fact=Fact("colour", "navy"))
    assert "cannot be undone" in read_words(client.get("/my-style/erase/"))
    assert Shopper.objects.exists()
    answer = client.post("/my-style/erase/", follow=True)
    assert "Everything that was stored of you is erased" in read_words(answer)
    assert not Shopper.objects.exists()


def test_withdrawing_asks_once_more_and_says_since_when(client: Client, shopper: Shopper) -> None:
    fact_say(shopper=shopper, fact=Fact("colour", "navy"))
    assert "withdrew your consent, and when" in read_words(client.get("/my-style/withdraw/"))
    answer = client.post("/my-style/withdraw/", follow=True)
    assert "You withdrew your consent on" in read_words(answer)
    assert not ProfileFact.objects.exists()


def test_everything_can_be_taken_along(client: Client, shopper: Shopper) -> None:
    fact_say(shopper=shopper, fact=Fact("colour", "navy"))
    answer = client.get("/my-style/export/")
    assert "my-style.json" in answer["Content-Disposition"]
    assert answer.json()["facts"][0]["value"] == "navy"


def test_a_kept_look_is_shown_and_let_go(client: Client, shopper: Shopper) -> None:
    look = make_look(make_product("top", title="White Shirt"), [make_product("shoes")])
    look_save(shopper=shopper, look=look)
    assert "White Shirt" in read_words(client.get("/my-style/"))
    client.post(f"/my-style/looks/{look.pk}/remove/")
    assert not SavedLook.objects.exists()


def test_a_kept_look_is_shown_as_it_was_kept(client: Client, shopper: Shopper) -> None:
    offered = [make_product("shoes", title=title) for title in ("Loafers", "Boots", "Pumps")]
    for product in offered:
        make_image(product)
    look = make_look(make_product("top"), offered)
    look_save(shopper=shopper, look=look, pieces=[offered[1].sku])
    page = client.get("/my-style/").content.decode()
    assert 'alt="Boots"' in page
    assert 'alt="Loafers"' not in page
    assert f"/looks/{look.pk}/?piece={offered[1].sku}" in page
    assert "sold out since" not in page


def test_what_stands_in_for_a_kept_piece_is_said_to(client: Client, shopper: Shopper) -> None:
    offered = [make_product("shoes", title=title) for title in ("Loafers", "Boots")]
    for product in offered:
        make_image(product)
    look_save(
        shopper=shopper, look=make_look(make_product("top"), offered), pieces=[offered[1].sku]
    )
    Product.objects.filter(title="Boots").update(stock=0)
    page = client.get("/my-style/").content.decode()
    assert 'alt="Loafers"' in page
    assert "1 piece has sold out since; the next best one is shown in its place." in page
    offered[1].delete()
    assert 'alt="Loafers"' in client.get("/my-style/").content.decode()


def test_the_profile_takes_few_queries_however_much_is_known(
    client: Client, shopper: Shopper, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        sku = make_product("shoes").sku
        fact_say(shopper=shopper, fact=Fact("product", sku, "never"))
        look = make_look(make_product("top"), [make_product("shoes") for _ in range(2)])
        look_save(shopper=shopper, look=look)
        if number % 2:
            Product.objects.filter(pk=look.items.get().product_id).update(stock=0)
    with django_assert_max_num_queries(19):
        client.get("/my-style/")


def test_pages_about_a_shopper_are_for_no_cache_and_no_search_engine(
    client: Client, shopper: Shopper
) -> None:
    answer = client.get("/my-style/")
    assert "no-store" in answer["Cache-Control"]
    assert b'name="robots" content="noindex"' in answer.content


@pytest.fixture
def _catalog() -> None:
    for slot, title, colour in [
        ("top", "Linen Shirt", "White"),
        ("dress", "Satin Cocktail Dress", "Red"),
        ("shoes", "Leather Pumps", "Navy Blue"),
        ("headwear", "Straw Panama", "Beige"),
        ("belt", "Leather Belt", "Black"),
    ]:
        make_image(make_product(slot, title=title, colour=colour))


@pytest.mark.usefixtures("_catalog")
def test_a_strangers_quiz_is_shown_kept_in_the_tab_and_not_stored(client: Client) -> None:
    assert "Every question may be skipped" in read_words(client.get("/style-quiz/"))
    answer = client.post("/style-quiz/", {"colours": ["navy"], "pieces": ["headwear"]})
    assert "Nothing of this is stored" in read_words(answer)
    assert b'data-taste="like.colour=navy&amp;never.slot=headwear"' in answer.content
    assert not Shopper.objects.exists()


@pytest.mark.usefixtures("_catalog")
def test_answers_are_remembered_only_of_whoever_ticks_so(client: Client, user: User) -> None:
    client.post("/style-quiz/", {"colours": ["navy"]})
    assert not Shopper.objects.exists()
    client.post("/style-quiz/", {"colours": ["navy"], "remember": "yes"})
    assert ProfileFact.objects.get().source == "quiz"


@pytest.mark.usefixtures("_catalog")
def test_everything_may_be_skipped(client: Client, shopper: Shopper) -> None:
    assert client.post("/style-quiz/").status_code == 302
    assert not ProfileFact.objects.exists()


def test_a_quiz_answer_that_is_none_is_refused_on_the_page(client: Client) -> None:
    assert client.post("/style-quiz/", {"colours": ["plaid"]}).status_code == 400


def test_a_shop_without_pictures_says_so(client: Client) -> None:
    assert "nothing to ask yet" in read_words(client.get("/style-quiz/"))


@pytest.mark.usefixtures("_catalog")
@pytest.mark.parametrize("path", ["/style-quiz/", "/my-style/", "/how-feedback-is-used/"])
def test_pages_speak_german(client: Client, path: str) -> None:
    page = client.get(path, headers={"Accept-Language": "de"}).content.decode()
    ours = page[page.index('<div class="es" lang="de">') : page.index("</main>")]
    assert "Mein Stil" in ours
    english = {"Style", "style", "your", "What", "the", "nothing"}
    assert not english & set(re.findall(r"[A-Za-z]+", re.sub(r"<[^>]+>", " ", ours)))


@pytest.mark.parametrize("path", ["/my-style/", "/style-quiz/"])
def test_forms_want_djangos_token(user: User, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    address = "/my-style/consent/" if path == "/my-style/" else path
    assert client.post(address, {"remember": "yes"}).status_code == 403
    assert not Shopper.objects.exists()
