"""Captioning: `get_captioner` gives the captioner that settings name."""

from catalog import conf
from catalog.backends import load_backend, once_per_process
from catalog.captioning.base import Captioner


@once_per_process
def get_captioner() -> Captioner:
    """The captioner of ``ENSEMBLE["CAPTIONER"]``; weights load at its first use."""
    config = conf.current()
    captioner: Captioner = load_backend(config.CAPTIONER, **config.CAPTIONER_OPTIONS)
    return captioner
