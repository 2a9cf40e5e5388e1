"""What a prompt may say of a product: its title and category, and what its picture shows."""

from catalog.models import Caption, Product
from outfits.prompts import PromptItem


def prompt_item(product: Product, caption: Caption | None) -> PromptItem:
    """A product as the stylist reads it; attributes in the paper's order (colour, design, ...)."""
    seen = [product.colour or (caption.colour if caption else "")]
    if caption:
        seen += [caption.pattern, caption.material, caption.style]
    return PromptItem(product.title, product.category, tuple(word for word in seen if word))


def colour_of(product: Product, caption: Caption | None) -> str:
    """The feed's colour, or the one seen in the picture."""
    return product.colour or (caption.colour if caption else "")
