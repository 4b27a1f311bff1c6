"""What a good FastAPI codebase does: one file a practice, in a folder for each topic."""
