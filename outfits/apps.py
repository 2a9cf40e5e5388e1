from collections.abc import Callable

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class OutfitsConfig(AppConfig):
    name = "outfits"
    # Set before the first migration: a host shop may well have a "outfits" app of its own.
    label = "ensemble_outfits"
    verbose_name = "Ensemble outfits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register checks, origins, and what is held of shoppers; keep what is cached fresh."""
        from corsheaders.signals import check_request_enabled

        from catalog.changes import products_changed
        from outfits import checks as checks
        from outfits.circumstances.current import curation_forget
        from outfits.photos import checks as photo_checks  # noqa: F401 - registers its checks
        from outfits.photos.holders import HOLDER as PHOTOS
        from outfits.served import (
            answers_forget,
            answers_forget_item,
            answers_forget_look,
            answers_forget_products,
        )
        from outfits.shoppers import checks as shopper_checks  # noqa: F401 - registers its checks
        from outfits.shoppers.consent import holder_register
        from outfits.shoppers.cors import is_allowed_origin
        from outfits.shoppers.deeds import deeds_register
        from outfits.shoppers.event_deeds import PURCHASES, VIEWS
        from outfits.shoppers.holders import HOLDERS

        check_request_enabled.connect(is_allowed_origin)
        for holder in (*HOLDERS, PHOTOS):
            holder_register(holder)
        for deeds in (PURCHASES, VIEWS):
            deeds_register(deeds)

        products_changed.connect(answers_forget_products)
        receivers: dict[Callable[..., None], tuple[str, ...]] = {
            curation_forget: ("Trend", "Event", "Rule", "RegionalTaste"),
            answers_forget_look: ("Look",),
            answers_forget: ("Promotion",),
        }
        for receiver, names in receivers.items():
            for name in names:
                for signal in (post_save, post_delete):
                    signal.connect(receiver, sender=self.get_model(name))
        post_save.connect(answers_forget_item, sender=self.get_model("LookItem"))
