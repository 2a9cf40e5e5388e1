"""Ensemble's settings: every key of ``settings.ENSEMBLE``, its type, default and meaning.

Read as ``conf.current().IMAGE_MAX_BYTES``. Unknown keys and wrong values are system check errors
(`catalog.checks`), so that a mistake stops the start and not a night's work.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver


@dataclass(frozen=True, slots=True)
class EnsembleSettings:
    """One attribute a key of ``settings.ENSEMBLE``; sizes in bytes, times in seconds."""

    #: Where prepared models and the adapters that training makes are kept.
    MODELS_DIR: str = "var/models"
    ADAPTERS_DIR: str = "var/adapters"

    #: Image intake: what an upload may weigh, and how many pixels it may unfold to.
    IMAGE_MAX_BYTES: int = 20 * 1024 * 1024
    IMAGE_MAX_PIXELS: int = 50_000_000
    #: The longest side of a stored picture, in pixels; larger ones are scaled down.
    IMAGE_MAX_SIDE: int = 1600

    #: Feeds: what a file may weigh, and what stands in for values that a feed does not have.
    FEED_MAX_BYTES: int = 200 * 1024 * 1024
    #: A full feed that would unpublish more than this share of its products stops and asks.
    FEED_MAX_UNPUBLISH_SHARE: float = 0.5
    DEFAULT_PRICE: str = "49.00"
    DEFAULT_CURRENCY: str = "EUR"
    DEFAULT_STOCK: int = 10

    #: Pictures that feeds name by address: whether they are fetched at all, how long one download
    #: may take, how many run at once from one host, and which ports are asked.
    FETCH_PICTURES: bool = True
    FETCH_TIMEOUT_SECONDS: float = 30.0
    FETCH_PER_HOST: int = 4
    FETCH_ALLOWED_PORTS: list[int] = field(default_factory=lambda: [80, 443])
    #: For shops whose pictures are on their own network: whoever writes a feed can then have any
    #: server there asked.
    FETCH_ALLOW_PRIVATE: bool = False

    #: Who captions, who embeds, who ranks: a dotted path each, and its constructor's arguments.
    CAPTIONER: str = "catalog.captioning.embedded.EmbeddedCaptioner"
    CAPTIONER_OPTIONS: Mapping[str, Any] = field(default_factory=dict)
    #: What captioning 1000 pictures costs, in DEFAULT_CURRENCY, for estimates; 0: nothing is said.
    CAPTION_COST_PER_1000: float = 0.0
    EMBEDDER: str = "catalog.embedding.sentence.SentenceEmbedder"
    EMBEDDER_OPTIONS: Mapping[str, Any] = field(default_factory=dict)
    LLM: str = "outfits.llm.vllm.VLLMLanguageModel"
    #: One address a replica; adapters are loaded into all of them.
    LLM_URLS: list[str] = field(default_factory=lambda: ["http://127.0.0.1:8100"])
    #: The name under which the server offers the base model, and where its weights lie.
    LLM_MODEL: str = "smollm2-135m-instruct"
    LLM_API_KEY: str = ""
    LLM_TIMEOUT_SECONDS: float = 20.0
    BASE_MODEL_PATH: str = ""

    #: Where the shop shows a product; ``{sku}`` is filled in.
    PRODUCT_URL: str = "/shop/{sku}/"

    #: Who knows the weather: a dotted path, and its constructor's arguments; by default, nobody.
    WEATHER: str = "outfits.weather.none.NoWeather"
    WEATHER_OPTIONS: Mapping[str, Any] = field(default_factory=dict)
    #: Where shoppers are who say nothing of it: a country or its part (ISO 3166-2), such as DE-BE.
    #: It decides the season (empty: that of the northern hemisphere) and the weather (empty: none).
    DEFAULT_REGION: str = ""

    #: With this secret the shop signs its shoppers' tokens; empty: no token is taken.
    SHOPPER_KEY: str = ""
    #: Who a shopper is on the shop's own pages: a function of the request that gives an id or None.
    SHOPPER_FROM_REQUEST: str = "outfits.shoppers.identity.shopper_from_user"
    #: Looks made for somebody's taste are forgotten after so many days, unless kept or spoken of.
    PERSONAL_LOOK_DAYS: int = 30
    #: Of shoppers who did not agree to be remembered, what a session needs (looks made for the
    #: taste of a tab, the tab's id beside what it said) is forgotten after so long.
    SESSION_SECONDS: int = 45 * 60
    #: Keys of pages that may ask the API (empty: any may), and sites that may from elsewhere.
    PUBLISHABLE_KEYS: list[str] = field(default_factory=list)
    ALLOWED_ORIGINS: list[str] = field(default_factory=list)

    #: Shoppers' own photos: how long what was seen is kept, how long the photo itself where that
    #: was asked for, and how long its bytes may wait in the cache for the captioner.
    PHOTO_SECONDS: int = 24 * 3600
    PHOTO_KEPT_DAYS: int = 365
    PHOTO_BYTES_SECONDS: int = 600

    #: Candidates offered to the stylist for one slot (2 to 50); each is a question to the model.
    CANDIDATES_PER_SLOT: int = 8
    #: Slots filled in one look.
    SLOTS_PER_LOOK: int = 4
    #: A look that takes longer than this is shown slot by slot as the stylist gets ready, and is
    #: made without second thoughts (`outfits.composing.assembling`).
    LOOK_SECONDS: float = 8.0
    #: How long the answer about a stored look is given again while nothing that it shows changes;
    #: 0: never. It matters to what is written by SQL around Django, which nobody tells.
    LOOK_CACHE_SECONDS: int = 3600

    #: Training: fewer new pairs than this are not worth a run.
    TRAIN_MIN_PAIRS: int = 50
    TRAIN_MAX_STEPS: int = 200
    #: Share of anchors whose pairs are kept back for the gate; the outfits on which an adapter
    #: may not fall back (empty: those that come with the package); and how far it may.
    HELD_OUT_SHARE: float = 0.25
    GATE_OUTFITS: str = ""
    GATE_TOLERANCE: float = 0.05

    @property
    def base_model_path(self) -> Path:
        """The folder of the base model's weights."""
        return Path(self.BASE_MODEL_PATH or Path(self.MODELS_DIR) / self.LLM_MODEL)


FIELD_NAMES = frozenset(f.name for f in fields(EnsembleSettings))


@lru_cache(maxsize=1)
def current() -> EnsembleSettings:
    """The settings in force. Unknown keys are left to the system check to report."""
    given: Mapping[str, Any] = getattr(settings, "ENSEMBLE", {})
    return EnsembleSettings(**{key: given[key] for key in given if key in FIELD_NAMES})


@receiver(setting_changed)
def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting == "ENSEMBLE":
        current.cache_clear()
