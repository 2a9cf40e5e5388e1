from outfits.models.adapter import Adapter, Promotion
from outfits.models.curation import REGION_MIN_SHOPPERS, Event, RegionalTaste, Rule, Trend
from outfits.models.look import Look, LookItem
from outfits.models.profile import ProfileFact, SavedLook, Shopper, ShopperEvent

__all__ = [
    "REGION_MIN_SHOPPERS",
    "Adapter",
    "Event",
    "Look",
    "LookItem",
    "ProfileFact",
    "Promotion",
    "RegionalTaste",
    "Rule",
    "SavedLook",
    "Shopper",
    "ShopperEvent",
    "Trend",
]
