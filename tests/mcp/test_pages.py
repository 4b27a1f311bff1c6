"""Long answers come in parts that join, each no longer than asked for."""

import pytest

from fastwright.errors import ChangedError
from fastwright.mcp.pages import Item, Part, Remembered, fitted, tokens

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


def test_an_item_that_is_too_long_is_cut() -> None:
    long: Item = {"text": "x" * 10_000}
    (shown, *_), cursor = Part(None, "key", 200).of([long, *ITEMS])
    assert shown["cut"]
    assert shown["text"].startswith("xxx")
    assert shown["text"].endswith("…")
    assert tokens(shown) < 200
    assert cursor is not None


def tree(depth: int) -> list[Item]:
    return [{"name": "x", "below": tree(depth - 1)} for _ in range(3)] if depth else []


@pytest.mark.parametrize(
    "value",
    ["x" * 100_000, ["x" * 100] * 1000, tree(7), {"one": {"two": [["x" * 9000] * 9] * 9}}],
    ids=["text", "list", "tree", "lists in lists"],
)
def test_whatever_is_too_long_fits_once_it_is_cut(value: object) -> None:
    assert tokens(fitted({"value": value}, 500)) <= 500
    assert tokens(fitted({"value": value}, 500)) > 50


def test_what_fits_stays_as_it_is() -> None:
    assert fitted(ITEMS[0], 500) is ITEMS[0]


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
