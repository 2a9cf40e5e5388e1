from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class OutfitsConfig(AppConfig):
    name = "outfits"
    # Set before the first migration: a host shop may well have a "outfits" app of its own.
    label = "ensemble_outfits"
    verbose_name = "Ensemble outfits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register checks, origins and what is held of shoppers; keep the cached curation fresh."""
        from corsheaders.signals import check_request_enabled

        from outfits import checks as checks
        from outfits import shopper_checks as shopper_checks
        from outfits.circumstances import curation_forget
        from outfits.consent import holder_register
        from outfits.cors import is_allowed_origin
        from outfits.holders import HOLDERS

        check_request_enabled.connect(is_allowed_origin)
        for holder in HOLDERS:
            holder_register(holder)

        for name in ("Trend", "Event", "Rule", "RegionalTaste"):
            for signal in (post_save, post_delete):
                signal.connect(curation_forget, sender=self.get_model(name))
