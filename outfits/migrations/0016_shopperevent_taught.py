import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ensemble_outfits", "0015_look_once_in_use")]

    operations = [
        migrations.AddField(
            model_name="shopperevent",
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
