"""Looks from a photo of a shopper's own piece."""
