"""What a look has to suit besides its anchor, and how well a product does."""
