from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("ensemble_feedback", "0003_letters_to_questions")]

    operations: ClassVar = [
        migrations.RemoveField("preferencepair", "messages"),
        migrations.RemoveField("unpairedexample", "messages"),
        migrations.RemoveField("unpairedexample", "completion"),
    ]
