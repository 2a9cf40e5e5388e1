import uuid

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

_BATCH = 1000
_SAID = " said"


def mark_looks_of_tabs(apps, schema_editor):
    """Have the taste forgotten in looks that may be those of strangers, as of the next session.

    Only what a tab says is always ``said``. Such a look may as well be that of a shopper who
    agreed: it stays, as one whose address was given away.
    """
    looks = apps.get_model("ensemble_outfits", "Look").objects
    personal = looks.filter(context__has_key="preferences").order_by("pk")
    last = uuid.UUID(int=0)
    while batch := list(personal.filter(pk__gt=last).values_list("pk", "context")[:_BATCH]):
        last = batch[-1][0]
        said = [
            pk
            for pk, context in batch
            if all(preference.endswith(_SAID) for preference in context["preferences"])
        ]
        looks.filter(pk__in=said).update(session_only=True, shared=True)


class Migration(migrations.Migration):
    # So that shops sell on meanwhile: nothing is locked for longer than a batch takes.
    atomic = False

    dependencies = [("ensemble_outfits", "0009_own_photo")]

    operations = [
        migrations.CreateModel(
            name="ForgottenFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("colour", "Colour"),
                            ("style", "Style"),
                            ("material", "Material"),
                            ("slot", "Piece"),
                            ("occasion", "Occasion"),
                            ("budget", "Budget for one piece"),
                            ("size", "Size"),
                            ("brand", "Brand"),
                            ("category", "Category"),
                            ("product", "Product"),
                        ],
                        max_length=10,
                    ),
                ),
                ("value", models.CharField(blank=True, max_length=64)),
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("like", "More of it"),
                            ("dislike", "Less of it"),
                            ("never", "Never show it"),
                        ],
                        default="like",
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "shopper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="forgotten",
                        to="ensemble_outfits.shopper",
                    ),
                ),
            ],
            options={
                "ordering": ["kind", "value", "stance"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shopper", "kind", "value", "stance"), name="fact_forgotten_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="look",
            name="session_only",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="look",
            name="shared",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="regionaltaste",
            name="shoppers",
            field=models.PositiveIntegerField(
                help_text="Known shoppers of the region who said something."
            ),
        ),
        AddIndexConcurrently(
            model_name="look",
            index=models.Index(
                condition=models.Q(("session_only", True)),
                fields=["created_at"],
                name="look_of_session",
            ),
        ),
        migrations.RunPython(mark_looks_of_tabs, migrations.RunPython.noop),
    ]
