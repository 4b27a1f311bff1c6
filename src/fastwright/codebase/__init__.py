"""Modules, imports, names and calls: who refers to whom across files."""
