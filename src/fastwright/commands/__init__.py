"""One command a file: it translates words into the call of a verb, and the result into a report."""
