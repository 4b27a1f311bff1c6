"""Code that only some environments run: development, say, but not production."""

import re
from collections.abc import Iterator

from fastwright.codebase.modules import CallSite
from fastwright.source.syntax import If, Statement, walk

_WORDS = re.compile(
    r"(?i)prod|debug|\benv|_env|environ|develop|is_dev|\bdev\b|local|testing|staging"
)


def is_conditional(call: CallSite) -> bool:
    """Tell whether a call stands under a condition on the environment, in either branch."""
    source = call.function.module.source
    return any(_WORDS.search(source(each.test)) for each in _conditions(call))


def _conditions(call: CallSite) -> Iterator[If]:
    function = call.function
    body: tuple[Statement, ...] = function.module.body if function.is_module else function.body
    for statement in body:
        if statement.start <= call.node.start < statement.end:
            for node in walk(statement):
                if isinstance(node, If) and node.start <= call.node.start < node.end:
                    yield node
