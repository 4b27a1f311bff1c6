"""Passwords that a function writes into the dict it answers with."""

import re

from fastwright.application.application import Application
from fastwright.application.returned_dicts import Written
from fastwright.application.secret_fields import HOLDERS, PASSWORD
from fastwright.codebase.definitions import Function, Scope
from fastwright.codebase.values import Instance
from fastwright.source.syntax import Attribute, Call, Expression, Name, String, Subscript


def password_in(written: Written, application: Application) -> str | None:
    """Return the key of a pair that hands a password out."""
    match written.pair.key:
        case String(str() as key) if PASSWORD.fullmatch(key.lower()):
            kept = _is_kept(written.pair.value, written.through[-1], application)
            return key if kept and not any(_drops(each, key) for each in written.through) else None
    return None


def _is_kept(node: Expression, scope: Scope, application: Application) -> bool:
    """Tell whether a value is read from where it is kept, not made for this one answer."""
    match node:
        case Call(Name("str"), (value,)):
            return _is_kept(value, scope, application)
        case (
            Attribute(_, name)
            | Subscript(_, (String(str() as name),))
            | Call(Attribute(_, "get"), (String(str() as name), *_))
        ) if PASSWORD.fullmatch(name.lower()):
            kept = application.codebase.resolver.value(node, scope)
            return not isinstance(kept, Instance) or kept.of in HOLDERS
    return False


def _drops(scope: Scope, key: str) -> bool:
    """Tell whether a function takes a key out of a dict."""
    if not isinstance(scope, Function) or scope.is_module:
        return False
    dropped = rf"(?:\bpop\(|\bdel\b|!=|not in)[^\n]*{re.escape(key)}"
    return re.search(dropped, scope.text) is not None
