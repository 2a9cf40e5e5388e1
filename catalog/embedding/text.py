"""What of a product is put into its vector."""

import hashlib


def compose_text(title: str, category: str, colour: str, sentence: str) -> str:
    """One line on a product: its title, what the feed calls it, and what was seen in its picture.

    >>> compose_text("Oxford", "Shirts", "Blue", "A light blue shirt.")
    'Oxford. Blue shirts. A light blue shirt.'
    """
    kind = f"{colour} {category}".strip().capitalize()
    parts = [part.strip().rstrip(".") for part in (title, kind, sentence)]
    return "".join(f"{part}. " for part in parts if part).strip()


def hash_text(text: str) -> str:
    """The SHA-256 of ``text``, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
