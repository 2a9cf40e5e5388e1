from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    # Set before the first migration: a host shop may well have a "feedback" app of its own.
    label = "ensemble_feedback"
    verbose_name = "Ensemble feedback"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have export, erasure and the profile page reach what shoppers said of looks."""
        from feedback.deeds import FEEDBACK
        from feedback.holders import HOLDER
        from outfits.shoppers.consent import holder_register
        from outfits.shoppers.deeds import deeds_register

        holder_register(HOLDER)
        deeds_register(FEEDBACK)
