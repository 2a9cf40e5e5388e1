import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ensemble_catalog", "0002_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="FeedSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.SlugField(max_length=64, unique=True)),
                (
                    "mapping",
                    models.JSONField(
                        blank=True, default=dict, help_text="Our field -> its column."
                    ),
                ),
                (
                    "is_full",
                    models.BooleanField(
                        default=False,
                        help_text="Lists everything: what is no longer in it is unpublished.",
                    ),
                ),
                ("token_hash", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "checksum",
                    models.CharField(
                        blank=True,
                        editable=False,
                        help_text="SHA-256 of what was last imported.",
                        max_length=64,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="PlannedChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.PositiveIntegerField(default=0)),
                ("sku", models.CharField(blank=True, max_length=64)),
                ("title", models.CharField(blank=True, max_length=255)),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("create", "Create"),
                            ("update", "Change"),
                            ("unchanged", "Leave"),
                            ("unpublish", "Unpublish"),
                            ("refuse", "Refuse"),
                        ],
                        max_length=9,
                    ),
                ),
                ("changes", models.JSONField(default=dict, help_text="Field -> [before, after].")),
                ("reason", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="feedimport",
            name="cancel_requested",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="feedimport",
            name="checksum",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="feedimport",
            name="format",
            field=models.CharField(blank=True, help_text="As found in the file.", max_length=20),
        ),
        migrations.AddField(
            model_name="feedimport",
            name="is_full",
            field=models.BooleanField(
                default=False, help_text="Lists everything: what is no longer in it is unpublished."
            ),
        ),
        migrations.AddField(
            model_name="feedimport",
            name="unpublish_confirmed",
            field=models.PositiveIntegerField(
                default=0,
                editable=False,
                help_text="How many a person said may be unpublished.",
            ),
        ),
        migrations.AddField(
            model_name="feedimport",
            name="unpublish_waiting",
            field=models.PositiveIntegerField(
                default=0,
                editable=False,
                help_text="Products that it may not unpublish unasked.",
            ),
        ),
        migrations.AddField(
            model_name="feedimport",
            name="unpublished",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="product",
            name="delisted_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="Since when its full feed no longer lists it; back in the feed, it is published.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="feedimport",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Not started"),
                    ("checking", "Being checked"),
                    ("checked", "Checked, not started"),
                    ("queued", "Waiting for a worker"),
                    ("running", "Running"),
                    ("done", "Done"),
                    ("cancelled", "Cancelled"),
                    ("failed", "Failed"),
                ],
                default="queued",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="feedimport",
            name="feed",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="imports",
                to="ensemble_catalog.feedsource",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="feed",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="The feed that listed it last.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="products",
                to="ensemble_catalog.feedsource",
            ),
        ),
        migrations.AddField(
            model_name="plannedchange",
            name="feed_import",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="plan",
                to="ensemble_catalog.feedimport",
            ),
        ),
        migrations.AddIndex(
            model_name="plannedchange",
            index=models.Index(
                fields=["feed_import", "action", "id"], name="planned_change_action"
            ),
        ),
    ]
