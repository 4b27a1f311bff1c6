"""Practices for the tests of what surrounds practices."""
