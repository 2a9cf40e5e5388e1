import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ensemble_feedback", "0008_reasons")]

    operations = [
        migrations.AddField(
            model_name="feedbackevent",
            name="taught",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                blank=True,
                editable=False,
                null=True,
                size=None,
            ),
        ),
    ]
