"""Long answers come in parts that join, each no longer than asked for."""

import pytest

from fastwright.errors import ChangedError
from fastwright.mcp.pages import Item, Part, Remembered, tokens

ITEMS: list[Item] = [{"number": number, "text": "x" * 40} for number in range(50)]


def test_parts_join_to_the_whole() -> None:
    seen, cursor = [], None
    while True:
        shown, cursor = Part(cursor, "key", 200).of(ITEMS)
        assert tokens(shown) <= 200
        seen += shown
        if cursor is None:
            break
    assert seen == ITEMS


def test_an_item_that_is_too_long_stands_alone() -> None:
    long: Item = {"text": "x" * 10_000}
    shown, cursor = Part(None, "key", 100).of([long, *ITEMS])
    assert shown == [long]
    assert cursor is not None


def test_what_stands_beside_counts() -> None:
    alone, _ = Part(None, "key", 200).of(ITEMS)
    beside, _ = Part(None, "key", 200).of(ITEMS, beside={"text": "x" * 400})
    assert len(beside) < len(alone)


def test_no_items_are_one_empty_part() -> None:
    assert Part(None, "key", 100).of([]) == ([], None)


@pytest.mark.parametrize(
    "cursor", ["", "x", "bm8=", "WzEsICJvdGhlciJd", "WyItMSIsICJrZXkiXQ==", "é"]
)
def test_a_cursor_of_something_else_is_refused(cursor: str) -> None:
    with pytest.raises(ChangedError):
        Part(cursor, "key", 100).of(ITEMS)


def test_only_the_last_answers_are_remembered() -> None:
    remembered = Remembered()
    for number in range(6):
        remembered.keep(str(number), {"number": number})
    assert remembered.find("0") is None
    assert remembered.find("5") == {"number": 5}
