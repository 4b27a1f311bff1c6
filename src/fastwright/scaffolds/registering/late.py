"""Imports a router where it is included: it needs what stands above in the same file."""

import re

_MAIN = re.compile(rb"^if __name__ ==", re.MULTILINE)


def included(text: bytes, changed: bytes, wanted: str, statement: str) -> bytes:
    """Return the text with an import and an inclusion together.

    `changed` is the text with the inclusion in its place. In a function the import stands right
    above; else both come when all else of the module is there.
    """
    place = changed.rfind(statement.encode())
    start = changed.rfind(b"\n", 0, place) + 1
    indent = changed[start:place].decode()
    if indent:
        return changed[:start] + f"\n{indent}{wanted}\n".encode() + changed[start:]
    main = _MAIN.search(text)
    end = main.start() if main else len(text)
    both = f"\n\n{wanted}  # noqa: E402\n\n{statement}\n"
    behind = b"\n\n" + text[end:] if main else b""
    return text[:end].rstrip() + b"\n" + both.encode() + behind
