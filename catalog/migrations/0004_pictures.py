import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ensemble_catalog", "0003_feeds"),
    ]

    operations = [
        migrations.CreateModel(
            name="RemotePicture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("url", models.URLField(max_length=2000)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("fetched", "Fetched"),
                            ("failed", "Failed"),
                        ],
                        db_index=True,
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=500)),
                ("etag", models.CharField(blank=True, editable=False, max_length=255)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("tried_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.AddField(
            model_name="productimage",
            name="large",
            field=models.FileField(
                blank=True, editable=False, help_text="WebP.", max_length=255, upload_to="products/"
            ),
        ),
        migrations.AddField(
            model_name="productimage",
            name="perceptual_hash",
            field=models.CharField(
                blank=True,
                db_index=True,
                editable=False,
                help_text="64 bits in hexadecimal; pictures that look alike differ in few of them.",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="productimage",
            name="colour_grid",
            field=models.BinaryField(
                default=b"",
                help_text="8 x 8 mean colours, three bytes each; copies of a picture agree in them.",
                max_length=192,
            ),
        ),
        migrations.AddField(
            model_name="productimage",
            name="small",
            field=models.FileField(
                blank=True, editable=False, help_text="WebP.", max_length=255, upload_to="products/"
            ),
        ),
        migrations.AddField(
            model_name="remotepicture",
            name="image",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="fetched_from",
                to="ensemble_catalog.productimage",
            ),
        ),
        migrations.AddField(
            model_name="remotepicture",
            name="product",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="remote_pictures",
                to="ensemble_catalog.product",
            ),
        ),
        migrations.AddConstraint(
            model_name="remotepicture",
            constraint=models.UniqueConstraint(
                fields=("product", "url"), name="remote_picture_once"
            ),
        ),
    ]
