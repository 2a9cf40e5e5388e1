from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class CatalogConfig(AppConfig):
    name = "catalog"
    # Set before the first migration: a host shop may well have a "catalog" app of its own.
    label = "ensemble_catalog"
    verbose_name = "Ensemble catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks of settings, and tell of what shoppers see anew."""
        from catalog import checks  # noqa: F401 - registers the checks of settings.ENSEMBLE
        from catalog.changes import row_tell

        for name in ("Product", "ProductImage", "Caption"):
            for signal in (post_save, post_delete):
                signal.connect(row_tell, sender=self.get_model(name))
