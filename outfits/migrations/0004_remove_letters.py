from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ensemble_outfits", "0003_letters_to_questions")]

    operations: ClassVar = [
        migrations.RemoveField("lookitem", "messages"),
        migrations.RemoveField("lookitem", "completion"),
        migrations.RemoveField("look", "seed"),
    ]
