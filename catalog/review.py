"""Reads for the review of captions: what is open, in which order, and who looks at what."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass

from django.core.cache import cache
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from catalog.captioning.base import CAPTION_FIELDS
from catalog.models import PERSON, Caption, ProductImage
from catalog.services.captions import CHOICES, UNKNOWN_DOUBT
from catalog.serving import serving_captions

#: How long a picture is kept for the reviewer who has it on the screen.
LEASE_SECONDS = 600
#: Candidates asked for at once: enough that one is free while many people review.
_CANDIDATES = 50
_BADGE_SECONDS = 60
_COUNT_KEY = "ensemble:captions-to-review"
_VALUES_SECONDS = 300
_VALUES_KEY = "ensemble:caption-values"


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """Which captions to review; empty means any. ``everything``: also those without doubt."""

    captioner: str = ""
    article_type: str = ""
    field: str = ""
    everything: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "ReviewFilter":
        """From a query string; what it does not know is left out."""
        chosen = cls(**{name: query.get(name, "") for name in cls.__slots__})
        return chosen if chosen.field in ("", *CAPTION_FIELDS) else cls()

    def as_query(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}


def captions_to_review(chosen: ReviewFilter) -> "QuerySet[Caption]":
    """Serving captions of stored pictures that no person has seen, the most doubtful first."""
    return _narrow(serving_captions(_unseen()), chosen)


def _unseen() -> "QuerySet[Caption]":
    people = Caption.objects.filter(captioner_id=PERSON, content_hash=OuterRef("content_hash"))
    pictures = ProductImage.objects.filter(content_hash=OuterRef("content_hash"))
    return Caption.objects.filter(~Exists(people), Exists(pictures))


def _narrow(captions: "QuerySet[Caption]", chosen: ReviewFilter) -> "QuerySet[Caption]":
    if not chosen.everything:
        captions = captions.filter(~Q(unsure=[]) | Q(doubt__gte=UNKNOWN_DOUBT))
    if chosen.captioner:
        captions = captions.filter(captioner_id=chosen.captioner)
    if chosen.field:
        captions = captions.filter(unsure__contains=[chosen.field])
    if chosen.article_type:
        likeliest = Q(article_type="", alternatives__article_type__0=chosen.article_type)
        captions = captions.filter(Q(article_type=chosen.article_type) | likeliest)
    return captions.order_by("-doubt", "pk")


def next_to_review(
    chosen: ReviewFilter, user_id: int, skipped: Collection[str] = ()
) -> Caption | None:
    """The first open caption that no other reviewer has on the screen, kept for this one."""
    # To find out which captions serve is dear for a whole catalog, and cheap for a few. Most of
    # the first few do serve, unless a change of captioner is under way.
    likely = _narrow(_unseen(), chosen).exclude(content_hash__in=list(skipped))[:_CANDIDATES]
    hashes = [caption.content_hash for caption in likely]
    serving = serving_captions(Caption.objects.filter(content_hash__in=hashes))
    found = _claim_first(_narrow(serving, chosen), user_id)
    if found is None and len(hashes) == _CANDIDATES:
        candidates = captions_to_review(chosen).exclude(content_hash__in=list(skipped))
        found = _claim_first(candidates[:_CANDIDATES], user_id)
    return found


def _claim_first(captions: Iterable[Caption], user_id: int) -> Caption | None:
    free = (each for each in captions if claim_picture(each.content_hash, user_id))
    return next(free, None)


def claim_picture(content_hash: str, user_id: int) -> bool:
    """Keep a picture for one reviewer; False while another has it."""
    key = _lease_key(content_hash)
    # One atomic step: of two reviewers who ask at once, one gets it.
    return cache.add(key, user_id, LEASE_SECONDS) or cache.get(key) == user_id


def release_picture(content_hash: str, user_id: int) -> None:
    """Give a picture back, if it is this reviewer's."""
    key = _lease_key(content_hash)
    if cache.get(key) == user_id:
        cache.delete(key)


def _lease_key(content_hash: str) -> str:
    return f"ensemble:caption-review:{content_hash}"


def count_reviewed_today(user_id: int) -> int:
    """Pictures that this person corrected or confirmed since midnight, and did not take back."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Caption.history.filter(
        id=OuterRef("pk"), history_user_id=user_id, history_date__gte=midnight
    )
    return Caption.objects.filter(Exists(mine), captioner_id=PERSON).count()


def count_open() -> int:
    """Doubtful captions that wait for a person, as of a minute ago at most."""
    count: int | None = cache.get(_COUNT_KEY)
    if count is None:
        count = captions_to_review(ReviewFilter()).count()
        cache.set(_COUNT_KEY, count, _BADGE_SECONDS)
    return count


def adjust_count(change: int) -> None:
    """Add to the count of open captions what is known to have changed, until it is made anew."""
    with suppress(ValueError):  # it is not counted at the moment
        cache.incr(_COUNT_KEY, change)


def list_known_values() -> dict[str, list[str]]:
    """Field -> the values that captions have, for people to choose from; minutes old at most."""
    values: dict[str, list[str]] | None = cache.get(_VALUES_KEY)
    if values is None:
        values = _read_known_values()
        cache.set(_VALUES_KEY, values, _VALUES_SECONDS)
    return values


def _read_known_values() -> dict[str, list[str]]:
    return {
        name: list(
            Caption.objects.exclude(**{name: ""})
            .order_by(name)
            .values_list(name, flat=True)
            .distinct()
        )
        for name in (*CAPTION_FIELDS, "captioner_id")
    }


@dataclass(frozen=True, slots=True)
class Choice:
    """One value offered for a field, with the key that picks it, and how sure the machine is."""

    key: int
    value: str
    confidence: float | None


@dataclass(frozen=True, slots=True)
class FieldChoices:
    """What a reviewer may make of one field; ``value`` is what it is now, perhaps empty."""

    name: str
    label: str
    value: str
    is_unsure: bool
    choices: list[Choice]


def list_choices(caption: Caption, machine: Caption | None, label: str, name: str) -> FieldChoices:
    """The field's value now, then the machine's likeliest ones: three in all."""
    value = getattr(caption, name)
    seen = _machine_values(machine, name)
    offered = [text for text in dict.fromkeys([value, *seen]) if text][:CHOICES]
    sure = {seen[0]: machine.confidence.get(name)} if machine and seen else {}
    return FieldChoices(
        name=name,
        label=label,
        value=value,
        is_unsure=name in caption.unsure or _is_doubtful(caption, name),
        choices=[Choice(key, text, sure.get(text)) for key, text in enumerate(offered, start=1)],
    )


def _is_doubtful(caption: Caption, name: str) -> bool:
    sure: float = caption.confidence.get(name, 1.0)
    return 1 - sure >= UNKNOWN_DOUBT


def _machine_values(machine: Caption | None, name: str) -> list[str]:
    """What the machine thought, the likeliest first."""
    if machine is None:
        return []
    return [text for text in (getattr(machine, name), *machine.alternatives.get(name, ())) if text]
