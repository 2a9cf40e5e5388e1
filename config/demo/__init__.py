"""The demo shop's wardrobe: its feed as data, its pictures drawn on the spot."""
