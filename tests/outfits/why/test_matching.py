from catalog.models import Caption, Product
from outfits.why.factors import Factor
from outfits.why.matching import match_factors


def match(
    anchor: Product, item: Product, ours: Caption | None = None, theirs: Caption | None = None
) -> dict[str, Factor]:
    return {factor.name: factor for factor in match_factors((anchor, ours), (item, theirs))}


def test_what_completes_a_garment_first_speaks_most_for_an_item() -> None:
    shirt = Product(slot="top")
    trousers, sunglasses = Product(slot="bottom"), Product(slot="eyewear")
    first, last = match(shirt, trousers)["slot"], match(shirt, sunglasses)["slot"]
    assert first.weight > last.weight > 0
    assert first.label == "It completes the look: top + bottom"


def test_garments_of_one_style_match() -> None:
    factor = match(Product(title="Wool Blazer"), Product(title="Oxford Brogues"))["style"]
    assert factor.weight > 0
    assert factor.label in ("Both are for the office", "Both are dressy")


def test_a_style_that_was_seen_in_the_picture_counts() -> None:
    plain = Product(title="Number 7")
    assert "style" not in match(plain, Product(title="Number 8"))
    seen = match(plain, Product(title="Number 8"), Caption(style="Sports"), Caption(style="sports"))
    assert seen["style"].label == "Both are sporty"


def test_running_clothes_beside_an_evening_gown_speak_against_each_other() -> None:
    factor = match(Product(title="Evening Gown"), Product(title="Running Tights"))["style"]
    assert factor.weight < 0


def test_cloth_of_like_weight_matches() -> None:
    factor = match(Product(title="Linen Shirt"), Product(title="Straw Hat"))["material"]
    assert factor.weight > 0
    assert "linen" in factor.label.lower()


def test_linen_beside_wool_is_for_different_weather() -> None:
    factor = match(Product(title="Linen Shirt"), Product(title="Wool Trousers"))["material"]
    assert factor.weight < 0


def test_what_describes_an_item_was_not_added_to_its_score() -> None:
    found = match(Product(title="Linen Shirt", slot="top"), Product(title="Shorts", slot="bottom"))
    assert found
    assert not any(factor.scored for factor in found.values())
