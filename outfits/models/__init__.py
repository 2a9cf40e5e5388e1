from outfits.models.adapter import Adapter, Promotion
from outfits.models.curation import REGION_MIN_SHOPPERS, Event, RegionalTaste, Rule, Trend
from outfits.models.look import Look, LookItem

__all__ = [
    "REGION_MIN_SHOPPERS",
    "Adapter",
    "Event",
    "Look",
    "LookItem",
    "Promotion",
    "RegionalTaste",
    "Rule",
    "Trend",
]
