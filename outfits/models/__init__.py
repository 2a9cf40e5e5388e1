from outfits.models.adapter import Adapter, Promotion
from outfits.models.curation import REGION_MIN_SHOPPERS, Event, RegionalTaste, Rule, Trend
from outfits.models.influence import MeasuredInfluence
from outfits.models.look import Look, LookItem
from outfits.models.own_photo import OwnPhoto
from outfits.models.profile import ForgottenFact, ProfileFact, SavedLook, Shopper, ShopperEvent
from outfits.models.togetherness import KEPT_MIN_SHOPPERS, KeptTogether

__all__ = [
    "KEPT_MIN_SHOPPERS",
    "REGION_MIN_SHOPPERS",
    "Adapter",
    "Event",
    "ForgottenFact",
    "KeptTogether",
    "Look",
    "LookItem",
    "MeasuredInfluence",
    "OwnPhoto",
    "ProfileFact",
    "Promotion",
    "RegionalTaste",
    "Rule",
    "SavedLook",
    "Shopper",
    "ShopperEvent",
    "Trend",
]
