import uuid

from django.db import migrations
from django.db.models import Q

_BATCH = 2000


def forget_strangers(apps, schema_editor):
    """Blank tab and region of everything said by whoever did not agree to be remembered."""
    events = apps.get_model("ensemble_feedback", "FeedbackEvent").objects
    strangers = events.filter(~Q(visitor="") | ~Q(region=""), shopper__isnull=True).order_by("pk")
    last = uuid.UUID(int=0)
    while batch := list(strangers.filter(pk__gt=last).values_list("pk", flat=True)[:_BATCH]):
        last = batch[-1]
        events.filter(pk__in=batch, shopper__isnull=True).update(visitor="", region="")


class Migration(migrations.Migration):
    # So that shops sell on meanwhile: nothing is locked for longer than a batch takes.
    atomic = False

    dependencies = [("ensemble_feedback", "0010_feedback_of_stranger")]

    operations = [migrations.RunPython(forget_strangers, migrations.RunPython.noop)]
