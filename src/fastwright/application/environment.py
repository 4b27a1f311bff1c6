"""Code that only some environments run: development, say, but not production."""

import re
from collections.abc import Iterator

from fastwright.codebase.codebase import Codebase
from fastwright.codebase.definitions import CallSite, Scope
from fastwright.source import surroundings
from fastwright.source.syntax import Attribute, Call, Comparison, Expression, If, Name, String

_WORDS = re.compile(
    r"(?i)prod|debug|\benv|_env|environ|develop|is_dev|\bdev\b|local|testing|staging"
)
# How the setting is called that names the environment, and what it says on one's own machine.
_NAME = re.compile(r"(?i)(?:\w+_)?(?:env|environment|mode)")
_DEVELOPMENT = {"dev", "development", "local"}


def is_conditional(call: CallSite) -> bool:
    """Tell whether a call stands under a condition on the environment, in either branch."""
    source = call.function.module.source
    return any(_WORDS.search(source(each.test)) for each in _conditions(call))


def asked_for_development(call: CallSite) -> Expression | None:
    """Return what has to say that this is development for a call to be made."""
    for each in _conditions(call):
        match each.test:
            case Comparison((Name(name) | Attribute(_, name) as asked, String(text)), ("==",)):
                is_it = text in _DEVELOPMENT and _NAME.fullmatch(name)
                if is_it and surroundings.holds(each.body, call.node):
                    return asked
    return None


def is_development(node: Expression, scope: Scope, codebase: Codebase) -> bool:
    """Tell whether a setting says that this is development where nobody sets it."""
    match codebase.origin(node, scope):
        case (String(text), _):
            return text in _DEVELOPMENT
        case (Call() as call, _):
            return any(
                isinstance(each, String) and each.value in _DEVELOPMENT
                for each in (call.argument(0, "default"), call.argument(1, "default"))
            )
    return False


def _conditions(call: CallSite) -> Iterator[If]:
    for node in surroundings.around(call.function.body, call.node):
        if isinstance(node, If):
            yield node
