"""Writes what the checks of `catalog.quality` find, and what people decide about it."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from catalog import tasks
from catalog.models import Product, QualityFinding
from catalog.quality import BATCH_CHECKS, BATCH_KINDS, progress
from catalog.quality.base import Found, read_batch
from catalog.quality.duplicates import find_duplicates, read_fingerprints
from catalog.queueing import queue_task

#: Products looked at together; memory grows with it.
BATCH = 1000

Kind = QualityFinding.Kind


def quality_check() -> Counter[str] | None:
    """Check all published products; open findings by kind, or None while another check runs.

    What is found anew is stored, what is no longer found goes, and what a person dismissed stays
    dismissed until the facts of it change.
    """
    if not progress.start():
        return None
    started = time.monotonic()
    try:
        _check_all()
    except BaseException:
        progress.give_up()
        raise
    progress.finish(time.monotonic() - started)
    return count_findings()


def _check_all() -> None:
    total, processed = Product.objects.filter(published=True).count(), 0
    for ids in _published_ids():
        _check_batch(ids)
        processed += len(ids)
        progress.show(processed, total)
    duplicates = QualityFinding.objects.filter(kind=Kind.DUPLICATE)
    _sync(duplicates, list(find_duplicates(read_fingerprints())))
    QualityFinding.objects.filter(product__published=False).delete()


def _published_ids() -> Iterator[list[int]]:
    after = 0
    products = Product.objects.filter(published=True).order_by("pk")
    while ids := list(products.filter(pk__gt=after).values_list("pk", flat=True)[:BATCH]):
        yield ids
        after = ids[-1]


def _check_batch(ids: Sequence[int]) -> None:
    batch = read_batch(ids)
    found = [found for check in BATCH_CHECKS for found in check(batch)]
    _sync(QualityFinding.objects.filter(product_id__in=ids, kind__in=BATCH_KINDS), found)


def _sync(stored: "QuerySet[QualityFinding]", found: Iterable[Found]) -> None:
    """Make ``stored`` say what was ``found``, and no more."""
    wanted = {each.key: each for each in found}
    rows = {(f.product_id, f.kind, f.image_id, f.other_image_id): f for f in stored}
    gone = [row.pk for key, row in rows.items() if key not in wanted]
    QualityFinding.objects.filter(pk__in=gone).delete()
    for key, row in rows.items():
        if key in wanted and row.detail != wanted[key].detail:
            row.detail, row.dismissed_at, row.dismissed_by = wanted[key].detail, None, None
            row.save(update_fields=["detail", "dismissed_at", "dismissed_by"])
    _store([each for key, each in wanted.items() if key not in rows])


def _store(found: Sequence[Found]) -> None:
    rows = [
        QualityFinding(
            product_id=each.product_id,
            kind=each.kind,
            image_id=each.image_id,
            other_image_id=each.other_image_id,
            detail=each.detail,
        )
        for each in found
    ]
    try:
        with transaction.atomic():
            QualityFinding.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    except IntegrityError:
        # A product or picture went while it was looked at: store the others one by one.
        if len(rows) > 1:
            for each in found:
                _store([each])


def quality_recheck(*, product_ids: Sequence[int]) -> None:
    """Look at some products again after a change; new near-duplicates are left to the next check.

    Those need a comparison with every picture; that a pair is none any more is seen at once.
    """
    _check_batch(product_ids)
    concerned = Q(product__in=product_ids) | Q(other_image__product__in=product_ids)
    pairs = QualityFinding.objects.filter(concerned, kind=Kind.DUPLICATE)
    same_title = Q(mine=F("theirs"))
    hidden = Q(product__published=False) | Q(other_image__product__published=False)
    titled = pairs.annotate(
        mine=Lower("product__title"), theirs=Lower("other_image__product__title")
    )
    ids = list(titled.filter(same_title | hidden).values_list("pk", flat=True))
    QualityFinding.objects.filter(pk__in=ids).delete()


def quality_check_start() -> bool:
    """Queue a check of the whole catalog; False when one is under way."""
    if progress.is_active():
        return False
    progress.queue()
    queue_task(tasks.check_quality)
    return True


def quality_finding_dismiss(*, finding: QualityFinding, user: Any) -> None:
    """Say that it is right as it is; the finding stays away until its facts change."""
    finding.dismissed_at, finding.dismissed_by = timezone.now(), user
    finding.save(update_fields=["dismissed_at", "dismissed_by"])


def quality_finding_restore(*, finding: QualityFinding) -> None:
    """Take a dismissal back."""
    finding.dismissed_at = finding.dismissed_by = None
    finding.save(update_fields=["dismissed_at", "dismissed_by"])


def quality_finding_caption(*, finding: QualityFinding) -> None:
    """Queue the captioning of the finding's picture by the captioner in use."""
    if finding.image_id:
        queue_task(tasks.caption_image, finding.image_id)


def count_findings() -> Counter[str]:
    """Kind -> findings that wait for somebody; a kind without any is absent."""
    kinds = QualityFinding.objects.filter(dismissed_at=None).order_by().values_list("kind")
    return Counter(dict(kinds.annotate(count=Count("pk"))))
