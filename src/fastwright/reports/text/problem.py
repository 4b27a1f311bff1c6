"""Text about what went wrong."""

import sys

from fastwright.errors import FastwrightError


def error(shown: FastwrightError) -> None:
    """Show an error, on standard error."""
    gap = "\n" if "\n" in shown.message else " "
    hint = f"{gap}Try: {shown.suggestion}" if shown.suggestion else ""
    sys.stderr.write(f"{shown.message}{hint}\n")
