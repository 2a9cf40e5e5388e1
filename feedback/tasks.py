"""Background work on feedback: thin, each calls one service."""

from celery import shared_task

from feedback.kept_together import kept_together_update
from feedback.regional import regional_taste_update
from feedback.strangers import visitors_forget


@shared_task
def update_regional_taste() -> int:
    """Learn from all feedback what shoppers of each region like."""
    return regional_taste_update()


@shared_task
def update_kept_together() -> int:
    """Learn from all feedback which products shoppers kept together."""
    return kept_together_update()


@shared_task
def forget_visitors() -> int:
    """Forget whose tab said what, of shoppers who did not agree to be remembered."""
    return visitors_forget()
