"""Looks made for somebody's taste or wish do not stay for good: both change, and tell of people.

Nor do looks that another look took the place of.
"""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from catalog import conf
from outfits.models import Look, LookItem


def personal_looks_forget() -> int:
    """Delete old looks of a taste, with a wish or retired, that nothing refers to; how many.

    What refers to a look (somebody keeps it, or said something of it) is whatever any app has
    pointing at it: apps after this one are not known here.
    """
    before = timezone.now() - timedelta(days=conf.current().PERSONAL_LOOK_DAYS)
    personal = Q(context__has_key="preferences") | ~Q(wish_key="")
    of_no_more_use = (personal & Q(created_at__lt=before)) | Q(retired_at__lt=before)
    old = Look.objects.filter(of_no_more_use)
    for relation in Look._meta.related_objects:
        if relation.related_model is not LookItem:
            old = old.exclude(**{f"{relation.name}__isnull": False})
    ids = list(old.values_list("pk", flat=True))
    Look.objects.filter(pk__in=ids).delete()
    return len(ids)
