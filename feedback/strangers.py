"""What shoppers who did not agree to be remembered leave behind: what they said, and no more.

While their session lasts, the tab's id lets a changed thumb replace the earlier one.
"""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from catalog import conf
from feedback.models import FeedbackEvent
from outfits.models import Shopper

_BATCH = 2000


def visitors_forget() -> int:
    """Forget whose tab said what in sessions that are over; of how many events."""
    before = timezone.now() - timedelta(seconds=conf.current().SESSION_SECONDS)
    over = _of_strangers().filter(~Q(visitor="") | ~Q(region=""), created_at__lt=before)
    forgotten = 0
    while ids := list(over.order_by("created_at").values_list("pk", flat=True)[:_BATCH]):
        forgotten += _of_strangers().filter(pk__in=ids).update(visitor="", region="")
    return forgotten


def said_in_tabs_of(shopper: Shopper) -> "QuerySet[FeedbackEvent]":
    """What a shopper's tabs said in these sessions before they agreed, or after."""
    tabs = FeedbackEvent.objects.filter(shopper=shopper).exclude(visitor="").values("visitor")
    return _of_strangers().filter(visitor__in=tabs)


def _of_strangers() -> "QuerySet[FeedbackEvent]":
    return FeedbackEvent.objects.filter(shopper__isnull=True)
