"""Code that only some environments run: development, say, but not production."""

import re
from collections.abc import Iterator

from fastwright.codebase.definitions import CallSite
from fastwright.source import surroundings
from fastwright.source.syntax import If

_WORDS = re.compile(
    r"(?i)prod|debug|\benv|_env|environ|develop|is_dev|\bdev\b|local|testing|staging"
)


def is_conditional(call: CallSite) -> bool:
    """Tell whether a call stands under a condition on the environment, in either branch."""
    source = call.function.module.source
    return any(_WORDS.search(source(each.test)) for each in _conditions(call))


def _conditions(call: CallSite) -> Iterator[If]:
    for node in surroundings.around(call.function.body, call.node):
        if isinstance(node, If):
            yield node
