"""Looks that another look takes the place of, and looks that are kept as they were shown.

Both columns are empty for all rows that there are: no row is rewritten, and workers of the version
before can go on storing looks.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ensemble_outfits", "0013_photo_owner")]

    operations = [
        migrations.AddField(
            "look",
            "retired_at",
            models.DateTimeField(
                editable=False, help_text="When another look took its place.", null=True
            ),
        ),
        migrations.AddField(
            "savedlook", "pieces", models.JSONField(blank=True, db_default=[], default=list)
        ),
    ]
