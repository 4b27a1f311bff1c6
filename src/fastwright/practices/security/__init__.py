"""Practices for who may do what: passwords, tokens, origins, and what is open to the world."""
