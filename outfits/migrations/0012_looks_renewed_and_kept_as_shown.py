"""Looks that another look takes the place of, and looks that are kept as they were shown.

Both columns are empty for all rows that there are: no row is rewritten, and workers of the version
before can go on storing looks. The new constraint is weaker than the old one, so no stored look can
break it; it comes first, so that there always is one.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ensemble_outfits", "0011_photo_owner")]

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
        migrations.AddConstraint(
            model_name="look",
            constraint=models.UniqueConstraint(
                condition=models.Q(retired_at__isnull=True),
                fields=("anchor", "context_key", "wish_key", "model_name", "adapter_name"),
                name="look_once_in_use",
            ),
        ),
        migrations.RemoveConstraint(model_name="look", name="look_once_per_wish"),
    ]
