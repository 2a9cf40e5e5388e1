"""Background work on looks: thin, each calls one service."""

import logging
from typing import Any

from celery import Task, shared_task

from catalog.captioning.base import CaptioningError
from catalog.embedding.base import EmbeddingError
from catalog.models import Product
from outfits.circumstances.context import Context
from outfits.circumstances.current import current_context
from outfits.composing.wishes import Wish
from outfits.llm.base import LanguageModelError
from outfits.photos.services import photo_give_up, photo_understand, photos_clean_up
from outfits.selectors import products_without_look, serving_stylist
from outfits.services import look_build, look_request_build
from outfits.shoppers.personal_looks import personal_looks_forget, session_looks_forget
from outfits.shoppers.preferences import may_be_of_tab
from outfits.weather import weather_refresh
from outfits.why.influence import influence_give_up, influence_measure

logger = logging.getLogger(__name__)

#: Tries after the first, two minutes in all.
BUILD_RETRIES = 5
#: Half a minute in all: somebody is waiting for it.
MEASURE_RETRIES = 3
PHOTO_RETRIES = 4


@shared_task(bind=True, max_retries=BUILD_RETRIES)
def build_look(
    self: "Task[Any, Any]",
    product_id: int,
    context: dict[str, Any],
    wish: dict[str, Any] | None = None,
    session_only: bool | None = None,
) -> None:
    """Build one look; tried again, ever later, while the model server is away."""
    _build(self, product_id, context, wish, session_only)


@shared_task(bind=True, max_retries=BUILD_RETRIES)
def build_wished_look(
    self: "Task[Any, Any]",
    product_id: int,
    context: dict[str, Any],
    wish: dict[str, Any],
    session_only: bool | None = None,
) -> None:
    """`build_look` of a look for one wish or taste: a task of its own, to have a queue of its own.

    There is no end of wishes; those of one shopper shall not keep the others' looks waiting.
    """
    _build(self, product_id, context, wish, session_only)


def _build(
    task: "Task[Any, Any]",
    product_id: int,
    context: dict[str, Any],
    wish: dict[str, Any] | None,
    session_only: bool | None,
) -> None:
    """Web processes of the version before do not say ``session_only`` (None)."""
    asked = Context(**context)
    if session_only is None:
        session_only = may_be_of_tab(asked.preferences)
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        return
    try:
        look_build(
            anchor=product,
            context=asked,
            wish=Wish.from_json(wish or {}),
            session_only=session_only,
        )
    except LanguageModelError as error:
        if error.retryable:
            raise task.retry(exc=error, countdown=2 ** (task.request.retries + 2)) from error
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


@shared_task(bind=True, max_retries=MEASURE_RETRIES)
def measure_influence(self: "Task[Any, Any]", influence_id: int) -> None:
    """Measure what the language model's choice hung on; tried again while it is away."""
    try:
        influence_measure(influence_id=influence_id)
    except LanguageModelError as error:
        if self.request.retries < MEASURE_RETRIES:
            raise self.retry(exc=error, countdown=2 ** (self.request.retries + 2)) from error
        influence_give_up(influence_id=influence_id)


@shared_task(bind=True, max_retries=PHOTO_RETRIES)
def understand_photo(self: "Task[Any, Any]", photo_id: str) -> None:
    """Look at a shopper's photo; tried again while the captioner is away, as long as one waits."""
    try:
        photo_understand(photo_id=photo_id)
    except (CaptioningError, EmbeddingError) as error:
        if error.retryable and self.request.retries < PHOTO_RETRIES:
            raise self.retry(exc=error, countdown=2 ** (self.request.retries + 2)) from error
        if not (error.retryable and _understand_instead(photo_id)):
            logger.warning("A photo could not be looked at: %s", error)
            photo_give_up(photo_id=photo_id)
    except Exception:
        photo_give_up(photo_id=photo_id)
        raise


def _understand_instead(photo_id: str) -> bool:
    """After the last try: whether what stands in for the captioner could look at it."""
    try:
        photo_understand(photo_id=photo_id, unreachable="the vision model could not be reached")
    except (CaptioningError, EmbeddingError):
        return False
    return True


@shared_task
def clean_up_photos() -> int:
    """Delete the photos whose time is over."""
    return photos_clean_up()


@shared_task
def forget_personal_looks() -> int:
    """Delete old looks that were made for somebody's taste or wish."""
    return personal_looks_forget()


@shared_task
def forget_session_looks() -> int:
    """Forget looks made for the taste of shoppers who did not agree to be remembered."""
    return session_looks_forget()


@shared_task
def refresh_weather(region: str) -> None:
    """Have the weather of a region ready for the next page."""
    weather_refresh(region=region)
