"""Showing what the verbs return. Nothing here decides."""
