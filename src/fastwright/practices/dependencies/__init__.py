"""What FastAPI injects, and how it is written."""
