"""The shopper's API: who may see what, consent, facts, export and erasure."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from rest_framework.throttling import ScopedRateThrottle

from catalog.models import Product
from outfits.circumstances.context import Context
from outfits.models import Look, ProfileFact, SavedLook, Shopper
from outfits.shoppers.consent import shopper_consent
from outfits.shoppers.facts import MAX_FACTS, Fact
from outfits.shoppers.identity import sign_shopper
from outfits.shoppers.personal_looks import personal_looks_forget
from outfits.shoppers.profile import fact_say, look_save
from tests.factories import make_look, make_product
from tests.shoppers import as_shop, as_shopper, make_shopper, set_key

pytestmark = pytest.mark.django_db
API = "/api/v1/shopper/"


@pytest.fixture(autouse=True)
def _key(settings: Settings) -> None:
    set_key(settings)


def send(client: Client, method: str, path: str, data: Any = None, **kwargs: Any) -> Any:
    headers = kwargs.pop("headers", as_shopper())
    return getattr(client, method)(
        f"{API}{path}", data, content_type="application/json", headers=headers
    )


def test_somebody_unknown_is_asked_who_they_are(client: Client) -> None:
    response = client.get(API)
    assert response.status_code == 401
    assert "Ensemble" in response["WWW-Authenticate"]
    assert "TOKEN" in response.json()["detail"]


@pytest.mark.parametrize("token", ["nonsense", "a:b", ""])
def test_a_forged_token_is_refused_wherever_it_is_sent(client: Client, token: str) -> None:
    headers = {"Authorization": f"Ensemble {token}"}
    assert client.get(API, headers=headers).status_code == 401
    query = {"product": make_product("top").sku}
    response = client.get("/api/v1/looks/", query, headers=headers)
    assert response.status_code == 401
    assert response.json()["detail"]


def test_an_expired_token_is_refused_and_says_so(client: Client) -> None:
    headers = {"Authorization": f"Ensemble {sign_shopper('ann', seconds=-5)}"}
    response = client.get(API, headers=headers)
    assert response.status_code == 401
    assert "expired" in response.json()["detail"]


def test_the_shops_token_is_no_shoppers(client: Client) -> None:
    assert client.get(API, headers=as_shop()).status_code == 403


def test_before_consent_nothing_is_stored(client: Client) -> None:
    assert send(client, "get", "").json() == {
        "id": "ann",
        "consent": None,
        "consent_at": None,
        "region": "",
        "facts": [],
        "forgotten": [],
    }
    fact = {"kind": "colour", "value": "navy"}
    assert send(client, "post", "facts/", fact).status_code == 403
    look = make_look(make_product("top"), [make_product("shoes")])
    assert send(client, "post", "looks/", {"look": str(look.pk)}).status_code == 403
    assert not Shopper.objects.exists()


def test_consent_is_stored_with_its_time_and_asking_again_keeps_it(client: Client) -> None:
    first = send(client, "put", "consent/", {"granted": True, "region": "de-be"}).json()
    again = send(client, "put", "consent/", {"granted": True}).json()
    assert (first["consent"], first["region"]) == ("granted", "DE-BE")
    assert first["consent_at"] == again["consent_at"]
    assert again["region"] == "DE-BE"


def test_an_empty_region_forgets_the_one_before(client: Client) -> None:
    send(client, "put", "consent/", {"granted": True, "region": "DE-BE"})
    answer = send(client, "put", "consent/", {"granted": True, "region": ""}).json()
    assert (answer["consent"], answer["region"]) == ("granted", "")


def test_a_region_that_is_none_is_refused(client: Client) -> None:
    asked = {"granted": True, "region": "Mars"}
    assert send(client, "put", "consent/", asked).status_code == 400


def test_withdrawing_consent_erases_all_but_that_it_was_withdrawn(client: Client) -> None:
    ann = make_shopper()
    fact_say(shopper=ann, fact=Fact("colour", "navy"))
    answer = send(client, "put", "consent/", {"granted": False}).json()
    assert (answer["consent"], answer["facts"]) == ("withdrawn", [])
    assert not ProfileFact.objects.exists()
    assert Shopper.objects.get().region == ""
    fact = {"kind": "colour", "value": "navy"}
    assert send(client, "post", "facts/", fact).status_code == 403


def test_withdrawing_what_was_never_granted_stores_nothing(client: Client) -> None:
    assert send(client, "put", "consent/", {"granted": False}).json()["consent"] is None
    assert not Shopper.objects.exists()


def test_a_fact_is_said_shown_corrected_and_deleted(client: Client) -> None:
    make_shopper()
    made = send(client, "post", "facts/", {"kind": "colour", "value": "Navy Blue"})
    assert made.status_code == 201
    assert made.json() | {"value": "navy", "stance": "like", "source": "said"} == made.json()
    [fact] = send(client, "get", "").json()["facts"]
    changed = send(client, "patch", f"facts/{fact['id']}/", {"stance": "never"}).json()
    assert (changed["stance"], changed["label"]) == ("never", "Never: Navy")
    assert send(client, "delete", f"facts/{changed['id']}/").status_code == 200
    assert send(client, "get", "").json()["facts"] == []


def test_a_deletion_can_be_undone_with_all_that_was_known(client: Client) -> None:
    fact = fact_say(shopper=make_shopper(), fact=Fact("colour", "navy"), source="quiz")
    before = send(client, "get", "").json()["facts"][0]
    undo = send(client, "delete", f"facts/{fact.pk}/").json()["undo"]
    assert not ProfileFact.objects.exists()
    assert send(client, "post", "facts/", {"undo": undo}).status_code == 201
    after = send(client, "get", "").json()["facts"][0]
    assert {**after, "id": 0, "updated_at": 0} == {**before, "id": 0, "updated_at": 0}


def test_an_undo_is_of_use_to_nobody_else(client: Client) -> None:
    fact = fact_say(shopper=make_shopper(), fact=Fact("colour", "navy"))
    undo = send(client, "delete", f"facts/{fact.pk}/").json()["undo"]
    make_shopper("bob")
    for text in (undo, "nonsense"):
        response = send(client, "post", "facts/", {"undo": text}, headers=as_shopper("bob"))
        assert response.status_code == 400
    assert not ProfileFact.objects.exists()


def test_one_shopper_cannot_see_change_or_delete_what_is_anothers(client: Client) -> None:
    ann, bob = make_shopper(), as_shopper("bob")
    make_shopper("bob")
    fact = fact_say(shopper=ann, fact=Fact("colour", "navy"))
    look = make_look(make_product("top"), [make_product("shoes")])
    look_save(shopper=ann, look=look)
    assert send(client, "get", "", headers=bob).json()["facts"] == []
    assert send(client, "get", "looks/", headers=bob).json() == []
    assert send(client, "get", "export/", headers=bob).json()["facts"] == []
    path = f"facts/{fact.pk}/"
    assert send(client, "patch", path, {"stance": "never"}, headers=bob).status_code == 404
    assert send(client, "delete", path, headers=bob).status_code == 404
    assert send(client, "delete", f"looks/{look.pk}/", headers=bob).status_code == 204
    assert send(client, "delete", "", headers=bob).status_code == 204
    assert (ProfileFact.objects.count(), SavedLook.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "fact",
    [
        {"kind": "colour", "value": "plaid"},
        {"kind": "brand", "value": "Nobody Sells This"},
        {"kind": "product", "value": "NOPE", "stance": "never"},
        {"kind": "colour"},
        {},
        {"kind": "colour", "value": "red", "stance": "adore"},
        {"kind": "size", "value": "x" * 65},
    ],
)
def test_a_fact_that_cannot_be_is_refused_with_what_to_write(
    client: Client, fact: dict[str, str]
) -> None:
    make_shopper()
    response = send(client, "post", "facts/", fact)
    assert response.status_code == 400
    assert response.json()["detail"]


def test_the_shops_own_brands_may_be_named_however_they_are_written(client: Client) -> None:
    make_product("top", brand="Ostrane")
    make_shopper()
    fact = {"kind": "brand", "value": "ostrane"}
    assert send(client, "post", "facts/", fact).status_code == 201


def test_a_full_profile_takes_no_more(client: Client) -> None:
    ann = make_shopper()
    ProfileFact.objects.bulk_create(
        ProfileFact(shopper=ann, kind="brand", value=str(n), source="view")
        for n in range(MAX_FACTS)
    )
    response = send(client, "post", "facts/", {"kind": "colour", "value": "red"})
    assert response.status_code == 400
    assert "Delete some" in response.json()["detail"]


def test_looks_are_kept_once_listed_and_let_go(client: Client) -> None:
    make_shopper()
    look = make_look(make_product("top", title="Shirt"), [make_product("shoes")])
    asked = {"look": str(look.pk)}
    assert send(client, "post", "looks/", asked).status_code == 201
    assert send(client, "post", "looks/", asked).status_code == 200
    [saved] = send(client, "get", "looks/").json()
    assert (saved["look"], saved["anchor"]["title"]) == (str(look.pk), "Shirt")
    assert send(client, "delete", "looks/", asked).status_code == 204
    assert send(client, "get", "looks/").json() == []


def test_a_look_is_kept_as_it_was_shown_the_last_time(client: Client) -> None:
    make_shopper()
    first, other = make_product("shoes"), make_product("shoes")
    look = make_look(make_product("top"), [first, other])
    for pieces in ([first.sku], [other.sku]):
        asked = {"look": str(look.pk), "pieces": pieces}
        answer = send(client, "post", "looks/", asked).json()
        assert answer["pieces"] == pieces
    [saved] = send(client, "get", "looks/").json()
    assert saved == answer
    assert saved["share_url"] == f"http://testserver/looks/{look.pk}/?piece={other.sku}"
    [exported] = send(client, "get", "export/").json()["saved_looks"]
    assert exported["pieces"] == [other.sku]


def test_what_a_look_never_offered_cannot_be_kept_with_it(client: Client) -> None:
    make_shopper()
    shoes, strange = make_product("shoes"), make_product("shoes")
    look = make_look(make_product("top"), [shoes])
    for pieces in ([strange.sku], ["NOPE"], [shoes.sku, "NOPE"], ["\0"], "all"):
        asked = {"look": str(look.pk), "pieces": pieces}
        response = send(client, "post", "looks/", asked)
        assert response.status_code == 400
        assert "pieces" in response.json()["fields"]
    assert not SavedLook.objects.exists()


def test_a_look_that_does_not_exist_cannot_be_kept(client: Client) -> None:
    make_shopper()
    look = make_look(make_product("top"), [make_product("shoes")], context=Context("work"))
    asked = {"look": str(look.pk)}
    look.delete()
    assert send(client, "post", "looks/", asked).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_look_that_is_forgotten_while_it_is_being_kept_is_told_to_be_gone(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_shopper()
    look = make_look(make_product("top"), [make_product("shoes")])

    def forget(*args: Any) -> None:
        Look.objects.filter(pk=look.pk).delete()

    monkeypatch.setattr("outfits.shoppers.api.refuse_strange", forget)
    response = send(client, "post", "looks/", {"look": str(look.pk)})
    assert response.status_code == 404
    assert "Load the look again" in response.json()["detail"]
    assert not SavedLook.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_look_that_is_being_kept_is_passed_over_by_the_clean_up(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_shopper()
    look = make_look(make_product("top"), [make_product("shoes")])
    Look.objects.update(retired_at=timezone.now() - timedelta(days=31))
    store = SavedLook.objects.update_or_create

    def clean_up() -> int:
        deleted = personal_looks_forget()
        connection.close()
        return deleted

    def store_late(**fields: Any) -> tuple[SavedLook, bool]:
        with ThreadPoolExecutor(1) as elsewhere:
            assert elsewhere.submit(clean_up).result() == 0
        return store(**fields)

    monkeypatch.setattr(SavedLook.objects, "update_or_create", store_late)
    assert send(client, "post", "looks/", {"look": str(look.pk)}).status_code == 201
    assert SavedLook.objects.get().look == look


def test_erasing_leaves_nothing(client: Client) -> None:
    fact_say(shopper=make_shopper(), fact=Fact("colour", "navy"))
    assert send(client, "delete", "").status_code == 204
    assert not Shopper.objects.exists()
    assert send(client, "delete", "").status_code == 204


def test_nothing_personal_may_be_cached(client: Client) -> None:
    assert "no-store" in send(client, "get", "")["Cache-Control"]


def test_whoever_is_signed_in_at_the_shop_is_known_without_a_token(client: Client) -> None:
    user = User.objects.create_user("ann")
    client.force_login(user)
    assert client.get(API).json()["id"] == f"user:{user.pk}"


def test_a_cookie_alone_changes_nothing_from_another_site() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_user("ann"))
    response = client.put(f"{API}consent/", {"granted": True}, content_type="application/json")
    assert response.status_code == 403
    assert not Shopper.objects.exists()


def test_the_shops_hook_says_who_asks(client: Client, settings: Settings) -> None:
    set_key(settings, SHOPPER_FROM_REQUEST="tests.outfits.shoppers.test_api.by_cookie")
    client.cookies["member"] = "m-17"
    assert client.get(API).json()["id"] == "m-17"
    client.cookies["member"] = "no id\n"
    assert client.get(API).status_code == 401


def by_cookie(request: Any) -> str | None:
    """A shop's hook."""
    member: str | None = request.COOKIES.get("member")
    return member


