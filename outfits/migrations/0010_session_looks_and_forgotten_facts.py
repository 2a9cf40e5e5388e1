import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
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
    ]
