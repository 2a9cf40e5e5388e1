from django.apps import AppConfig


class OutfitsConfig(AppConfig):
    name = "outfits"
    # Set before the first migration: a host shop may well have a "outfits" app of its own.
    label = "ensemble_outfits"
    verbose_name = "Ensemble outfits"
    default_auto_field = "django.db.models.BigAutoField"
