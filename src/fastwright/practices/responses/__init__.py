"""What routes answer."""
