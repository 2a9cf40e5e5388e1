"""The demo shop, Linnet & Vale: the plainest shop that Ensemble can be plugged into."""
