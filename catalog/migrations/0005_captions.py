import django.contrib.postgres.fields
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ensemble_catalog", "0004_pictures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CaptionRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("captioner_id", models.CharField(max_length=200)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting for a worker"),
                            ("running", "Running"),
                            ("paused", "Paused"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                            ("failed", "Failed"),
                        ],
                        default="queued",
                        max_length=9,
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("processed", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
                (
                    "cursor",
                    models.PositiveBigIntegerField(
                        default=0,
                        editable=False,
                        help_text="The last picture looked at in this pass.",
                    ),
                ),
                (
                    "seconds_per_picture",
                    models.FloatField(blank=True, help_text="Measured.", null=True),
                ),
                ("error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("heartbeat_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalCaption",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("content_hash", models.CharField(editable=False, max_length=64)),
                ("captioner_id", models.CharField(editable=False, max_length=200)),
                ("sentence", models.CharField(max_length=300)),
                ("colour", models.CharField(blank=True, max_length=40)),
                ("style", models.CharField(blank=True, max_length=40)),
                ("material", models.CharField(blank=True, max_length=40)),
                ("pattern", models.CharField(blank=True, max_length=40, verbose_name="design")),
                ("article_type", models.CharField(blank=True, max_length=60)),
                (
                    "unsure",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        editable=False,
                        help_text="Fields left empty because the captioner was not sure enough of them.",
                        size=None,
                    ),
                ),
                ("confidence", models.JSONField(blank=True, default=dict, editable=False)),
                ("alternatives", models.JSONField(blank=True, default=dict, editable=False)),
                (
                    "doubt",
                    models.FloatField(
                        default=0.0,
                        editable=False,
                        help_text="1 minus the confidence in the least sure field: what people should look at.",
                    ),
                ),
                ("made_by", models.CharField(blank=True, editable=False, max_length=200)),
                ("note", models.CharField(blank=True, editable=False, max_length=300)),
                ("created_at", models.DateTimeField(blank=True, editable=False)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
            ],
            options={
                "verbose_name": "historical caption",
                "verbose_name_plural": "historical captions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="caption",
            name="doubt",
            field=models.FloatField(
                default=0.0,
                editable=False,
                help_text="1 minus the confidence in the least sure field: what people should look at.",
            ),
        ),
        migrations.AddField(
            model_name="caption",
            name="made_by",
            field=models.CharField(blank=True, editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="caption",
            name="note",
            field=models.CharField(blank=True, editable=False, max_length=300),
        ),
        migrations.AddField(
            model_name="caption",
            name="unsure",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                blank=True,
                default=list,
                editable=False,
                help_text="Fields left empty because the captioner was not sure enough of them.",
                size=None,
            ),
        ),
        migrations.AddIndex(
            model_name="caption",
            index=models.Index(fields=["captioner_id", "-doubt"], name="caption_doubt"),
        ),
        migrations.AddField(
            model_name="captionrun",
            name="started_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="historicalcaption",
            name="history_user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="captionrun",
            constraint=models.UniqueConstraint(
                models.Value(1),
                condition=models.Q(("status__in", ["queued", "running", "paused"])),
                name="caption_run_one_at_a_time",
            ),
        ),
    ]
