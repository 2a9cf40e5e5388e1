from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class OutfitsConfig(AppConfig):
    name = "outfits"
    # Set before the first migration: a host shop may well have a "outfits" app of its own.
    label = "ensemble_outfits"
    verbose_name = "Ensemble outfits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register checks; forget the cached curation when a row of it changes."""
        from outfits import checks as checks
        from outfits.circumstances import curation_forget

        for name in ("Trend", "Event", "Rule", "RegionalTaste"):
            for signal in (post_save, post_delete):
                signal.connect(curation_forget, sender=self.get_model(name))
