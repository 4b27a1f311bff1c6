"""How modules and domains hang together."""
