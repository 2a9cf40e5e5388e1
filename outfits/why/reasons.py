"""Why an item is in a look: what was stored of the choice, read for the person who asks."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext, gettext_noop, pgettext

from catalog.models import Caption, Product
from catalog.selectors import captions_for
from catalog.vocabulary import Occasion, Season
from outfits.circumstances.context import Context
from outfits.garments import read_garment
from outfits.models import LookItem, MeasuredInfluence
from outfits.shoppers.asking import WhoAsks
from outfits.shoppers.personal import PROFILE, personal_factors
from outfits.shoppers.preferences import read_preferences
from outfits.stock import ranked
from outfits.why.confidence import Confidence, read_confidence
from outfits.why.explanation import describe_candidate, translate_sentence
from outfits.why.influence import influence_request

BY_PERSON = gettext_noop("Chosen by a stylist of the shop")
_NOT_ASKED = gettext_noop("A person chose: there is nothing to measure.")


@dataclass(frozen=True, slots=True)
class Why:
    """One item's reasons; ``used`` and ``not_used`` name data in the active language."""

    item: LookItem
    confidence: Confidence
    influence: MeasuredInfluence
    used: list[str]
    not_used: list[str]

    @property
    def by_person(self) -> bool:
        """Whether somebody of the shop chose it: what the model said is not of it."""
        return self.item.stylist_choice_id is not None

    @property
    def factors(self) -> list[dict[str, Any]]:
        factors: list[dict[str, Any]] = self.item.factors
        return factors

    @property
    def stylist(self) -> str:
        return "" if self.by_person else self.item.look.stylist

    @property
    def sentence(self) -> str:
        if self.by_person:
            return f"{gettext(BY_PERSON)}."
        return translate_sentence(self.item.explanation, self.item.factors)

    @property
    def product(self) -> Product:
        """What the reasons speak of."""
        return self.item.chosen


def factors_for(item: LookItem, preferences: tuple[str, ...]) -> list[dict[str, Any]]:
    """The factors of ``item`` that are true for somebody with these preferences.

    Who opens a look by a friend's link is not told what the friend likes. What somebody of the shop
    chose has factors that describe it, for the stored ones are the model's.
    """
    if item.stylist_choice_id is not None:
        return _describe_choice(item, preferences)
    stored: list[dict[str, Any]] = item.factors
    if all(factor["name"] != PROFILE for factor in stored):
        return stored
    product = item.product
    caption = captions_for([product]).get(product.pk)
    context = replace(Context(**item.look.context), preferences=preferences)
    found = personal_factors(product, caption, read_garment(product, caption), context)
    true = {factor.label for factor in found}
    return [each for each in stored if each["name"] != PROFILE or each["label"] in true]


def _describe_choice(item: LookItem, preferences: tuple[str, ...]) -> list[dict[str, Any]]:
    anchor, context = item.look.anchor, Context(**item.look.context)
    shared = tuple(each for each in context.preferences if each in preferences)
    offered = list(Product.objects.available().in_bulk(ranked(item)).values())
    captions = captions_for([anchor, item.chosen])
    context = replace(context, preferences=shared)
    found = describe_candidate(item.chosen, offered, anchor, captions, context)
    return [factor.as_json() for factor in found]


def why_request(*, item: LookItem, asking: WhoAsks) -> Why:
    """The reasons of ``item``; what its choice hung on is queued to be measured, once."""
    if item.stylist_choice_id is None:
        return tell_why(item, influence_request(item=item), asking)
    nothing = MeasuredInfluence.Status.UNAVAILABLE
    unmeasured = MeasuredInfluence(item=item, status=nothing, reason=_NOT_ASKED)
    return tell_why(item, unmeasured, asking)


def tell_why(item: LookItem, influence: MeasuredInfluence, asking: WhoAsks) -> Why:
    """The reasons of ``item``, whose look and products are at hand, for whoever asks."""
    look = item.look
    captions = captions_for([look.anchor, item.chosen])
    context = Context(**look.context)
    told = [*_data(item, context, captions), *_profile(item, context, asking)]
    return Why(
        item=item,
        confidence=(
            read_confidence(item.candidates, item.product_id)
            if item.stylist_choice_id is None
            else Confidence(None, len(item.candidates), BY_PERSON)
        ),
        influence=influence,
        used=[text for text, was_used in told if was_used],
        not_used=[text for text, was_used in told if not was_used],
    )


def _data(
    item: LookItem, context: Context, captions: dict[int, Caption]
) -> Iterator[tuple[str, bool]]:
    """Every kind of data that there could be, in words, and whether it was used."""
    # What spoke for or against another candidate decided, too.
    names = _names(item) | {name for each in item.candidates for name in each.get("context", {})}
    yield gettext("Title and category of the pieces, as the shop wrote them"), True
    seen = any(pk in captions for pk in (item.look.anchor_id, item.chosen.pk))
    yield gettext("What is seen in the pictures, in words"), seen
    if item.look.anchor.private:
        yield gettext("What was seen in your photo, in words"), True
    yield gettext("The pictures themselves: the stylist reads, it does not see"), False
    yield from _circumstances(context)
    yield gettext("What other shoppers kept together"), "kept_together" in names
    yield gettext("What shoppers of your region like"), "region" in names
    yield gettext("What the shop picked or put back"), "rule" in names
    # Without its amount: who opens somebody else's look need not know what they spend.
    yield gettext("The budget for the whole look"), "budget" in item.look.wish
    yield gettext("Your name, address or exact place"), False


def _profile(item: LookItem, context: Context, asking: WhoAsks) -> Iterator[tuple[str, bool]]:
    """What of the profile of whoever asks was used, whether or not it speaks for this item.

    What counted are the facts that the look was made for and that are theirs: of what somebody else
    likes or never wants to see, they hear nothing.
    """
    counted = set(read_preferences(context.preferences)) & set(read_preferences(asking.preferences))
    parts = (
        (
            gettext("Your profile: what you like, want less of or spend"),
            any(not each.is_never for each in counted) or PROFILE in _names(item),
        ),
        (
            gettext("Your profile: what you never want to see"),
            any(each.is_never for each in counted),
        ),
        (
            gettext("Your profile: products that you have or do not want"),
            bool(asking.hidden),
        ),
    )
    used = [text for text, was_used in parts if was_used]
    if not used:
        yield gettext("Your profile"), False
    for text in used:
        yield text, True


def _names(item: LookItem) -> set[str]:
    return {factor["name"] for factor in item.factors}


def _circumstances(context: Context) -> Iterator[tuple[str, bool]]:
    """Each field of a context: what it said, or that nothing was known."""
    occasion = Occasion(context.occasion).label if context.occasion else ""
    season = Season(context.season).label if context.season else ""
    weather = ", ".join(pgettext("weather", word) for word in context.weather.split())
    fields = (
        (gettext("Occasion"), str(occasion)),
        (gettext("Season"), str(season)),
        (gettext("Weather"), weather),
        (gettext("Region"), context.region),
        (gettext("Trends"), ", ".join(context.trends)),
        (gettext("Events"), ", ".join(context.events)),
    )
    for name, said in fields:
        yield (f"{name}: {said}", True) if said else (name, False)
