"""How fixes are made: chosen, applied until nothing is left to mend, proven, and written."""
