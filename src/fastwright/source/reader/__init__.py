"""Reads a tree-sitter tree into nodes of `source.syntax`, in one pass.

Each class adds a part of the grammar to the one before: `base`, `literals`, `parameters`,
`expressions`, `statements`, `definitions`.
"""
