import json
from collections import Counter
from pathlib import Path
from typing import Any

import training

PATH = Path(training.__file__).parent / "data" / "house_outfits.jsonl"
OUTFITS: list[dict[str, Any]] = [
    json.loads(line) for line in PATH.read_text(encoding="utf-8").splitlines()
]
ITEMS: list[dict[str, str]] = [item for outfit in OUTFITS for item in outfit["items"]]
TYPES = set(
    "tops bottoms all-body outer shoes bag jewellery hats sunglasses scarves accessory".split()
)


def test_there_are_sixty_outfits_of_four_to_six_items() -> None:
    assert len(OUTFITS) == 60
    assert {len(outfit["items"]) for outfit in OUTFITS} <= {4, 5, 6}


def test_outfits_and_items_are_numbered_once() -> None:
    assert len({outfit["outfit_id"] for outfit in OUTFITS}) == len(OUTFITS)
    assert len({item["item_id"] for item in ITEMS}) == len(ITEMS)


def test_no_item_is_worn_twice() -> None:
    assert len({item["name"] for item in ITEMS}) == len(ITEMS)


def test_semantic_types_are_in_the_vocabulary() -> None:
    assert {item["semantic_type"] for item in ITEMS} == TYPES


def test_every_outfit_covers_the_body_and_the_feet() -> None:
    for outfit in OUTFITS:
        worn = {item["semantic_type"] for item in outfit["items"]}
        assert "shoes" in worn
        assert "all-body" in worn or {"tops", "bottoms"} <= worn


def test_every_type_has_three_others_to_be_mistaken_for() -> None:
    assert min(Counter(item["semantic_type"] for item in ITEMS).values()) >= 4
