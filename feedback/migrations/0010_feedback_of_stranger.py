from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

_NAME = "feedback_of_stranger"


class Migration(migrations.Migration):
    # So that feedback is taken meanwhile.
    atomic = False

    dependencies = [("ensemble_feedback", "0009_feedbackevent_taught")]

    operations = [
        # What an attempt that was broken off left behind.
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {_NAME}", migrations.RunSQL.noop),
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
                name=_NAME,
            ),
        ),
    ]
