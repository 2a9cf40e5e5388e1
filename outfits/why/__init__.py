"""Why an item is in a look, and what of that can be measured."""
