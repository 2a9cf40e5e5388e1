"""What `evaluate_stylist` measures is what shoppers get."""

from pathlib import Path

import pytest

from outfits.circumstances.context import Context
from outfits.cooccurrence import COOCCURRENCE
from outfits.models import Adapter
from outfits.selectors import serving_stylist
from outfits.services import look_build
from tests.factories import make_product
from tests.fakes import FakeLanguageModel
from tests.training.tiny import make_outfits
from training.counting import fit_cooccurrence
from training.polyvore import Item
from training.scorers import FillIn, StylistScorer, ask_served

pytestmark = pytest.mark.django_db


def test_the_served_and_the_evaluated_ranking_of_a_question_agree(
    shop: FakeLanguageModel, tmp_path: Path
) -> None:
    fit_cooccurrence(make_outfits(24)).save(tmp_path / COOCCURRENCE)
    Adapter.objects.create(
        name="stylist-0001",
        path=str(tmp_path),
        base_model="fake-model",
        serving=True,
        manifest={"files": {COOCCURRENCE: ""}, "mix": {"model": 0.3, "cooccurrence": 0.9}},
    )
    anchor = make_product("top", title="navy top 1", category="Tops")
    titles = ["pink boot 6", "grey boot 7", "navy boot 1", "red boot 0"]
    shoes = [make_product("shoes", title=title, category="Boots") for title in titles]
    shop.taste = "pink"

    look = look_build(anchor=anchor, context=Context())
    assert look is not None
    item = look.items.get()
    served = {c["sku"]: c["score"] for c in item.candidates}

    serving = serving_stylist()
    scorer = StylistScorer(serving.name, serving.taste, ask_served(shop, serving.adapter_name))
    # As it was retrieved: the fake's opinion depends on the order it is asked in.
    retrieved = sorted(item.candidates, key=lambda candidate: candidate["retrieval_rank"])
    by_sku = {shoe.sku: shoe for shoe in shoes}
    offered = [by_sku[candidate["sku"]] for candidate in retrieved]
    question = FillIn(
        (Item("anchor", anchor.title, anchor.category, "tops"),),
        tuple(Item(shoe.sku, shoe.title, shoe.category, "shoes") for shoe in offered),
    )
    (scores,) = scorer.score([question])
    assert scores == pytest.approx([served[shoe.sku] for shoe in offered])
    assert any(candidate["cooccurrence"] for candidate in item.candidates)
    ranked = [
        shoe.sku for _, shoe in sorted(zip(scores, offered, strict=True), key=lambda p: -p[0])
    ]
    assert ranked == [candidate["sku"] for candidate in item.candidates]
