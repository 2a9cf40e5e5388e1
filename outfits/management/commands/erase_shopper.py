"""``manage.py erase_shopper ID``: everything of a shopper, erased or written out."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from outfits.shoppers.consent import export_shopper, find_shopper, shopper_erase


class Command(BaseCommand):
    help = "Erase everything that is stored of a shopper; with --export, only write it out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", help="The shop's id of the shopper.")
        parser.add_argument("--export", action="store_true", help="Write JSON, erase nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        shop_id = options["id"]
        if find_shopper(shop_id) is None:
            raise CommandError(f"Nothing is stored of {shop_id!r}. Check the id.")
        if options["export"]:
            self.stdout.write(json.dumps(export_shopper(shop_id), indent=2, ensure_ascii=False))
            return
        shopper_erase(shop_id=shop_id)
        self.stdout.write(f"Everything of {shop_id!r} is erased.")
