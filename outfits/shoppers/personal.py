"""What a shopper's preferences say of a product: factors, and what is never shown."""

import re
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_

from django.utils.translation import gettext_noop

from catalog import conf
from catalog.models import Caption, Product
from catalog.selectors import captions_for
from outfits.circumstances.context import Context
from outfits.colours import find_colour
from outfits.describing import colour_of
from outfits.garments import FABRICS, MANNERS, Garment, find_fabrics, named_text
from outfits.nearest import Condition
from outfits.shoppers.facts import FactKind, Source
from outfits.shoppers.preferences import Preference, read_preferences
from outfits.why.factors import Factor, make_factor

#: The name of every factor that comes from a shopper's profile.
PROFILE = "profile"

#: How a source is said in a factor's label; German is in locale/.
SOURCE_WORDS = {
    Source.QUIZ: "quiz",
    Source.SAID: "you said so",
    Source.PURCHASE: "your purchases",
    Source.VIEW: "what you looked at",
    Source.FEEDBACK: "your feedback",
}
_WITHIN_BUDGET = 0.3
#: Twice the budget costs this, and nothing costs more than the second.
_TWICE_THE_BUDGET, _FAR_OVER_BUDGET = -2.0, -4.0
_SEEN = (FactKind.COLOUR, FactKind.MATERIAL, FactKind.STYLE)


def personal_factors(
    product: Product, caption: Caption | None, garment: Garment, context: Context
) -> Iterator[Factor]:
    """The factors of all preferences in ``context`` that are about ``product``."""
    for preference in read_preferences(context.preferences):
        if preference.weight is None:
            continue
        if preference.kind == FactKind.BUDGET:
            yield from _budget(product, preference)
        elif _is_about(product, caption, garment, preference, context):
            yield _factor(preference, preference.weight)


def is_never_shown(product: Product, caption: Caption | None, context: Context) -> bool:
    """Whether a preference in ``context`` forbids ``product``."""
    return any(
        _is_forbidden(product, caption, preference)
        for preference in read_preferences(context.preferences)
        if preference.is_never
    )


def leave_out_never(products: Iterable[Product], context: Context) -> list[Product]:
    """The products that the shopper does not refuse to see, by their pictures, too."""
    products = list(products)
    captions = captions_for(products) if needs_captions(context) else {}
    return [p for p in products if not is_never_shown(p, captions.get(p.pk), context)]


def never_shown(context: Context) -> Condition | None:
    """`is_never_shown` as a condition of a query, as far as columns tell; None: nothing is."""
    preferences = read_preferences(context.preferences)
    forbidden = [_condition(preference) for preference in preferences if preference.is_never]
    return reduce(or_, forbidden) if forbidden else None


def needs_captions(context: Context) -> bool:
    """Whether what is never shown depends on what pictures show."""
    return any(p.is_never and p.kind in _SEEN for p in read_preferences(context.preferences))


def _factor(preference: Preference, weight: float) -> Factor:
    source = _say_source(preference)
    if preference.kind in (FactKind.BRAND, FactKind.CATEGORY):
        liked = gettext_noop("You like {title} ({source})")
        less = gettext_noop("You want less of {title} ({source})")
        message = liked if weight > 0 else less
        return make_factor(PROFILE, weight, message, title=preference.value, source=source)
    liked = gettext_noop("You like {what} ({source})")
    less = gettext_noop("You want less of {what} ({source})")
    what = preference.value.replace("-", " ")
    return make_factor(PROFILE, weight, liked if weight > 0 else less, what=what, source=source)


def _say_source(preference: Preference) -> str:
    return SOURCE_WORDS[Source(preference.source)]


def _budget(product: Product, preference: Preference) -> Iterator[Factor]:
    budget = float(preference.value)
    if product.currency != conf.current().DEFAULT_CURRENCY:
        return
    source = _say_source(preference)
    if float(product.price) <= budget:
        message = gettext_noop("It is within your budget for one piece ({source})")
        yield make_factor(PROFILE, _WITHIN_BUDGET, message, source=source)
    else:
        over = float(product.price) / budget - 1
        message = gettext_noop("It is above your budget for one piece ({source})")
        weight = max(_FAR_OVER_BUDGET, _TWICE_THE_BUDGET * over)
        yield make_factor(PROFILE, weight, message, source=source)


def _is_about(
    product: Product,
    caption: Caption | None,
    garment: Garment,
    preference: Preference,
    context: Context,
) -> bool:
    kind, value = preference.kind, preference.value
    if kind == FactKind.COLOUR:
        return find_colour(colour_of(product, caption)) == value
    if kind == FactKind.STYLE:
        return value in garment.manners
    if kind == FactKind.MATERIAL:
        return value in find_fabrics(product, caption)
    if kind == FactKind.OCCASION:
        # An occasion that was asked for is a factor of its own already.
        return not context.occasion and value in product.occasions
    return _is_named(product, kind, value)


def _is_named(product: Product, kind: str, value: str) -> bool:
    if kind in (FactKind.BRAND, FactKind.CATEGORY, FactKind.SLOT):
        return bool(getattr(product, kind).casefold() == value.casefold())
    return False


def _is_forbidden(product: Product, caption: Caption | None, preference: Preference) -> bool:
    kind, value = preference.kind, preference.value
    if kind == FactKind.COLOUR:
        return bool(re.search(_colour_pattern(value), colour_of(product, caption).lower()))
    if kind == FactKind.MATERIAL:
        return bool(re.search(FABRICS[value][1], named_text(product, caption)))
    if kind == FactKind.STYLE:
        return bool(re.search(MANNERS[value], named_text(product, caption)))
    if kind == FactKind.OCCASION:
        return value in product.occasions
    return _is_named(product, kind, value)


def _condition(preference: Preference) -> Condition:
    kind, value = preference.kind, preference.value
    if kind == FactKind.COLOUR:
        return Condition("p.colour ~* %s", (_in_sql(_colour_pattern(value)),))
    if kind in (FactKind.MATERIAL, FactKind.STYLE):
        pattern = _in_sql(FABRICS[value][1] if kind == FactKind.MATERIAL else MANNERS[value])
        return Condition("p.title ~* %s", (pattern,)) | Condition("p.category ~* %s", (pattern,))
    if kind == FactKind.OCCASION:
        return Condition("p.occasions @> ARRAY[%s]::varchar[]", (value,))
    return Condition(f"upper(p.{FactKind(kind).value}) = upper(%s)", (value,))


def _colour_pattern(value: str) -> str:
    return rf"\b({'gr[ae]y' if value == 'grey' else re.escape(value)})\b"


def _in_sql(pattern: str) -> str:
    """Python's pattern for PostgreSQL, whose word boundary is ``\\y``."""
    return pattern.replace(r"\b", r"\y")
