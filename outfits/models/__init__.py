from outfits.models.adapter import Adapter, Promotion
from outfits.models.look import Look, LookItem

__all__ = ["Adapter", "Look", "LookItem", "Promotion"]
