"""Patterns: one file an answer, found by walking this folder."""
