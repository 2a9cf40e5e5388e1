"""`make loop`: one product picture all the way round, with real parts at every stage."""
