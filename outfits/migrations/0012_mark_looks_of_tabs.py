import uuid

from django.db import migrations

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

    dependencies = [("ensemble_outfits", "0011_look_of_session")]

    operations = [migrations.RunPython(mark_looks_of_tabs, migrations.RunPython.noop)]
