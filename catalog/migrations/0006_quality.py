import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ensemble_catalog", "0005_captions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="QualityFinding",
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
                            ("no-picture", "No picture"),
                            ("contradiction", "Caption and feed disagree"),
                            ("duplicate", "Nearly the same picture"),
                            ("no-slot", "No slot"),
                            ("stale-caption", "Stale or missing caption"),
                            ("picture-failed", "Picture could not be fetched"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "detail",
                    models.JSONField(
                        default=dict, help_text="What the sentence on the page is made of."
                    ),
                ),
                ("found_at", models.DateTimeField(auto_now_add=True)),
                ("dismissed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-found_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="qualityfinding",
            name="dismissed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="qualityfinding",
            name="image",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="ensemble_catalog.productimage",
            ),
        ),
        migrations.AddField(
            model_name="qualityfinding",
            name="other_image",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="ensemble_catalog.productimage",
            ),
        ),
        migrations.AddField(
            model_name="qualityfinding",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="findings",
                to="ensemble_catalog.product",
            ),
        ),
        migrations.AddConstraint(
            model_name="qualityfinding",
            constraint=models.UniqueConstraint(
                fields=("product", "kind", "image", "other_image"),
                name="quality_finding_once",
                nulls_distinct=False,
            ),
        ),
    ]
