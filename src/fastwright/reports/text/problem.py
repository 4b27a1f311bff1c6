"""Text about what went wrong."""

import sys

from fastwright.errors import FastwrightError


def error(shown: FastwrightError) -> None:
    """Show an error, on standard error."""
    hint = f" Try: {shown.suggestion}" if shown.suggestion else ""
    sys.stderr.write(f"{shown.message}{hint}\n")
