"""The order in which circles are settled."""

import pytest

from fastwright.codebase.circles import settled

GRAPHS = {
    "a chain": ({"a": "b", "b": "c", "c": ""}, ["c", "b", "a"]),
    "a circle": ({"a": "b", "b": "c", "c": "a"}, ["abc"]),
    "a circle behind a chain": ({"a": "b", "b": "cd", "c": "b", "d": ""}, ["d", "bc", "a"]),
    "a circle that leads to another": (
        {"a": "b", "b": "ac", "c": "d", "d": "ce", "e": ""},
        ["e", "cd", "ab"],
    ),
    "two ways to the same": ({"a": "bc", "b": "d", "c": "d", "d": ""}, ["d", "b", "c", "a"]),
    "one that leads to itself": ({"a": "ab", "b": ""}, ["b", "a"]),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_each_circle_comes_behind_what_it_leads_to(name: str) -> None:
    leads_to, expected = GRAPHS[name]

    found = settled("a", lambda node: leads_to[node], known=lambda _: False)

    assert ["".join(sorted(each)) for each in found] == expected


def test_what_is_known_is_not_followed() -> None:
    leads_to = {"a": "bc", "c": "a"}

    found = settled("a", lambda node: leads_to[node], known=lambda node: node == "b")

    assert [sorted(each) for each in found] == [["a", "c"]]


def test_a_long_way_needs_no_deep_stack() -> None:
    found = list(settled(0, lambda node: [node + 1][: node < 100_000], known=lambda _: False))

    assert found == [[number] for number in range(100_000, -1, -1)]
