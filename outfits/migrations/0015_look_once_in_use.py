"""Only looks in use are unique. The new constraint is weaker than the old one, so that no stored look
breaks it, and comes first, so that there always is one. It is built while looks are read.
"""

from django.db import migrations, models

_NAME = "look_once_in_use"
_DROP = f"DROP INDEX CONCURRENTLY IF EXISTS {_NAME}"
_CREATE = f"""
CREATE UNIQUE INDEX CONCURRENTLY {_NAME} ON ensemble_outfits_look
    (anchor_id, context_key, wish_key, model_name, adapter_name) WHERE retired_at IS NULL
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("ensemble_outfits", "0014_looks_renewed_and_kept_as_shown")]

    operations = [
        # What an attempt that was broken off left behind.
        migrations.RunSQL(_DROP, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(_CREATE, _DROP)],
            state_operations=[
                migrations.AddConstraint(
                    model_name="look",
                    constraint=models.UniqueConstraint(
                        condition=models.Q(retired_at__isnull=True),
                        fields=("anchor", "context_key", "wish_key", "model_name", "adapter_name"),
                        name=_NAME,
                    ),
                )
            ],
        ),
        migrations.RemoveConstraint(model_name="look", name="look_once_per_wish"),
    ]