@pytest.mark.parametrize("path", ["/api/v1/looks/", "/api/v1/shopper/quiz/"])
def test_a_page_without_a_publishable_key_is_shut_out_where_keys_are_set(
    client: Client, settings: Settings, path: str
) -> None:
    set_key(settings, PUBLISHABLE_KEYS=["pk_storefront"])
    query = {"product": make_product("top").sku}
    for headers in ({}, {"X-Ensemble-Key": "pk_other"}):
        refused = client.get(path, query, headers=headers)
        assert refused.status_code == 403
        assert "X-Ensemble-Key" in refused.json()["detail"]
    assert client.get(path, query, headers={"X-Ensemble-Key": "pk_storefront"}).status_code == 200


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("facts/", {"kind": "colour", "value": "navy"}),
        ("quiz/", {"answers": {"colours": ["navy"]}}),
    ],
)
def test_consent_withdrawn_while_a_request_is_under_way_holds(
    client: Client, monkeypatch: pytest.MonkeyPatch, path: str, data: dict[str, Any]
) -> None:
    agreed = make_shopper()
    shopper_consent(shop_id="ann", granted=False)
    monkeypatch.setattr("outfits.shoppers.api.consenting_shopper", lambda request: agreed)
    assert send(client, "post", path, data).status_code == 403
    assert not ProfileFact.objects.exists()


def test_a_shopper_who_asks_too_often_is_told_to_wait_and_nobody_else(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", {"shopper": "1/min"})
    assert [send(client, "get", "").status_code for _ in range(2)] == [200, 429]
    assert send(client, "get", "", headers=as_shopper("bob")).status_code == 200


def test_logs_do_not_say_who_asks(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        client.get(API, headers=as_shopper("ann-4711"))
    assert caplog.records
    assert "4711" not in caplog.text


def test_products_in_facts_are_the_shops(client: Client) -> None:
    make_shopper()
    sku = make_product("top").sku
    asked = {"kind": "product", "value": sku, "stance": "never"}
    assert send(client, "post", "facts/", asked).status_code == 201
    assert Product.objects.filter(sku=sku).exists()
