"""Which of a picture's captions serves. The one place that says so."""

from django.db.models import (
    Case,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from catalog.captioning import get_captioner
from catalog.models import PERSON, Caption, CaptionRun


def rank_captions(captions: "QuerySet[Caption]") -> "QuerySet[Caption]":
    """Order ``captions``, each picture's serving one first.

    Of each picture serves, in this order:

    1. what a person corrected or confirmed;
    2. the caption of the captioner that settings name;
    3. the newest caption of any other captioner, so that after a change of captioner the old
       captions serve until there are new ones;
    4. a caption that was written during a caption run which is not done. It is held back, and so
       all pictures change together: when a run of that captioner is done, its captions take
       places 2 or 3. A new picture, which has no other caption, shows what it has.

    A caption counts as written during a run when the captioner is the run's and the time lies
    between the run's start and its end. A run that was cancelled or failed keeps holding its
    captions back until another run of that captioner is done.
    """
    same = CaptionRun.objects.filter(captioner_id=OuterRef("captioner_id"))
    done = CaptionRun.Status.DONE
    unfinished = same.exclude(status=done).filter(
        Q(finished_at=None) | Q(finished_at__gte=OuterRef("created_at")),
        created_at__lte=OuterRef("created_at"),
    )
    released = same.filter(status=done, finished_at__gte=OuterRef("created_at"))
    rank = Case(
        When(captioner_id=PERSON, then=Value(1)),
        When(Exists(unfinished) & ~Exists(released), then=Value(4)),
        When(captioner_id=get_captioner().captioner_id, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return captions.annotate(rank=rank).order_by("content_hash", "rank", "-created_at", "-pk")


def serving_captions(captions: "QuerySet[Caption]") -> "QuerySet[Caption]":
    """Of each picture among ``captions``, the one that serves; may be filtered further."""
    best = rank_captions(captions).distinct("content_hash")
    # In a subquery: a filter after DISTINCT ON would choose among fewer captions.
    return Caption.objects.filter(pk__in=best.values("pk"))


def serving_caption(content_hash: str) -> Caption | None:
    """The caption of one picture that serves, if it has any."""
    return rank_captions(Caption.objects.filter(content_hash=content_hash)).first()


def machine_caption(content_hash: str) -> Caption | None:
    """What would serve if no person had said anything about the picture."""
    machines = Caption.objects.filter(content_hash=content_hash).exclude(captioner_id=PERSON)
    return rank_captions(machines).first()


def pictures_without_caption(captioner_id: str) -> Q:
    """Matches pictures that ``captioner_id`` has not captioned."""
    said = Caption.objects.filter(content_hash=OuterRef("content_hash"), captioner_id=captioner_id)
    return Q(~Exists(said))
