"""Looks with a wish; those stored before had none, and keep their place as plain looks.

Both columns have constant defaults, so no row is rewritten; the database keeps them, so that
workers of the version before can go on storing looks. The new constraint is weaker than the old
one, so no stored look can break it; it comes first, so that there always is one.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ensemble_outfits", "0005_curation")]

    operations = [
        migrations.AddField(
            "look", "wish", models.JSONField(blank=True, db_default={}, default=dict)
        ),
        migrations.AddField(
            "look",
            "wish_key",
            models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddConstraint(
            model_name="look",
            constraint=models.UniqueConstraint(
                fields=("anchor", "context_key", "wish_key", "model_name", "adapter_name"),
                name="look_once_per_wish",
            ),
        ),
        migrations.RemoveConstraint(model_name="look", name="look_once_per_stylist"),
    ]
