"""manage.py promote_adapter NAME, or --rollback: change which adapter serves."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from outfits.adapters import PromotionRefused, adapter_promote, adapter_rollback
from outfits.models import Adapter


class Command(BaseCommand):
    help = "Let an adapter serve, after its canary question; or go back to what served before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("name", nargs="?", help="The adapter's name, such as stylist-0042.")
        which.add_argument("--rollback", action="store_true", help="Undo the last promotion.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["rollback"]:
                promotion = adapter_rollback()
            else:
                promotion = adapter_promote(adapter=_find(options["name"]))
        except PromotionRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{promotion.adapter or 'The base model'} serves now.")


def _find(name: str) -> Adapter:
    adapter = Adapter.objects.filter(name=name).first()
    if adapter is None:
        known = ", ".join(Adapter.objects.values_list("name", flat=True)) or "none"
        raise CommandError(f"There is no adapter {name!r}. Known: {known}.")
    return adapter
