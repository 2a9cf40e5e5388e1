"""The loop's shopper: someone who wears neutral colours and says so, through the public API.

The taste is simple and stated, so that what the stylist should learn from it can be checked.
"""

import re
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

NEUTRALS = frozenset(
    "black white grey gray charcoal navy beige cream ivory tan taupe stone silver brown".split()
)


def is_neutral(colour: str) -> bool:
    """Whether a colour name says a neutral colour ("Navy Blue" does)."""
    return any(word in NEUTRALS for word in re.findall(r"[a-z]+", colour.lower()))


@dataclass
class Shopper:
    """Looks at looks and reacts; ``colours`` by SKU is what the shopper sees in the pictures."""

    http: httpx.Client
    colours: dict[str, str]
    visitor: str = field(default_factory=lambda: uuid.uuid4().hex)
    swaps: int = 0
    likes: int = 0
    dislikes: int = 0

    def react(self, look: dict[str, Any]) -> None:
        """Swap what is not neutral for the best neutral alternative, or say so by thumb."""
        for item in look["items"]:
            shown = item["product"]["sku"]
            better = [a["sku"] for a in item["alternatives"] if self.likes_sku(a["sku"])]
            if self.likes_sku(shown):
                self.likes += self._say(look, item, kind="like")
            elif better:
                self.swaps += self._say(look, item, kind="swap", replacement=better[0])
            else:
                self.dislikes += self._say(look, item, kind="dislike")

    def likes_sku(self, sku: str) -> bool:
        """Whether the shopper likes the colour of a product."""
        return is_neutral(self.colours[sku])

    def _say(self, look: dict[str, Any], item: dict[str, Any], **what: str) -> int:
        """Send one event; 1 when it was stored."""
        response = self.http.post(
            f"/api/v1/looks/{look['id']}/feedback/",
            json={
                "id": str(uuid.uuid4()),
                "item": item["id"],
                "product": item["product"]["sku"],
                **what,
            },
            headers={"X-Ensemble-Visitor": self.visitor},
        )
        response.raise_for_status()
        return int(response.status_code == 201)
