from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"
    # Set before the first migration: a host shop may well have a "training" app of its own.
    label = "ensemble_training"
    verbose_name = "Ensemble training"
    default_auto_field = "django.db.models.BigAutoField"
