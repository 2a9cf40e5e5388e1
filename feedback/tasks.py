"""Background work on feedback: thin, each calls one service."""

from celery import shared_task

from feedback.regional import regional_taste_update


@shared_task
def update_regional_taste() -> int:
    """Learn from all feedback what shoppers of each region like."""
    return regional_taste_update()
