"""The ground: files, syntax trees, positions and the cache; Python's grammar, not its meaning."""
