"""Background work on looks: thin, each calls one service."""

from typing import Any

from celery import Task, shared_task

from catalog.models import Product
from outfits.circumstances import current_context
from outfits.context import Context
from outfits.llm.base import LanguageModelError
from outfits.selectors import products_without_look, serving_stylist
from outfits.services import look_build, look_request_build
from outfits.weather import weather_refresh
from outfits.wishes import Wish


@shared_task(bind=True, max_retries=5)
def build_look(
    self: "Task[Any, Any]",
    product_id: int,
    context: dict[str, Any],
    wish: dict[str, Any] | None = None,
) -> None:
    """Build one look; tried again, ever later, while the model server is away."""
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        return
    try:
        look_build(anchor=product, context=Context(**context), wish=Wish.from_json(wish or {}))
    except LanguageModelError as error:
        if error.retryable:
            raise self.retry(exc=error, countdown=2 ** (self.request.retries + 2)) from error
        raise


@shared_task
def build_missing_looks(limit: int = 500) -> int:
    """Queue looks, ahead of any visitor, for products that the serving stylist has none for."""
    context = current_context()
    stylist = serving_stylist()
    products = products_without_look(context, stylist)[:limit]
    return sum(
        look_request_build(anchor=product, context=context, stylist=stylist) for product in products
    )


@shared_task
def refresh_weather(region: str) -> None:
    """Have the weather of a region ready for the next page."""
    weather_refresh(region=region)
