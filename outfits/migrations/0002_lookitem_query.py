from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ensemble_outfits", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField(
            "lookitem", "query", models.TextField(default=""), preserve_default=False
        )
    ]
