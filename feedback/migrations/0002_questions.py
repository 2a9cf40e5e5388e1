from typing import ClassVar

from django.db import migrations, models

_QUERY = "What the questions began with, exactly as it was served."
_CHOSEN = "What was asked about the preferred item, word for word."
_QUESTION = "What was asked about it, exactly as it was served."


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ensemble_feedback", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField(
            name,
            "query",
            models.TextField(default="", help_text=_QUERY),
            preserve_default=False,
        )
        for name in ("preferencepair", "unpairedexample")
    ] + [
        migrations.AddField(
            "unpairedexample",
            "question",
            models.TextField(default="", help_text=_QUESTION),
            preserve_default=False,
        ),
        migrations.AlterField("preferencepair", "chosen", models.TextField(help_text=_CHOSEN)),
        migrations.AlterField("preferencepair", "rejected", models.TextField()),
    ]
