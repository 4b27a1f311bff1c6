"""How paths and methods are laid out."""
