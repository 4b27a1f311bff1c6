"""Reads of a project what `add` has to know: what cannot be told is asked for, not guessed."""
