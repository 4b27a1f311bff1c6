"""Practices about settings and secrets."""
