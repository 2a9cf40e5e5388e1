"""Embedding: `get_embedder` gives the embedder that settings name."""

from catalog import conf
from catalog.backends import load_backend, once_per_process
from catalog.embedding.base import Embedder


@once_per_process
def get_embedder() -> Embedder:
    """The embedder of ``ENSEMBLE["EMBEDDER"]``; weights load at its first use."""
    config = conf.current()
    embedder: Embedder = load_backend(config.EMBEDDER, **config.EMBEDDER_OPTIONS)
    return embedder
