"""What a node stands in is found from the outside in, within one function."""

from fastwright.source import surroundings
from fastwright.source.nodes import Node
from fastwright.source.syntax import Name, walk_all
from tests.codebase.reading import Read

READ = Read("if a:\n    for b in c:\n        d(e)\nf\n")
BODY = READ.function("<module>").body


def name(text: str) -> Node:
    return next(each for each in walk_all(BODY) if isinstance(each, Name) and each.id == text)


def kinds(nodes: list[Node]) -> list[str]:
    return [type(each).__name__ for each in nodes]


def test_a_path_leads_from_a_statement_down_to_the_node() -> None:
    path = surroundings.path(BODY, name("e"))
    assert kinds(path) == ["If", "For", "ExpressionStatement", "Call", "Name"]


def test_what_is_around_a_node_is_the_path_without_it() -> None:
    assert kinds(surroundings.around(BODY, name("c"))) == ["If", "For"]


def test_a_node_that_is_elsewhere_has_nothing_around_it() -> None:
    assert surroundings.path(BODY[:1], name("f")) == []
    assert surroundings.around(BODY[:1], name("f")) == []


def test_a_node_holds_itself_and_what_is_in_it() -> None:
    assert surroundings.holds(BODY, name("e"))
    assert surroundings.holds([name("e")], name("e"))
    assert not surroundings.holds(BODY[:1], name("f"))
