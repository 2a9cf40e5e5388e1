"""How a whole look is made."""
