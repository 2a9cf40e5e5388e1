import uuid

import django.contrib.postgres.fields
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
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

    dependencies = [("ensemble_feedback", "0008_reasons")]

    operations = [
        migrations.AddField(
            model_name="feedbackevent",
            name="taught",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                blank=True,
                editable=False,
                null=True,
                size=None,
            ),
        ),
        migrations.RunPython(forget_strangers, migrations.RunPython.noop),
        AddIndexConcurrently(
            model_name="feedbackevent",
            index=models.Index(
                condition=Q(
                    ("shopper__isnull", True),
                    Q(
                        Q(("visitor", ""), _negated=True),
                        Q(("region", ""), _negated=True),
                        _connector="OR",
                    ),
                ),
                fields=["created_at"],
                name="feedback_of_stranger",
            ),
        ),
    ]
