"""Who asks, and what is known of them."""
