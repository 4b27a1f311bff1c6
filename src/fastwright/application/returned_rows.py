"""The tables of which functions return whole rows, themselves or through what they call."""

from collections.abc import Iterator

from fastwright.application.application import Application
from fastwright.application.models import Model
from fastwright.application.rows import Rows
from fastwright.codebase.definitions import Function
from fastwright.codebase.values import FunctionValue
from fastwright.source.nodes import wrap
from fastwright.source.syntax import Await, Call, Expression, Name

# So many variables are followed, one into the other.
_LONGEST_CHAIN = 4


class ReturnedRows:
    """Follows what is returned back to queries. Once known of a function, it is kept."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._known: dict[Function, tuple[Model, ...]] = {}

    def of(self, node: Expression, function: Function) -> tuple[Model, ...]:
        """Return the tables of the rows that an expression brings, those asked for whole."""
        return tuple(self._rows(node, function, _LONGEST_CHAIN))

    def _rows(self, node: Expression, function: Function, depth: int) -> Iterator[Model]:
        rows = Rows(self._application.codebase, self._application.models, function)
        match node:
            case Await(inner):
                yield from self._rows(inner, function, depth)
            case Name() if depth:
                origin = rows.local_origin(node)
                if origin is not None:
                    yield from self._rows(origin, function, depth - 1)
            case Call():
                table = rows.whole(node)
                if table is not None:
                    yield table
                    return
                called = self._application.codebase.resolver.value(node.function, function)
                if isinstance(called, FunctionValue) and not called.function.is_generator:
                    yield from self._returned(called.function)

    def _returned(self, function: Function) -> tuple[Model, ...]:
        if function not in self._known:
            self._known[function] = ()
            found = [
                model
                for raw in function.details.returns
                for model in self._rows(wrap(raw), function, _LONGEST_CHAIN)
            ]
            self._known[function] = tuple(dict.fromkeys(found))
        return self._known[function]
