"""A topic."""
