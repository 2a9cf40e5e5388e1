from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "catalog"
    # Set before the first migration: a host shop may well have a "catalog" app of its own.
    label = "ensemble_catalog"
    verbose_name = "Ensemble catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from catalog import checks  # noqa: F401 - registers the checks of settings.ENSEMBLE
