"""An argument belongs to the parameter that Python would give it to."""

import pytest

from fastwright.codebase import arguments
from tests.codebase.reading import Read

FUNCTIONS = """\
class Store:
    def save(self, row, *, force=False): ...

    @staticmethod
    def open(url, mode): ...

    @classmethod
    def named(cls, name): ...


def plain(first, second=None, *rest, last=None): ...


store = Store()
{call}
"""


@pytest.mark.parametrize(
    ("call", "function", "name", "passed"),
    [
        ("plain(1, 2)", "plain", "second", "2"),
        ("plain(1, second=2)", "plain", "second", "2"),
        ("plain(1)", "plain", "second", None),
        ("plain(1, 2, 3, last=4)", "plain", "last", "4"),
        ("plain(*all, 2)", "plain", "second", None),
        ("store.save(1)", "Store.save", "row", "1"),
        ("store.save(1, force=True)", "Store.save", "force", "True"),
        ("store.save(1)", "Store.save", "self", None),
        ("Store.open(1, 2)", "Store.open", "url", "1"),
        ("Store.named(1)", "Store.named", "name", "1"),
    ],
)
def test_a_parameter_gets_what_is_passed_for_it(
    call: str, function: str, name: str, passed: str | None
) -> None:
    read = Read(FUNCTIONS.format(call=call))
    made = read.module().top.calls[-1].node
    found = arguments.passed(made, name, read.function(function))
    assert (found and read.module().source(found)) == passed


def test_arguments_come_with_the_names_of_their_parameters() -> None:
    read = Read(FUNCTIONS.format(call="store.save(1, force=True, **more)"))
    made = read.module().top.calls[-1].node
    found = arguments.by_parameter(made, read.function("Store.save"))
    source = read.module().source
    assert [(name, source(node)) for name, node in found] == [("row", "1"), ("force", "True")]
