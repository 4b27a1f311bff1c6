"""Edits of files that are there, which keep everything else in them as it is.

Each takes a file's text and returns it with what was to be added: the same text where it was there
already, and None where nobody can be certain of the right place.
"""
