"""Makes the thumbnails and fingerprints that stored pictures lack."""

from typing import Any

from django.core.management.base import BaseCommand

from catalog.services import images_without_thumbnails, thumbnails_create_all


class Command(BaseCommand):
    help = "Make the thumbnails that stored pictures lack. Can be stopped and run again."

    def handle(self, *args: Any, **options: Any) -> None:
        total = images_without_thumbnails().count()

        def show(made: int, failed: int) -> None:
            self.stdout.write(f"{made + failed} of {total} pictures")

        made, failed = thumbnails_create_all(on_progress=show)
        self.stdout.write(f"Made thumbnails of {made} pictures; {failed} could not be read.")
