"""Looks as the API describes them, made of the demo shop's garments."""

from typing import Any

from config.demo.wardrobe import read_garments

ANCHOR = "OUT-401"
# The looks around the coat: by slot the choice, then its alternatives.
LOOKS: list[dict[str, list[str]]] = [
    {
        "top": ["TOP-103", "TOP-105", "TOP-101"],
        "bottom": ["BOT-202", "BOT-201", "BOT-203"],
        "shoes": ["SHO-544", "SHO-501", "SHO-503"],
        "scarf": ["SCA-714", "SCA-711"],
    },
    {
        "top": ["TOP-106", "TOP-105"],
        "bottom": ["BOT-203", "BOT-206"],
        "shoes": ["SHO-541", "SHO-504"],
        "scarf": ["SCA-711", "SCA-714"],
    },
    {
        "top": ["TOP-101", "TOP-104"],
        "bottom": ["BOT-204", "BOT-205"],
        "shoes": ["SHO-501", "SHO-503"],
        "scarf": ["SCA-712", "SCA-714"],
    },
]
LOOK_ID = "00000000-0000-4000-8000-{:012d}"
OCCASIONS = ["Casual", "Work", "Formal", "Party", "Vacation", "Sport", "Wedding guest"]
FACTORS = [
    {"name": "colour", "label": "Brown is easy to wear with beige", "weight": 0.8, "trend": ""},
    {"name": "weather", "label": "Warm enough for 8 °C", "weight": 0.45, "trend": ""},
    {"name": "stylist", "label": "The stylist's choice number 2 of 8", "weight": 0.2, "trend": ""},
    {"name": "price", "label": "It costs more than most", "weight": -0.35, "trend": ""},
]
CONTEXT = {
    "occasion": "",
    "season": "autumn",
    "weather": "mild wet",
    "region": "DE-BE",
    "trends": [],
    "events": [],
    "personal": True,
}


def product(sku: str, **changed: Any) -> dict[str, Any]:
    """A garment as a product card."""
    row = next(row for row in read_garments() if row["sku"] == sku)
    picture = f"/pictures/{sku}.png"
    return {
        "sku": sku,
        "title": row["title"],
        "brand": row["brand"],
        "category": row["category"],
        "price": {"amount": row["price"], "currency": row["currency"]},
        "url": f"/shop/{sku}/",
        "image": {
            "url": picture,
            "width": 600,
            "height": 600,
            "alt": f"{row['colour']} {row['category'].lower()}",
            "sources": [{"url": picture, "width": 600}],
        },
        "available": True,
        **changed,
    }


def look(number: int = 1, lock: list[str] | None = None) -> dict[str, Any]:
    """Look ``number`` around the coat; a locked garment stands in its slot."""
    slots = LOOKS[number - 1]
    return {
        "id": LOOK_ID.format(number),
        "status": "ranked",
        "message": None,
        "retry_after_seconds": None,
        "stylist": "ensemble-1",
        "anchor": product(ANCHOR),
        "items": [
            _item(number * 10 + position, slot, skus, lock or [])
            for position, (slot, skus) in enumerate(slots.items())
        ],
        "context": CONTEXT,
        "occasions": [{"value": o.lower().replace(" ", "-"), "label": o} for o in OCCASIONS],
        "number": number,
        "count": len(LOOKS),
        "budget": None,
        "over_budget": False,
        "share_url": f"/looks/{LOOK_ID.format(number)}/",
    }


def _item(pk: int, slot: str, skus: list[str], lock: list[str]) -> dict[str, Any]:
    offered = {sku for each in LOOKS for sku in each[slot]}
    locked = [sku for sku in lock if sku in offered]
    first, *others = [*locked, *(sku for sku in skus if sku not in locked)]
    return {
        "id": pk,
        "slot": slot,
        "slot_label": slot.capitalize(),
        "product": product(first),
        "explanation": "It is easy to wear with beige, and both suit autumn.",
        "factors": FACTORS,
        "alternatives": [product(sku) for sku in others],
        "locked": bool(locked),
    }


def _why(pk: int) -> str:
    return f"/api/v1/looks/{LOOK_ID.format(1)}/items/{pk}/"


def _change(left_out: str, label: str, change: float, logprob_change: float) -> dict[str, Any]:
    of = {"left_out": left_out, "label": label}
    return of | {"change": change, "logprob_change": logprob_change}


def why(pk: int) -> dict[str, Any]:
    """Why an item is in its look, when its influence has been measured."""
    number, position = divmod(pk, 10)
    leads = {
        "colour": {"kind": "trend", "href": "/api/v1/trends/?name=Beige"},
        "weather": {"kind": "occasion", "href": "/api/v1/looks/?product=OUT-401&occasion=work"},
        "price": {"kind": "alternatives", "href": f"{_why(pk)}alternatives/?without=price"},
        "stylist": {"kind": "profile", "href": "/api/v1/shopper/"},
    }
    return {
        "item": pk,
        "stylist": "ensemble-1",
        "sku": list(LOOKS[number - 1].values())[position][0],
        "confidence": 0.62,
        "confidence_words": "Fairly sure",
        "factors": [
            {key: factor[key] for key in ("name", "label", "weight")}
            | {"leads_to": leads.get(str(factor["name"]))}
            for factor in FACTORS
        ],
        "measured": {
            "status": "ready",
            "changes": [
                _change("colour", "Colour", -0.4, -0.34),
                _change("detail", "Striped", 0.05, 0.04),
                _change("context", "Season: autumn", -0.61, 0.0),
            ],
            "noise": 0.05,
            "reason": "",
        },
        "used": ["The season", "The weather in Berlin", "The pictures"],
        "not_used": ["Your purchases", "Your size"],
    }
