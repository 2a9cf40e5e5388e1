"""The style quiz: a few questions with pictures from the shop's own catalog, each of which may be
skipped.

The same catalog always gives the same quiz. An answer is the word of a fact, not a picture, so that
it stays right when the catalog changes between question and answer.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db.models.functions import MD5
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from catalog import conf
from catalog.captioning.labels import pattern_of
from catalog.models import Product
from catalog.slots import Slot
from catalog.vocabulary import Gender, Occasion
from outfits.colours import find_colour, is_neutral
from outfits.garments import find_fabrics, read_garment
from outfits.retrieval import wearable_by
from outfits.shoppers.catalog_words import word_label
from outfits.shoppers.facts import Fact, FactKind, Stance, read_fact

_POOL = 400
_POOL_SECONDS = 600
_MOST_OPTIONS = 12
#: Slots that show a colour or a style best, the best first; others only where these are empty.
_TELLING = (Slot.OUTERWEAR, Slot.DRESS, Slot.TOP, Slot.BOTTOM, Slot.SHOES, Slot.BAG)
#: Pieces that many never wear.
_OPTIONAL = (Slot.HEADWEAR, Slot.JEWELLERY, Slot.SCARF, Slot.WATCH, Slot.EYEWEAR, Slot.BELT)
_BUDGET_STEP = 10


@dataclass(frozen=True, slots=True)
class Option:
    """One possible answer, with a picture where a product shows what it means."""

    value: str
    label: str
    product: Product | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; ``kind`` and ``stance`` are those of the facts that answers become."""

    id: str
    title: str | Promise
    hint: str | Promise
    kind: str
    stance: str = Stance.LIKE
    multiple: bool = True
    options: Sequence[Option] = field(default=())


_QUESTIONS = (
    Question(
        "colours",
        gettext_lazy("Which colours do you reach for?"),
        gettext_lazy("As many as you like."),
        FactKind.COLOUR,
    ),
    Question(
        "styles",
        gettext_lazy("Which of these look like you?"),
        gettext_lazy("As many as you like."),
        FactKind.STYLE,
    ),
    Question(
        "pieces",
        gettext_lazy("What do you never wear?"),
        gettext_lazy("We will not show it again."),
        FactKind.SLOT,
        Stance.NEVER,
    ),
    Question(
        "materials",
        gettext_lazy("Any material that you do not want near you?"),
        gettext_lazy("We will not show it again."),
        FactKind.MATERIAL,
        Stance.NEVER,
    ),
    Question(
        "occasions",
        gettext_lazy("What do you dress for most?"),
        gettext_lazy("As many as you like."),
        FactKind.OCCASION,
    ),
    Question(
        "budget",
        gettext_lazy("What may one piece cost?"),
        gettext_lazy("Dearer pieces come later, not never."),
        FactKind.BUDGET,
        multiple=False,
    ),
)
_BY_ID = {question.id: question for question in _QUESTIONS}


@dataclass(frozen=True, slots=True)
class Answers:
    """What a quiz's answers say, and the kinds of the questions that were not skipped."""

    facts: tuple[Fact, ...]
    kinds: tuple[str, ...]


def build_quiz(gender: str = "") -> list[Question]:
    """The questions that this catalog has at least two answers to; three queries at most."""
    pool = _read_pool(gender)
    used: set[int] = set()
    options = {
        "colours": _colours(pool, used),
        "styles": _pictured(pool, used, lambda p: read_garment(p, None).manners),
        "pieces": _pieces(pool, used),
        "materials": _pictured(pool, used, lambda p: find_fabrics(p, None)),
        "occasions": [Option(o.value, str(o.label)) for o in Occasion],
        "budget": _budgets(pool),
    }
    return [
        Question(q.id, q.title, q.hint, q.kind, q.stance, q.multiple, tuple(options[q.id]))
        for q in _QUESTIONS
        if pool and len(options[q.id]) > 1
    ]


