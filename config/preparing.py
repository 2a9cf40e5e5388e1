"""Prepares the models that ship inside pip packages; each step is done once."""

from collections.abc import Callable, Iterator
from pathlib import Path

from catalog import conf

Step = tuple[str, Callable[[], Path]]


def list_model_steps() -> Iterator[Step]:
    """List (what, how) for every embedded model that the settings in force use."""
    config = conf.current()
    if not config.BASE_MODEL_PATH:
        from outfits.llm.embedded_model import prepare_base_model

        yield "the language model", lambda: prepare_base_model(config.base_model_path)
    if config.CAPTIONER == conf.EnsembleSettings().CAPTIONER:
        from catalog.captioning.backbone import prepare_backbone

        yield "the captioner", lambda: prepare_backbone(Path(config.MODELS_DIR))
