"""Practices about Pydantic schemas and SQLModel tables."""
