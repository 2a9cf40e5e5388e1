import pytest

from catalog.models import Caption, Product
from outfits.circumstances.context import Context
from outfits.circumstances.curation import (
    Curation,
    EventInForce,
    Match,
    RuleInForce,
    TasteInForce,
    TrendInForce,
)
from outfits.circumstances.suitability import suit

HOT, COLD = Context(weather="hot"), Context(weather="cold")


def weigh(
    title: str,
    context: Context,
    curation: Curation = Curation(),  # noqa: B008  # frozen
    anchor: Product | None = None,
    **fields: object,
) -> dict[str, float]:
    product = Product(title=title, **fields)
    found = suit(product, None, context, curation, anchor)
    return {factor.name: factor.weight for factor in found}


def total(title: str, context: Context, **fields: object) -> float:
    return sum(weigh(title, context, **fields).values())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("light", "warm"),
    [
        ("Linen Trousers", "Wool Trousers"),
        ("Leather Sandals", "Leather Boots"),
        ("Sleeveless Top", "Roll Neck Jumper"),
        ("Cotton Shorts", "Corduroy Trousers"),
        ("Leinenhemd", "Wollpullover"),
        ("Raffia Tote", "Quilted Tote"),
    ],
)
def test_heat_wants_what_is_light_and_cold_what_is_warm(light: str, warm: str) -> None:
    assert total(light, HOT) > 0 > total(warm, HOT)
    assert total(warm, COLD) > 0 > total(light, COLD)


def test_cotton_is_no_wool_in_german_either() -> None:
    assert total("Baumwollhemd", HOT) > 0


def test_a_button_down_shirt_is_not_filled_with_down() -> None:
    assert weigh("Button-Down Shirt", COLD) == {}


def test_tropical_wool_is_not_for_the_cold() -> None:
    assert total("Trousers", HOT, description="Tapered trousers in tropical wool.") > 0


def test_a_leather_belt_warms_nobody() -> None:
    assert weigh("Leather Belt", HOT, slot="belt") == {}
    assert weigh("Leather Shoe", HOT, slot="shoes") != {}


def test_what_the_picture_shows_counts() -> None:
    caption = Caption(material="Linen", article_type="Shirts")
    assert suit(Product(title="The Harper"), caption, HOT)[0].weight > 0


def test_the_description_may_speak_of_other_garments() -> None:
    description = "Pairs with a wool coat."
    assert total("Linen Shirt", HOT, description=description) == total("Linen Shirt", HOT)


def test_mild_weather_says_nothing_of_fabrics() -> None:
    assert weigh("Wool Coat", Context(weather="mild")) == {}


def test_rain_wants_what_keeps_it_off() -> None:
    wet = Context(weather="mild wet")
    assert total("Waterproof Parka", wet) > 0 > total("Suede Loafers", wet)
    assert weigh("Canvas Sneakers", wet)["weather"] < 0


@pytest.mark.parametrize(
    ("occasion", "right", "wrong"),
    [
        ("work", "Tailored Blazer", "Swim Shorts"),
        ("vacation", "Flip Flops", "Oxford Shoes"),
        ("formal", "Silk Gown", "Canvas Sneakers"),
        ("sport", "Running Leggings", "Stiletto Heels"),
        ("party", "Sequin Clutch", "Gym Tank"),
    ],
)
def test_kinds_of_garments_suit_occasions_where_no_tag_says_it(
    occasion: str, right: str, wrong: str
) -> None:
    context = Context(occasion=occasion)
    assert total(right, context) > 0 > total(wrong, context)


def test_a_tag_is_stronger_than_what_the_kind_says() -> None:
    context = Context(occasion="work")
    assert total("Leather Sandals", context, occasions=["work"]) > total("Blazer", context)
    assert total("Blazer", context, occasions=["party"]) < 0


def test_season_tags_count() -> None:
    winter = Context(season="winter")
    assert total("Top", winter, seasons=["winter"]) > 0 > total("Top", winter, seasons=["summer"])


def test_the_season_is_a_weak_guess_at_the_weather() -> None:
    summer = Context(season="summer")
    assert 0 < total("Linen Shirt", summer) < total("Linen Shirt", HOT)


def test_a_label_says_which_fabric() -> None:
    factor = suit(Product(title="Linen Shirt"), None, HOT)[0]
    assert factor.label == "Linen is light enough for warm weather"


TREND = TrendInForce("Barrel jeans", words=("barrel",), slots=("bottom",), weight=1.5)


def test_a_trend_is_named_where_all_that_it_says_holds() -> None:
    curation = Curation(trends=(TREND,))
    product = Product(title="Barrel-Leg Jeans", slot="bottom")
    [factor] = suit(product, None, Context(), curation)
    assert (factor.name, factor.trend, factor.weight) == ("trend", "Barrel jeans", 1.5)
    assert weigh("Barrel Bag", Context(), curation, slot="bag") == {}


def test_an_event_wants_its_words() -> None:
    curation = Curation(events=(EventInForce("Oktoberfest", words=("dirndl",)),))
    assert weigh("Green Dirndl", Context(), curation) == {"event": 1.0}


def test_an_events_occasion_counts_where_no_other_was_chosen() -> None:
    curation = Curation(events=(EventInForce("Carnival", occasion="party"),))
    assert weigh("Top", Context(), curation, occasions=["party"])["event"] == 1.0
    asked = weigh("Top", Context(occasion="work"), curation, occasions=["party"])
    assert "event" not in asked


def rule(action: str, **anchor: str) -> Curation:
    return Curation(rules=(RuleInForce(action, Match(brand="Acme"), Match(**anchor)),))  # type: ignore[arg-type]


def test_rules_boost_and_bury() -> None:
    assert weigh("Top", Context(), rule("boost"), brand="acme")["rule"] == 1.0
    assert weigh("Top", Context(), rule("bury"), brand="Acme")["rule"] == -1.0
    assert weigh("Top", Context(), rule("boost"), brand="Other") == {}


def test_a_rule_for_certain_anchors_counts_beside_them_only() -> None:
    curation = rule("boost", slot="dress")
    assert weigh("Bag", Context(), curation, Product(slot="dress"), brand="Acme")["rule"] == 1.0
    assert weigh("Bag", Context(), curation, Product(slot="top"), brand="Acme") == {}
    assert weigh("Bag", Context(), curation, None, brand="Acme") == {}


def test_what_a_region_likes_counts() -> None:
    curation = Curation(tastes=(TasteInForce("DE", "colour", "Black", -0.4),))
    assert weigh("Top", Context(), curation, colour="black") == {"region": -0.4}
