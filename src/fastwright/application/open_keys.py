"""Keys that protect nothing: public ones, names of a use, and those that nobody checks."""

import re

from fastwright.application.literals import Literal
from fastwright.application.running import is_script
from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite
from fastwright.source.syntax import Attribute, Name, walk

# What an HMAC is made of that is a key itself.
_KEY_NAME = re.compile(r"(?i)(?:\w+_)?(?:dek|ikm|kek|key|secret|seed|token)")
_UNVERIFIED = re.compile(r"verify_signature[\"']\s*:\s*False")


def is_open(call: CallSite, literal: Literal, codebase: Codebase) -> bool:
    """Tell whether a key protects nothing: a public one, one that is not asked, or a probe's."""
    return (
        "PUBLIC KEY" in literal.text
        or _is_unverified(call)
        or _is_label(call)
        or _is_probe(call, codebase)
    )


def _is_label(call: CallSite) -> bool:
    """Tell whether the other half of a digest is the secret: this one only names its use."""
    hashed = call.node.argument(1, "msg") if call.last_name == "new" else None
    return hashed is not None and any(
        isinstance(each, Name | Attribute)
        and _KEY_NAME.fullmatch(each.id if isinstance(each, Name) else each.name)
        for each in walk(hashed)
    )


def _is_unverified(call: CallSite) -> bool:
    """Tell whether a token is only looked into."""
    options = call.node.keyword("options")
    return (
        options is not None and _UNVERIFIED.search(call.function.module.source(options)) is not None
    )


def _is_probe(call: CallSite, codebase: Codebase) -> bool:
    """Tell whether a script, which nothing imports, only shows what is in a token."""
    module = call.function.module
    return call.last_name == "decode" and module.mentions(b"print") and is_script(module, codebase)
