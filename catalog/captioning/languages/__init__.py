"""How languages put a caption's words together; one module a language, whose grammar it holds."""
