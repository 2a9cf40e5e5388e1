import pytest

from outfits.circumstances.context import Context
from outfits.models import KeptTogether
from outfits.services import look_build
from outfits.why.explanation import adjustments
from tests.factories import make_product

pytestmark = pytest.mark.django_db
CONTEXT = Context(season="winter")


def test_what_others_kept_together_is_added_to_the_score_and_explained() -> None:
    anchor = make_product("top", title="aaaa")
    make_product("shoes", title="aaaa")
    kept = make_product("shoes", title="zzzz")
    KeptTogether.objects.create(anchor=anchor, product=kept, kept=30, put_back=2, weight=1.0)
    look = look_build(anchor=anchor, context=CONTEXT)
    assert look is not None
    candidate = next(c for c in look.items.get().candidates if c["product"] == kept.pk)
    assert candidate["context"] == {"kept_together": 1.0}
    (factor,) = adjustments(kept, None, CONTEXT, anchor=anchor)
    assert factor.label == "30 of 32 shoppers kept the two together"
    assert factor.scored


def test_beside_another_anchor_it_says_nothing() -> None:
    anchor, other, kept = make_product("top"), make_product("top"), make_product("shoes")
    KeptTogether.objects.create(anchor=anchor, product=kept, kept=30, put_back=2, weight=1.0)
    assert adjustments(kept, None, CONTEXT, anchor=other) == []


def test_what_others_put_back_speaks_against_it() -> None:
    anchor, back = make_product("top"), make_product("shoes")
    KeptTogether.objects.create(anchor=anchor, product=back, kept=1, put_back=9, weight=-0.4)
    (factor,) = adjustments(back, None, CONTEXT, anchor=anchor)
    assert factor.weight == -0.4
