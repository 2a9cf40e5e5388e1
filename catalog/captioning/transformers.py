"""Captions from an image-text-to-text checkpoint that runs in this process."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from PIL import Image

from catalog.captioning.base import CaptionDraft, CaptioningError
from catalog.captioning.fallback import EMBEDDED, Fallback
from catalog.captioning.prompting import QUESTION_ID, write_question
from catalog.captioning.reply import ReplyError, parse_reply

_ATTEMPTS: Final = 2
_ENDS: Final = 64 * 1024


class TransformersCaptioner:
    """Asks the checkpoint ``model`` (a folder, or a hub name) about each picture.

    ``revision`` pins a hub name; ``device`` is torch's (such as "cuda"). Pictures are prepared
    with Pillow, since torchvision and a CPU-only torch do not live together. The checkpoint's own
    code is never run. ``fallback`` (a dotted path, "" for none) captions pictures about which the
    checkpoint says nothing usable.
    """

    def __init__(
        self,
        model: str,
        revision: str = "main",
        device: str = "cpu",
        max_new_tokens: int = 240,
        *,
        fallback: str = EMBEDDED,
        fallback_options: Mapping[str, Any] | None = None,
    ) -> None:
        self.fallback = Fallback(fallback, fallback_options)
        self._name = model
        self._revision = revision
        self._device = device
        self._max_new_tokens = max_new_tokens

    @cached_property
    def captioner_id(self) -> str:
        """The checkpoint, its version and what it is asked."""
        digest = hashlib.sha256(QUESTION_ID.encode())
        folder = Path(self._name)
        if folder.is_dir():
            _digest_folder(digest, folder)
        else:
            digest.update(self._revision.encode())
        return f"transformers-{folder.name}-{digest.hexdigest()[:12]}"

    def caption(self, images: Sequence[Image.Image]) -> list[CaptionDraft]:
        """Caption ``images`` one by one. Raises `CaptioningError`, never retryable: the same
        checkpoint would fail the same way."""
        return [self._caption(image.convert("RGB")) for image in images]

    def _caption(self, image: Image.Image) -> CaptionDraft:
        problem = ""
        for _ in range(_ATTEMPTS):
            try:
                return parse_reply(self._ask(image, problem))
            except ReplyError as error:
                problem = str(error)
        reason = f"the vision model's reply was not usable ({problem})"
        return self.fallback.caption([image], captioner_id=self.captioner_id, reason=reason)[0]

    def _ask(self, image: Image.Image, problem: str) -> str:
        """The likeliest answer; with ``problem`` (of the last one), one that chance may change."""
        import torch

        processor, model = self._loaded
        question = _prompt(processor, write_question(problem))
        inputs = processor(text=question, images=image, return_tensors="pt")
        # Seeded, so that even the second answer is the same tomorrow.
        torch.manual_seed(0)
        with torch.inference_mode():
            tokens = model.generate(
                **inputs.to(self._device),
                do_sample=bool(problem),
                max_new_tokens=self._max_new_tokens,
            )
        if not model.config.is_encoder_decoder:
            tokens = tokens[:, inputs["input_ids"].shape[1] :]
        answer: str = processor.batch_decode(tokens, skip_special_tokens=True)[0]
        return answer

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        try:
            import transformers

            options = {"revision": self._revision, "trust_remote_code": False}
            # Loading is untyped upstream.
            library: Any = transformers
            processor = library.AutoProcessor.from_pretrained(self._name, backend="pil", **options)
            model = library.AutoModelForImageTextToText.from_pretrained(self._name, **options)
        except (ImportError, OSError, ValueError, KeyError, AttributeError, TypeError) as error:
            raise CaptioningError(
                f"{self._name} cannot be loaded as an image-text-to-text model: {error}",
                retryable=False,
            ) from error
        return processor, model.to(self._device).eval()


def _prompt(processor: Any, question: str) -> str:
    """The question as the checkpoint was taught to be asked; bare where it has no template."""
    if not getattr(processor, "chat_template", None):
        return question
    content = [{"type": "image"}, {"type": "text", "text": question}]
    messages = [{"role": "user", "content": content}]
    prompt: str = processor.apply_chat_template(messages, add_generation_prompt=True)
    return prompt


def _digest_folder(digest: Any, folder: Path) -> None:
    """Take in the configuration and both ends of each weights file.

    Not the whole weights: hashing some GB at every start costs more than it tells; retrained
    weights of the same size differ in their last tensors too.
    """
    for path in sorted([*folder.glob("*.json"), *folder.glob("*.safetensors")]):
        with path.open("rb") as file:
            size = path.stat().st_size
            digest.update(f"{path.name} {size}".encode())
            digest.update(file.read(_ENDS))
            file.seek(max(0, size - _ENDS))
            digest.update(file.read(_ENDS))
