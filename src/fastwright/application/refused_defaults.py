"""Defaults of keys that the code itself refuses where they were not replaced."""

import re

from fastwright.application.literals import Literal
from fastwright.codebase.codebase import Codebase

# What stands before a text that is only given to a name.
_DEFINED = re.compile(rb"\s*(?:\w+\s*(?::[^=]*)?=\s*(?:[\w.]+\([^\[{]*)?[bfr]?)")
_CONSTANT = re.compile(rb"(\b[A-Z_]+)\s*(?::[^=]*)?=\s*[bfr]?$")
_SETTING = re.compile(rb"(\b[A-Za-z_]\w*)\s*(?::[^=]*)?=\s*(?:[\w.]+\([^\[{]*)?[bfr]?$")
# Between a value and a text that it is compared with.
_COMPARES = rb"(?:\.\w+\(\))*\s*(?:[!=]=|(?:not\s+)?in\b)\s*(?:[\"'](?![\"'])|[(\[{A-Z])"
_BEGINS = rb"(?:\.\w+\(\))*\.(?:startswith|endswith)\("
_NEXT = re.compile(rb"\n\s*\n {0,4}\S")
_COMPARED_WITH = rb"[\"']\s*(?:[!=]=|(?:not\s+)?in\b)\s*"
_COMPARED_TO = rb"(?:[!=]=\s*|\bin\s*[\[({][^\])}]*)"
_VALIDATOR = rb"validator\([^)]*[\"']%b[\"'][^)]*\)"
_LENGTH = re.compile(rb"\blen\([\w.()]+?\)\s*<=?\s*(\d+)")
_LEAST = re.compile(rb"\bmin_length\s*=\s*(\d+)")
_REFUSES = re.compile(rb"\w" + _COMPARES + rb"|\w" + _BEGINS + rb"|" + _COMPARED_WITH + rb"\w")


def is_refused(literal: Literal, codebase: Codebase) -> bool:
    """Tell whether the code looks for the default, most likely to refuse it."""
    quoted = re.compile(_quoted(literal))
    text, start = literal.module.code, literal.module.in_code(literal.node.start)
    return _is_compared_by_name(literal) or (
        literal.is_fallback
        and (
            _is_asked_after(literal, codebase)
            or _is_compared_anywhere(literal, codebase)
            or any(
                not _DEFINED.fullmatch(
                    text[text.rfind(b"\n", 0, found.start()) + 1 : found.start()]
                )
                for found in quoted.finditer(text)
                if found.start() != start
            )
        )
    )


def _quoted(literal: Literal) -> bytes:
    return rb"[\"']" + re.escape(literal.text.encode()) + rb"[\"']"


def _is_compared_anywhere(literal: Literal, codebase: Codebase) -> bool:
    """Tell whether any module compares something with the text of a default."""
    compared = re.compile(_COMPARED_TO + _quoted(literal))
    return codebase.is_anywhere(compared, literal.text.encode())


def _is_asked_after(literal: Literal, codebase: Codebase) -> bool:
    """Tell whether a setting is compared with texts, by a validator or anywhere else."""
    text, start = literal.module.code, literal.module.in_code(literal.node.start)
    named = _SETTING.search(text, text.rfind(b"\n", 0, start) + 1, start)
    if named is None:
        return False
    name = named[1]
    if _is_too_short(name, literal, codebase):
        return True
    asks = re.compile(
        rb"\w\." + name + rb"(?:" + _COMPARES + rb"|" + _BEGINS + rb")"
        rb"|" + _COMPARED_WITH + rb"(?:\w+\.)+" + name + rb"\b"
    )
    return _is_validated(name, text) or codebase.is_anywhere(asks, name)


def _is_too_short(name: bytes, literal: Literal, codebase: Codebase) -> bool:
    """Tell whether a setting has to be longer than its default, so that nothing starts with it.

    Settings validate their defaults, other models do not.
    """
    text, start = literal.module.code, literal.module.in_code(literal.node.start)
    least = _LEAST.findall(text[start:].partition(b"\n")[0])
    for found in re.finditer(_VALIDATOR % name, text):
        least += _LENGTH.findall(_body(text, found.end()))
    asked = re.compile(rb"\blen\((?:\w+\.)+" + name + rb"(?:\.\w+\(\))?\)\s*<=?\s*(\d+)")
    for module in codebase.like(asked, name):
        least += asked.findall(module.code)
    return any(int(each) > len(literal.text) for each in least)


def _body(text: bytes, start: int) -> bytes:
    """Return the code of a validator behind its decorator."""
    end = _NEXT.search(text, start)
    return text[start : end.start() if end else len(text)]


def _is_validated(name: bytes, text: bytes) -> bool:
    """Tell whether a validator of a field refuses some texts."""
    for found in re.finditer(_VALIDATOR % name, text):
        body = _body(text, found.end())
        if b"raise" in body and _REFUSES.search(body):
            return True
    return False


def _is_compared_by_name(literal: Literal) -> bool:
    """Tell whether the name of a default is compared with what is set, to refuse it."""
    text, start = literal.module.code, literal.module.in_code(literal.node.start)
    named = _CONSTANT.search(text, text.rfind(b"\n", 0, start) + 1, start)
    if named is None:
        return False
    name = named[1]
    return bool(
        re.search(rb"(?:[!=]=|\bin)\s*[(\[{]?\s*" + name + rb"\b|\b" + name + rb"\s*[!=]=", text)
    )
