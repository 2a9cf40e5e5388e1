"""Background work on looks: thin, each calls one service."""

from datetime import UTC, datetime
from typing import Any

from celery import Task, shared_task

from catalog.models import Product
from outfits.context import Context, build_context
from outfits.llm.base import LanguageModelError
from outfits.selectors import products_without_look, serving_stylist
from outfits.services import look_build, look_request_build


@shared_task(bind=True, max_retries=5)
def build_look(self: "Task[Any, Any]", product_id: int, context: dict[str, str]) -> None:
    """Build one look; tried again, ever later, while the model server is away."""
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        return
    try:
        look_build(anchor=product, context=Context(**context))
    except LanguageModelError as error:
        if error.retryable:
            raise self.retry(exc=error, countdown=2 ** (self.request.retries + 2)) from error
        raise


@shared_task
def build_missing_looks(limit: int = 500) -> int:
    """Queue looks, ahead of any visitor, for products that the serving stylist has none for."""
    context = build_context(today=datetime.now(UTC).date())
    stylist = serving_stylist()
    products = products_without_look(context, stylist)[:limit]
    return sum(
        look_request_build(anchor=product, context=context, stylist=stylist) for product in products
    )
