"""What shoppers do teaches facts: counted, skipped where they told us to forget, taken back.

However many deeds of however many shoppers there are, the number of queries is the same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F

from catalog.models import Caption, Product
from outfits.colours import find_colour
from outfits.describing import colour_of
from outfits.garments import find_fabrics, read_garment
from outfits.models import ForgottenFact, ProfileFact, Shopper
from outfits.shoppers.consent import lock_consenting
from outfits.shoppers.facts import MAX_FACTS, Fact, FactKind, Stance, read_fact

_UNIQUE = ["shopper", "kind", "value", "stance", "source"]
#: Shopper, kind, value, stance, source: what a row is about.
_Key = tuple[int, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One fact that follows from one thing that a shopper did; ``event`` is the id of that."""

    shopper_id: int
    fact: Fact
    source: str
    event: str

    @property
    def key(self) -> _Key:
        fact = self.fact
        return self.shopper_id, fact.kind, fact.value, fact.stance, self.source


def facts_from_product(product: Product, caption: Caption | None, *, bought: bool) -> list[Fact]:
    """What wanting a product says of a taste; what was bought need not be offered again."""
    colour = find_colour(colour_of(product, caption))
    garment = read_garment(product, caption)
    said = [("colour", colour or ""), ("brand", product.brand), ("category", product.category)]
    said += [("style", manner) for manner in sorted(garment.manners)]
    said += [("material", fabric) for fabric in sorted(find_fabrics(product, caption))]
    facts = [_read_quietly(kind, value) for kind, value in said]
    if bought:
        facts.append(Fact(FactKind.PRODUCT, product.sku, Stance.NEVER))
    return [fact for fact in facts if fact is not None]


def _read_quietly(kind: str, value: str) -> Fact | None:
    try:
        return read_fact(kind, value)
    except ValueError:
        return None


@transaction.atomic
def facts_learn(*, shopper: Shopper, facts: Iterable[Fact], source: str, event: str) -> list[int]:
    """Count what follows from something a shopper did; ``event`` is the id of what they did.

    Gives the ids of the facts that were counted, for `facts_unlearn`. Raises `ConsentMissing`.
    """
    locked = lock_consenting(shopper)
    lessons = [Lesson(locked.pk, fact, source, event) for fact in facts]
    return lessons_learn(lessons=lessons).get(event, [])


def lessons_learn(*, lessons: Sequence[Lesson]) -> dict[str, list[int]]:
    """Count lessons of shoppers whose rows are locked; the ids of the facts by event, one a lesson.

    What a shopper told us to forget is skipped, and new facts beyond `MAX_FACTS`.
    """
    forgotten = _read_forgotten(lessons)
    wanted = [each for each in lessons if _about(each) not in forgotten]
    if not wanted:
        return {}
    times = _read_times(wanted)
    rooms = _read_rooms(wanted)
    counted: dict[_Key, Lesson] = {}
    learned = [each for each in wanted if _count(each, times, rooms, counted)]
    rows = {key: _row(lesson, times[key]) for key, lesson in counted.items()}
    ProfileFact.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=_UNIQUE,
        update_fields=["times", "event", "updated_at"],
    )
    taught: dict[str, list[int]] = defaultdict(list)
    for lesson in learned:
        taught[lesson.event].append(rows[lesson.key].pk)
    return taught


@transaction.atomic
def facts_unlearn(*, shopper: Shopper, learned: Iterable[int]) -> None:
    """Take back once what `facts_learn` counted, by its ids; what is gone already stays gone."""
    for fact_id, times in Counter(learned).items():
        fact = shopper.facts.filter(pk=fact_id)
        fact.filter(times__lte=times).delete()
        fact.update(times=F("times") - times)


def _count(
    lesson: Lesson,
    times: "Counter[_Key]",
    rooms: "Counter[int]",
    counted: dict[_Key, Lesson],
) -> bool:
    """Count a lesson, if it may be; the last one says which event a fact is from."""
    if not times[lesson.key]:
        if rooms[lesson.shopper_id] <= 0:
            return False
        rooms[lesson.shopper_id] -= 1
    times[lesson.key] += 1
    counted[lesson.key] = lesson
    return True


def _about(lesson: Lesson) -> tuple[int, str, str, str]:
    return lesson.shopper_id, *lesson.fact.subject, lesson.fact.stance


def _read_forgotten(lessons: Sequence[Lesson]) -> set[tuple[int, str, str, str]]:
    rows = ForgottenFact.objects.filter(shopper_id__in={each.shopper_id for each in lessons})
    return set(rows.values_list("shopper_id", "kind", "value", "stance"))


def _read_times(lessons: Sequence[Lesson]) -> "Counter[_Key]":
    rows = ProfileFact.objects.filter(
        shopper_id__in={each.shopper_id for each in lessons},
        value__in={each.fact.value for each in lessons},
        source__in={each.source for each in lessons},
    )
    fields = ("shopper_id", "kind", "value", "stance", "source", "times")
    return Counter({tuple(key): times for *key, times in rows.values_list(*fields)})


def _read_rooms(lessons: Sequence[Lesson]) -> "Counter[int]":
    """How many facts more each shopper's profile holds."""
    ids = {each.shopper_id for each in lessons}
    rows = ProfileFact.objects.filter(shopper_id__in=ids).order_by().values("shopper_id")
    held = dict(rows.annotate(number=Count("pk")).values_list("shopper_id", "number"))
    return Counter({pk: MAX_FACTS - held.get(pk, 0) for pk in ids})


def _row(lesson: Lesson, times: int) -> ProfileFact:
    fact = lesson.fact
    return ProfileFact(
        shopper_id=lesson.shopper_id,
        kind=fact.kind,
        value=fact.value,
        stance=fact.stance,
        source=lesson.source,
        times=times,
        event=lesson.event,
    )
