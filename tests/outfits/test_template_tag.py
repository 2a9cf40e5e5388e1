"""``{% complete_the_look product %}`` in a template of a shop."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.template import Context as TemplateContext
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.utils.translation import override

from catalog.models import Product
from outfits.circumstances.current import current_context
from outfits.models import Look
from outfits.shoppers.facts import Fact, Source
from outfits.shoppers.profile import fact_say
from outfits.templatetags.ensemble import price
from tests.factories import make_look, make_product
from tests.fakes import FakeLanguageModel
from tests.shoppers import make_shopper

pytestmark = pytest.mark.django_db


def render(product: Product, options: str = "", user: User | None = None) -> str:
    source = "{% load ensemble %}{% complete_the_look product " + options + " %}"
    request = RequestFactory().get("/")
    if user is not None:
        request.user = user
    known = {"product": Product.objects.get(pk=product.pk), "request": request}
    return Template(source).render(TemplateContext(known))


def test_the_look_is_readable_without_javascript() -> None:
    anchor, shoes = make_product("top"), make_product("shoes", title="Black <i>Loafers</i>")
    look = make_look(anchor, [shoes], context=current_context())
    fragment = render(anchor)
    assert "Black &lt;i&gt;Loafers" in fragment
    assert "It goes well." in fragment
    assert f"http://testserver/looks/{look.pk}/" in fragment
    assert "€80.00" in fragment


def test_the_widget_takes_its_place_where_there_is_javascript() -> None:
    anchor = make_product("top", sku='"><script>')
    make_product("shoes")
    fragment = render(anchor, 'occasion="work" region="DE"')
    assert (
        'product="&quot;&gt;&lt;script&gt;" api="/api/v1" occasion="work" region="DE"' in fragment
    )
    assert 'profile="/my-style/"' in fragment
    assert '<script type="module" src="/static/ensemble/complete-the-look.js">' in fragment


def test_a_missing_look_is_shown_in_retrieval_order_without_asking_the_stylist(
    stylist: FakeLanguageModel,
) -> None:
    anchor, shoes = make_product("top"), make_product("shoes")
    assert shoes.title in render(anchor)
    assert stylist.asked == []
    assert not Look.objects.exists()


@pytest.mark.parametrize(("known", "written"), [(True, True), (False, False)])
def test_djangos_token_is_written_for_whom_a_cookie_knows_alone(known: bool, written: bool) -> None:
    anchor = make_product("top")
    make_product("shoes")
    request = RequestFactory().get("/")
    request.user = User.objects.create_user("ann") if known else AnonymousUser()
    source = Template("{% load ensemble %}{% complete_the_look product %}")
    known_product = {"product": Product.objects.get(pk=anchor.pk)}
    fragment = source.render(RequestContext(request, known_product))
    assert (' csrf="' in fragment) is written
    assert ("CSRF_COOKIE" in request.META) is written


def test_it_works_without_a_request() -> None:
    anchor, shoes = make_product("top"), make_product("shoes")
    make_look(anchor, [shoes], context=current_context())
    source = Template("{% load ensemble %}{% complete_the_look product %}")
    known = {"product": Product.objects.get(pk=anchor.pk)}
    assert shoes.title in source.render(TemplateContext(known))


def test_a_shopper_whom_the_shop_knows_is_shown_what_they_want_to_see() -> None:
    anchor = make_product("top")
    make_product("shoes", title="Leather Loafers")
    make_product("shoes", title="Canvas Sneakers")
    ann = User.objects.create_user("ann")
    shopper = make_shopper(f"user:{ann.pk}")
    fact_say(shopper=shopper, fact=Fact("material", "leather", "never"), source=Source.QUIZ)
    assert "Leather Loafers" in render(anchor)
    fragment = render(anchor, user=ann)
    assert "Leather Loafers" not in fragment
    assert "Canvas Sneakers" in fragment


@pytest.mark.parametrize("fields", [{"published": False}, {"slot": ""}, {}])
def test_nothing_is_shown_where_there_is_nothing_to_show(fields: dict[str, Any]) -> None:
    assert render(make_product(**({"slot": "top"} | fields))).strip() == ""


@pytest.mark.parametrize(
    ("language", "currency", "written"),
    [
        ("en", "EUR", "€1,290.00"),
        ("en", "CHF", "1,290.00\N{NO-BREAK SPACE}CHF"),
        ("de", "EUR", "1.290,00\N{NO-BREAK SPACE}€"),
    ],
)
def test_prices_are_written_as_the_language_writes_them(
    language: str, currency: str, written: str
) -> None:
    with override(language):
        assert price({"amount": "1290.00", "currency": currency}) == written


@pytest.mark.parametrize(
    ("language", "amount", "currency", "written"),
    [
        ("en", "4900.00", "JPY", "¥4,900"),
        ("en", "49.50", "JPY", "¥50"),
        ("de", "49000.00", "KRW", "49.000\N{NO-BREAK SPACE}KRW"),
        ("en", "12.50", "KWD", "12.500\N{NO-BREAK SPACE}KWD"),
        ("en", "0.00", "EUR", "€0.00"),
    ],
)
def test_a_price_has_as_many_decimals_as_its_currency(
    language: str, amount: str, currency: str, written: str
) -> None:
    with override(language):
        assert price({"amount": amount, "currency": currency}) == written
