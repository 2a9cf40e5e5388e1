"""A shop whose pictures an older captioner has seen, and a run over it."""

from collections.abc import Callable

import pytest

from catalog.models import CaptionRun, Product
from catalog.services import caption_run_step, product_image_create
from tests.factories import make_caption, make_product

Status = CaptionRun.Status


@pytest.fixture
def products(draw: Callable[..., bytes]) -> list[Product]:
    """Five products whose pictures an older captioner has seen."""
    found = []
    for number in range(5):
        product = make_product(embedded=False)
        image = product_image_create(product=product, data=draw(f"#00{number}0ff"), caption=False)
        assert image
        make_caption(image, "older", sentence="An old thing.")
        found.append(product)
    return found


def step(run: CaptionRun) -> CaptionRun:
    """One task of the run, where the run stands."""
    run.refresh_from_db()
    caption_run_step(run_id=run.pk, cursor=run.cursor)
    run.refresh_from_db()
    return run
