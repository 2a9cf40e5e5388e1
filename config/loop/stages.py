"""The stages of the loop; each uses what a shop would use and says where it falls short."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import exp, isclose
from pathlib import Path
from typing import Any

import httpx
from django.contrib.auth.models import User

from catalog import conf
from catalog.embedding import get_embedder
from catalog.models import Caption, FeedImport, Product, ProductEmbedding, ProductImage
from catalog.selectors import captions_for
from catalog.services import feed_import
from config.loop.shopper import Shopper
from config.loop.table import Outcome, Stage
from feedback.models import FeedbackEvent, PreferencePair, UnpairedExample
from outfits.adapters import adapter_rollback
from outfits.circumstances.context import Context
from outfits.circumstances.current import current_context
from outfits.llm import get_language_model
from outfits.models import Look, LookItem
from outfits.selectors import products_without_look, serving_stylist
from outfits.services import look_request_build
from training.dataset import is_held_out
from training.models import TrainingRun
from training.services import shipped_adapter_serve, training_run_create

#: Seconds that background work may take before the loop calls it stuck.
MODEL_SERVER_TIMEOUT = 300
WORK_TIMEOUT = 300
TRAINING_TIMEOUT = 600
#: Anchors that get a look, to learn from and to judge by: few enough for two cores.
LEARNED_FROM, HELD_BACK = 18, 8
PAIRS_WANTED = 8


@dataclass
class Loop:
    """One pass: the feed it starts from, and the address of the running shop."""

    feed: Path
    images: Path
    limit: int | None
    base_url: str
    #: Waits until a condition holds, for so many seconds at most; whether it came to hold.
    wait: Callable[[Callable[[], bool], float], bool]
    anchors: list[Product] = field(default_factory=list)
    liked_before: float = 0.0

    @cached_property
    def http(self) -> httpx.Client:
        return httpx.Client(base_url=self.base_url, timeout=30, trust_env=False)

    @cached_property
    def context(self) -> Context:
        return current_context()

    def stages(self) -> list[Stage]:
        """The stages in order, each with its name."""
        return [
            ("0 start", self.start),
            ("1 catalog", self.import_catalog),
            ("2 captions", self.caption),
            ("3 embeddings", self.embed),
            ("4 looks", self.build_looks),
            ("5 widget and API", self.serve),
            ("6 feedback", self.give_feedback),
            ("7 training, gate, promotion", self.train),
            ("8 a better stylist", self.serve_better),
            ("9 rollback", self.roll_back),
        ]

    def start(self) -> Outcome:
        """Web, workers, beat and the model server answer."""
        web = self.wait(lambda: self._answers("/healthz/"), WORK_TIMEOUT)
        stylist = self.wait(get_language_model().is_healthy, MODEL_SERVER_TIMEOUT)
        missing = [name for name, up in (("web", web), ("vLLM", stylist)) if not up]
        if stylist:
            shipped_adapter_serve()
        return Outcome(
            "nothing running",
            f"web at {self.base_url}, vLLM with {serving_stylist().name}",
            [f"{name} did not come up; see its log" for name in missing],
        )

    def import_catalog(self) -> Outcome:
        """A feed with pictures becomes products."""
        with self.feed.open("rb") as file:
            done = feed_import(file=file, name=self.feed.name, images=self.images, limit=self.limit)
        short = [] if done.pictures else ["no pictures were stored"]
        if done.status != FeedImport.Status.DONE:
            short.append(f"the import ended as {done.status!r}: {done.error}")
        with_slot = Product.objects.exclude(slot="").count()
        return Outcome(
            f"{done.processed} rows of {self.feed.name}",
            f"{done.created} products ({with_slot} with a slot), {done.pictures} pictures, "
            f"{done.refused} rows refused",
            short,
        )

    def caption(self) -> Outcome:
        """The caption worker looks at every picture."""
        hashes = set(ProductImage.objects.values_list("content_hash", flat=True))
        captions = Caption.objects.filter(content_hash__in=hashes)
        done = self.wait(lambda: captions.count() >= len(hashes), WORK_TIMEOUT)
        example = captions.order_by("pk").first()
        return Outcome(
            f"{len(hashes)} different pictures",
            f"{captions.count()} captions, such as {str(example)!r}",
            [] if done else ["some pictures got no caption"],
        )

    def embed(self) -> Outcome:
        """Title and caption become vectors."""
        products = Product.objects.count()
        model_id = get_embedder().model_id
        vectors = ProductEmbedding.objects.filter(model_id=model_id)
        done = self.wait(lambda: vectors.count() >= products, WORK_TIMEOUT)
        return Outcome(
            f"{products} products",
            f"{vectors.count()} vectors by {model_id}",
            [] if done else ["some products got no vector"],
        )

    def build_looks(self) -> Outcome:
        """The stylist fills the slots that complete each anchor."""
        stylist = serving_stylist()
        self.anchors = _choose_anchors(products_without_look(self.context, stylist))
        queued = sum(
            look_request_build(anchor=anchor, context=self.context, stylist=stylist)
            for anchor in self.anchors
        )
        looks = Look.objects.filter(anchor__in=self.anchors)
        done = self.wait(lambda: looks.count() >= queued, WORK_TIMEOUT)
        items = LookItem.objects.filter(look__in=looks)
        short = [] if done and queued else [f"{queued - looks.count()} looks were not built"]
        short += [f"item {item.pk} was not stored as served" for item in items if _is_odd(item)]
        example = "; ".join(f"{i.product.title}: {i.explanation}" for i in items[:1])
        return Outcome(
            f"{len(self.anchors)} anchors",
            f"{looks.count()} looks by {stylist.name}, {items.count()} items; {example}",
            short,
        )

    def serve(self) -> Outcome:
        """The page is answered at once, and refined when the stylist is done."""
        anchor = self.anchors[0]
        query = {"product": anchor.sku, "occasion": "work"}
        first = self.get_look(**query)
        refined = self.wait(lambda: self.get_look(**query)["status"] == "ranked", WORK_TIMEOUT)
        short = [] if first["status"] == "provisional" else [f"first answer: {first['status']}"]
        if not refined:
            short.append("the provisional look was never refined")
        pages = ("/", f"/shop/{anchor.sku}/", "/api/docs/", "/admin/login/")
        short += [f"{page} does not answer" for page in pages if not self._answers(page)]
        return Outcome(
            f"GET looks for {anchor.sku}, occasion work",
            f"provisional with {len(first['items'])} items, then ranked; pages answer",
            short,
        )

    def give_feedback(self) -> Outcome:
        """A shopper who wears neutral colours reacts to every look, through the API."""
        shopper = Shopper(self.http, _colours())
        looks = 0
        for anchor in self.anchors:
            look = self.get_look(product=anchor.sku)
            if look["id"]:
                shopper.react(look)
                looks += 1
        self.liked_before = self._liked_share()
        pairs, lone = PreferencePair.objects.count(), UnpairedExample.objects.count()
        short = [] if pairs >= PAIRS_WANTED else [f"only {pairs} pairs; {PAIRS_WANTED} are wanted"]
        if FeedbackEvent.objects.count() != shopper.swaps + shopper.likes + shopper.dislikes:
            short.append("the events stored are not those sent")
        return Outcome(
            f"{looks} looks, shown to a shopper who wears neutral colours",
            f"{shopper.swaps} swaps, {shopper.likes} likes, {shopper.dislikes} dislikes: "
            f"{pairs} preference pairs, {lone} lone thumbs",
            short,
        )

    def train(self) -> Outcome:
        """The training worker makes an adapter, the gate judges it, vLLM loads it, it serves."""
        before = serving_stylist().name
        run = training_run_create()
        self.wait(lambda: _is_over(run.pk), TRAINING_TIMEOUT)
        run = TrainingRun.objects.select_related("adapter").get(pk=run.pk)
        verdict = run.adapter.verdict if run.adapter else {}
        short = []
        if run.status != TrainingRun.Status.PROMOTED:
            short.append(f"the run ended as {run.status!r}: {run.error or verdict}")
        elif serving_stylist().name == before:
            short.append("the adapter was promoted but does not serve")
        return Outcome(
            f"{run.train_pairs} pairs, {run.held_out_pairs} held out, after {before}",
            f"{run.adapter}: {run.get_status_display()}; {_say_verdict(verdict)}",
            short,
        )

    def serve_better(self) -> Outcome:
        """The new stylist serves anchors it did not learn from; what the shopper likes of it."""
        stylist = serving_stylist()
        anchors = self._held_back()
        for anchor in anchors:
            look_request_build(anchor=anchor, context=self.context, stylist=stylist)
        looks = Look.objects.filter(
            anchor__in=anchors,
            context_key=self.context.key,
            adapter_name=stylist.adapter_name,
        )
        done = self.wait(lambda: looks.count() >= len(anchors), WORK_TIMEOUT)
        after = self._liked_share()
        short = [] if done else ["the new stylist did not finish its looks"]
        return Outcome(
            f"{len(anchors)} anchors it did not learn from, by {stylist.name}",
            f"items the shopper likes: {self.liked_before:.0%} before, {after:.0%} now",
            short,
        )

    def roll_back(self) -> Outcome:
        """One step back: what served before serves again."""
        trained = serving_stylist().name
        actor = User.objects.filter(is_superuser=True).first()
        adapter_rollback(actor=actor)
        now = serving_stylist().name
        shown = self.get_look(product=self.anchors[0].sku)["stylist"]
        short = [] if now != trained and shown == now else [f"{shown} still serves"]
        return Outcome(f"{trained} serves", f"{now} serves again, on the page too", short)

    def get_look(self, **query: str) -> dict[str, Any]:
        """One look by the public API."""
        response = self.http.get("/api/v1/looks/", params=query)
        response.raise_for_status()
        look: dict[str, Any] = response.json()
        return look

    def _held_back(self) -> list[Product]:
        return [anchor for anchor in self.anchors if _is_held_back(anchor)]

    def _liked_share(self) -> float:
        """The share of shown items that the shopper likes, over anchors held back."""
        shopper = Shopper(self.http, _colours())
        shown = [
            item["product"]["sku"]
            for anchor in self._held_back()
            for item in self.get_look(product=anchor.sku)["items"]
        ]
        return sum(map(shopper.likes_sku, shown)) / max(1, len(shown))

    def _answers(self, path: str) -> bool:
        try:
            return self.http.get(path).status_code == 200
        except httpx.TransportError:
            return False


def _choose_anchors(products: Iterable[Product]) -> list[Product]:
    """Anchors on both sides of the line between what is learned from and what is held back."""
    sides: dict[bool, list[Product]] = {True: [], False: []}
    for product in products:
        sides[_is_held_back(product)].append(product)
    return sides[False][:LEARNED_FROM] + sides[True][:HELD_BACK]


def _is_held_back(product: Product) -> bool:
    return is_held_out(product.sku, conf.current().HELD_OUT_SHARE)


def _is_over(run_id: int) -> bool:
    active = (TrainingRun.Status.QUEUED, TrainingRun.Status.RUNNING)
    return not TrainingRun.objects.filter(pk=run_id, status__in=active).exists()


def _is_odd(item: LookItem) -> bool:
    """Whether a stored item lacks what was asked or answered."""
    mass = sum(exp(candidate["logprob"]) for candidate in item.candidates)
    complete = item.query and item.explanation
    return not (complete and isclose(mass, 1.0, abs_tol=0.02))


def _colours() -> dict[str, str]:
    """The colour of each product: what the feed says, or what the caption saw."""
    products = list(Product.objects.all())
    captions = captions_for(products)
    return {
        p.sku: p.colour or (captions[p.pk].colour if p.pk in captions else "") for p in products
    }


def _say_verdict(verdict: dict[str, Any]) -> str:
    return "; ".join(verdict.get("reasons", [])) or "no verdict"