def read_answers(said: Mapping[str, Any]) -> Answers:
    """Facts from ``{question id: [values]}``; what is absent or empty was skipped.

    Raises `ValueError` with what to write.
    """
    facts, kinds = [], []
    for name, values in said.items():
        question = _BY_ID.get(name)
        if question is None:
            raise ValueError(f"The quiz has no question {name!r}. It has: {', '.join(_BY_ID)}.")
        if not isinstance(values, list) or len(values) > 40:
            raise ValueError(f"The answer to {name!r} is a list of values.")
        if len(values) > 1 and not question.multiple:
            raise ValueError(f"{name!r} has one answer.")
        facts += [read_fact(question.kind, str(value), question.stance) for value in values]
        kinds += [question.kind] if values else []
    return Answers(tuple(dict.fromkeys(facts)), tuple(kinds))


def _read_pool(gender: str) -> list[Product]:
    """Products with pictures, shuffled, always alike."""
    gender = gender if gender in Gender.values else ""
    key = f"ensemble:quiz-pool:{gender}"
    ids: list[int] | None = cache.get(key)
    if ids is None:
        pictured = Product.objects.available().exclude(slot="").filter(images__isnull=False)
        if gender:
            pictured = pictured.filter(gender__in=wearable_by(gender))
        # Distinct by the shuffle's own column: a product has several pictures.
        shuffled = pictured.order_by(MD5("sku"), "pk").values_list("pk", flat=True).distinct()
        ids = list(shuffled[:_POOL])
        cache.set(key, ids, _POOL_SECONDS)
    found = Product.objects.available().prefetch_related("images").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _colours(pool: Sequence[Product], used: set[int]) -> list[Option]:
    """As many hues as neutrals: by number alone, black, white and beige would be the whole quiz."""
    told = [
        (product, frozenset(filter(None, [find_colour(product.colour)])))
        for product in pool
        if not pattern_of(product.title)
    ]
    common = _by_frequency(word for _, words in told for word in words)
    neutrals = [word for word in common if is_neutral(word)][: _MOST_OPTIONS // 2]
    hues = [word for word in common if not is_neutral(word)][: _MOST_OPTIONS // 2]
    return list(_show([*neutrals, *hues], told, used))


def _by_frequency(words: Iterable[str]) -> list[str]:
    counts = Counter(words)
    return sorted(counts, key=lambda word: (-counts[word], word))


def _pictured(pool: Sequence[Product], used: set[int], tell: Any) -> list[Option]:
    """The most frequent words that ``tell`` finds, each with the product that shows it best."""
    told = [(product, frozenset(tell(product))) for product in pool]
    common = _by_frequency(word for _, words in told for word in words)
    return list(_show(common[:_MOST_OPTIONS], told, used))


def _show(
    words: Iterable[str], told: Sequence[tuple[Product, frozenset[str]]], used: set[int]
) -> Iterator[Option]:
    slots: Counter[str] = Counter()
    for word in words:
        fitting = [(product, said) for product, said in told if word in said]
        # What is worn and says nothing else shows it best; no picture and no slot twice, if that
        # can be.
        product, _ = min(
            fitting, key=lambda each: (each[0].pk in used, *_unfit(each[0], each[1], slots))
        )
        used.add(product.pk)
        slots[product.slot] += 1
        yield Option(word, word_label(word), product)


def _unfit(product: Product, words: frozenset[str], slots: "Counter[str]") -> tuple[int, ...]:
    rank = _TELLING.index(Slot(product.slot)) if product.slot in _TELLING else len(_TELLING)
    return rank == len(_TELLING), len(words), slots[product.slot], rank


def _pieces(pool: Sequence[Product], used: set[int]) -> list[Option]:
    found = []
    for slot in _OPTIONAL:
        fitting = [product for product in pool if product.slot == slot]
        product = min(fitting, key=lambda product: product.pk in used, default=None)
        if product is not None:
            used.add(product.pk)
            found.append(Option(slot.value, str(slot.label), product))
    return found


def _budgets(pool: Sequence[Product]) -> list[Option]:
    """Three amounts that part the catalog's prices into four, rounded up."""
    prices = sorted(product.price for product in pool)
    quarters = [prices[len(prices) * part // 4] for part in (1, 2, 3)] if prices else []
    rounded = sorted({-(-int(price) // _BUDGET_STEP) * _BUDGET_STEP for price in quarters})
    currency = conf.current().DEFAULT_CURRENCY
    label = gettext("Up to {amount}")
    return [
        Option(str(amount), label.replace("{amount}", f"{amount} {currency}"))
        for amount in rounded
        if amount
    ]
