"""Review: a stylist of the shop puts another product into a stored look."""

import uuid

from django.contrib.auth.models import User
from django.db import transaction

from catalog.models import Product
from feedback.models import FeedbackEvent
from feedback.services import feedback_record
from outfits.models import LookItem


@transaction.atomic
def look_item_edit(*, item: LookItem, replacement: Product, actor: User) -> FeedbackEvent:
    """Show ``replacement`` in the slot from now on, and learn from it (edited over proposed).

    What the model chose stays stored. Raises `FeedbackRefused` when it is shown already.
    """
    event, _ = feedback_record(
        id=uuid.uuid4(),
        look=item.look,
        kind=FeedbackEvent.Kind.EDIT,
        item=item,
        product=item.stylist_choice or item.product,
        replacement=replacement,
        actor=actor,
    )
    item.stylist_choice = replacement
    item.save(update_fields=["stylist_choice"])
    return event
