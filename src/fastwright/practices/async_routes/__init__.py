"""What async code may and may not do."""
