"""Puts a look together with the stylist's help: asks, composes, and writes down what was said.

The language model is asked once for each open slot, about every candidate, beside the best look so
far; which look that is, `outfits.composing.beam` finds out by counting. Where a later slot spoke
for another choice in an earlier one, the slots after it are asked about once more, beside the look
that is made in the end, if there is time. A look of k slots is ready to be shown after k calls, and
is stored after 2k - 1 at the most; with the stylist that comes with the package, after about k + 1.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_noop

from catalog.models import Product
from catalog.selectors import captions_for
from outfits.circumstances.context import Context
from outfits.composing.answers import RememberedModel
from outfits.composing.beam import (
    REPEAT_LOGITS,
    Chosen,
    Draft,
    Frame,
    Offer,
    cost_of,
    filled,
    held_against,
    least_cost,
    reserves,
    settle,
    weigh,
    widen,
)
from outfits.composing.clashes import Piece, read_piece
from outfits.composing.offering import OfferedSlot
from outfits.models import LookItem
from outfits.prompts import PromptItem, build_query, build_question
from outfits.ranking import Ranked, rank_candidates
from outfits.scoring import Score, adjust_scores, score_candidates, sum_by_name
from outfits.selectors import Stylist
from outfits.why.explanation import adjustments, explain_item, weigh_choice, write_sentence

#: Differences that rounding makes are no reason.
_NOTHING = 1e-9


KEPT = gettext_noop("You chose to keep this.")


@dataclass(frozen=True, slots=True)
class Answered:
    """What was asked about one slot, beside which items, and the scores of its candidates."""

    beside: tuple[PromptItem, ...]
    scores: Sequence[Score]


class Assembly:
    """One look in the making; `make` asks the stylist and gives its unsaved items.

    ``worn_before`` are the ids of products in earlier looks of the same anchor. ``tell`` hears,
    after every answer, of the slots that are ready (the ids of their candidates, the best first),
    and whether those are all.
    After ``until`` (`time.monotonic`), nothing is asked a second time.
    """

    def __init__(
        self,
        anchor: Product,
        context: Context,
        stylist: Stylist,
        slots: Sequence[OfferedSlot],
        *,
        budget: Decimal | None = None,
        worn_before: Collection[int] = (),
        until: float = float("inf"),
        tell: Callable[[dict[str, list[int]], bool], None] = lambda ready, are_all: None,
    ) -> None:
        self._anchor, self._context, self._slots = anchor, context, slots
        self._open = [slot for slot in slots if not slot.locked]
        self._until, self._tell = until, tell
        self._ask = RememberedModel(stylist.model_name, stylist.adapter_name)
        self._taste = stylist.taste
        products = [anchor, *(product for slot in slots for product in slot.products)]
        self._captions = captions_for(products)
        self._pieces = {p.pk: read_piece(p, self._captions.get(p.pk)) for p in products}
        self._added = {
            product.pk: self._suit(product)
            | ({"repeat": -REPEAT_LOGITS} if product.pk in worn_before else {})
            for slot in self._open
            for product in slot.products
        }
        self._answers: dict[int, Answered] = {}
        self._counted: dict[tuple[tuple[PromptItem, ...], PromptItem], float] = {}
        self._frame = self._make_frame(budget)

    def make(self) -> list[LookItem]:
        """Unsaved items, with all that was asked and answered. Raises `LanguageModelError`."""
        chosen = self._search()
        if time.monotonic() < self._until and self._ask_again(chosen):
            chosen = settle(self._frame, chosen, self._offers())
        found = {slot.slot: self._locked_item(slot) for slot in self._slots if slot.locked}
        found |= {
            self._open[place].slot: self._item(place, piece, chosen)
            for place, piece in enumerate(chosen)
            if piece is not None
        }
        items = [found[slot.slot] for slot in self._slots if slot.slot in found]
        for position, item in enumerate(items):
            item.position = position
        return items

    def _make_frame(self, budget: Decimal | None) -> Frame:
        """Around the anchor and what is locked; over the budget as far as that cannot be helped."""
        locked = [self._pieces[slot.products[0].pk] for slot in self._slots if slot.locked]
        if budget is not None:
            budget = max(budget - cost_of(locked), least_cost(self._open_pieces()))
        return Frame((self._pieces[self._anchor.pk], *locked), self._count, budget)

    def _count(self, worn: Sequence[PromptItem], candidates: Sequence[PromptItem]) -> list[float]:
        """What counting adds; the same is asked over and over while a look is settled."""
        beside, weight = tuple(worn), self._taste.mix.cooccurrence
        missing = [item for item in candidates if (beside, item) not in self._counted]
        if missing:
            known = self._taste.count(beside, missing)
            self._counted |= {
                (beside, item): weight * said for item, said in zip(missing, known, strict=True)
            }
        return [self._counted[beside, item] for item in candidates]

    def _suit(self, product: Product) -> dict[str, float]:
        """What the context adds to a candidate (logits), by the name of the factor."""
        caption = self._captions.get(product.pk)
        return sum_by_name(adjustments(product, caption, self._context, anchor=self._anchor))

    def _open_pieces(self) -> list[list[Piece]]:
        return [[self._pieces[p.pk] for p in slot.products] for slot in self._open]

    def _search(self) -> Chosen:
        beam = [Draft()]
        ready: dict[str, list[int]] = {}
        for place, reserve in enumerate(reserves(self._open_pieces())):
            self._ask_about(place, beam[0].chosen)
            offers = self._offers()[place]
            beam = widen(self._frame, beam, offers, reserve)
            best = sorted(offers, key=lambda offer: -offer.worth)
            for slot, piece in zip(self._open, beam[0].chosen, strict=False):
                if piece is None:
                    continue
                others = ready.get(slot.slot) or [offer.piece.product_id for offer in best]
                ready[slot.slot] = list(dict.fromkeys([piece.product_id, *others]))
            self._tell(dict(ready), place == len(self._open) - 1)
        return settle(self._frame, beam[0].chosen, self._offers())

    def _ask_again(self, chosen: Chosen) -> bool:
        """Ask about the slots that were asked about beside other items; whether there were any."""
        late = [
            place
            for place in range(len(self._open))
            if self._answers[place].beside != self._beside(chosen[:place])
        ]
        for place in late:
            self._ask_about(place, chosen[:place])
        return bool(late)

    def _ask_about(self, place: int, chosen: Chosen) -> None:
        beside = self._beside(chosen)
        candidates = [self._pieces[p.pk].item for p in self._open[place].products]
        lines = self._context.lines()
        scores = score_candidates(self._ask, self._taste, beside, candidates, lines)
        self._answers[place] = Answered(beside, scores)

    def _beside(self, chosen: Chosen) -> tuple[PromptItem, ...]:
        return tuple(piece.item for piece in (*self._frame.fixed, *filled(chosen)))

    def _offers(self) -> list[list[Offer]]:
        """The candidates of every slot that was asked about."""
        return [
            [
                Offer(
                    self._pieces[product.pk],
                    self._taste.mix.model * score.model + sum(self._added[product.pk].values()),
                )
                for product, score in zip(
                    self._open[place].products, self._answers[place].scores, strict=True
                )
            ]
            for place in sorted(self._answers)
        ]

    def _weigh_in_look(
        self, place: int, piece: Piece, chosen: Chosen
    ) -> dict[int, dict[str, float]]:
        """Product id -> what is added to the stylist's score of each candidate of a slot.

        Besides the context that is what the rest of the look says of it: ``clash`` and ``budget``
        against it, and ``look`` for what counting says of it beside all other items, as against the
        one that was chosen.
        """
        products = self._open[place].products
        scores = dict(zip([p.pk for p in products], self._answers[place].scores, strict=True))
        gains = weigh(self._frame, chosen, place, self._offers())
        against = {
            pk: held_against(
                self._frame, (*chosen[:place], self._pieces[pk], *chosen[place + 1 :]), place
            )
            for pk in scores
        }
        alone = {
            pk: score.total + sum(self._added[pk].values()) + sum(against[pk].values())
            for pk, score in scores.items()
        }
        ours = alone[piece.product_id]
        found = {}
        for pk in scores:
            together = gains[pk] - (alone[pk] - ours)
            look = {"look": together} if abs(together) > _NOTHING else {}
            found[pk] = self._added[pk] | against[pk] | look
        return found

    def _item(self, place: int, piece: Piece, chosen: Chosen) -> LookItem:
        slot, answered = self._open[place], self._answers[place]
        by_id = {product.pk: product for product in slot.products}
        added = self._weigh_in_look(place, piece, chosen)
        by_stylist = rank_candidates(list(by_id), answered.scores)
        best = piece.product_id
        ranked = rank_candidates(list(by_id), adjust_scores(answered.scores, list(added.values())))
        # It has the best score; of candidates that are equal, rounding shall not decide.
        ranked.sort(key=lambda each: each.product_id != best)
        stand, said = next(
            (stand, each)
            for stand, each in enumerate(by_stylist, start=1)
            if each.product_id == best
        )
        factors = explain_item(
            anchor=(self._anchor, self._captions.get(self._anchor.pk)),
            item=(by_id[best], self._captions.get(best)),
            context=self._context,
            logprob=said.logprob,
            candidates=len(ranked),
            place=stand,
            more=weigh_choice(
                taste=self._taste,
                look=answered.beside,
                candidates=[(product, self._pieces[pk].item) for pk, product in by_id.items()],
                chosen=by_id[best],
                added=added[best],
            ),
        )
        return LookItem(
            slot=slot.slot,
            product=by_id[best],
            query=build_query(answered.beside, self._context.lines()),
            candidates=[
                self._as_json(each, by_id[each.product_id], added[each.product_id])
                for each in ranked
            ],
            factors=[factor.as_json() for factor in factors],
            explanation=write_sentence(factors),
        )

    def _as_json(
        self, ranked: Ranked, product: Product, added: Mapping[str, float]
    ) -> dict[str, object]:
        said: dict[str, object] = {
            "product": product.pk,
            "sku": product.sku,
            "question": build_question(self._pieces[product.pk].item),
            "model": ranked.score.model,
            "cooccurrence": ranked.score.cooccurrence,
            "score": ranked.score.total,
            "logprob": ranked.logprob,
            "retrieval_rank": ranked.retrieval_rank,
        }
        return said | ({"context": dict(added)} if added else {})

    def _locked_item(self, slot: OfferedSlot) -> LookItem:
        """What stays because the shopper said so: nobody was asked about it."""
        (product,) = slot.products
        kept = {
            "product": product.pk,
            "sku": product.sku,
            "question": None,
            "model": 0.0,
            "cooccurrence": 0.0,
            "score": 0.0,
            "logprob": 0.0,
            "retrieval_rank": 0,
        }
        factors = explain_item(
            anchor=(self._anchor, self._captions.get(self._anchor.pk)),
            item=(product, self._captions.get(product.pk)),
            context=self._context,
            logprob=0.0,
            candidates=1,
        )
        return LookItem(
            slot=slot.slot,
            product=product,
            query="",
            candidates=[kept],
            factors=[factor.as_json() for factor in factors],
            explanation=KEPT,
        )
