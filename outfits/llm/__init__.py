"""The language model: `get_language_model` gives the one that settings name."""

from catalog import conf
from catalog.backends import load_backend, once_per_process
from outfits.llm.base import LanguageModel


@once_per_process
def get_language_model() -> LanguageModel:
    """The model server of ``ENSEMBLE["LLM"]``; it connects at its first use."""
    config = conf.current()
    model: LanguageModel = load_backend(
        config.LLM,
        urls=config.LLM_URLS,
        model_name=config.LLM_MODEL,
        api_key=config.LLM_API_KEY,
        timeout=config.LLM_TIMEOUT_SECONDS,
    )
    return model
