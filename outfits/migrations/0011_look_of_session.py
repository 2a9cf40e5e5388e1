from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

_NAME = "look_of_session"


class Migration(migrations.Migration):
    # So that looks are read and stored meanwhile.
    atomic = False

    dependencies = [("ensemble_outfits", "0010_session_looks_and_forgotten_facts")]

    operations = [
        # What an attempt that was broken off left behind.
        migrations.RunSQL(f"DROP INDEX CONCURRENTLY IF EXISTS {_NAME}", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="look",
            index=models.Index(
                condition=models.Q(("session_only", True)), fields=["created_at"], name=_NAME
            ),
        ),
    ]
