"""Edits are made at once, at their offsets in bytes, in the line ends of the file."""

from fastwright.source.edits import Edit, apply, overlap


def edit(start: int, end: int, text: str, path: str = "") -> Edit:
    return Edit(path, start, end, text)


def test_offsets_count_bytes() -> None:
    text = "é = 'ü'\n".encode()
    assert (
        apply(text, [edit(text.index(b"'"), text.rindex(b"'") + 1, "'ß'")]).decode() == "é = 'ß'\n"
    )


def test_edits_are_made_together_in_whatever_order_they_are_given() -> None:
    edits = [edit(4, 5, "z"), edit(0, 1, "xx"), edit(2, 2, "-")]
    for each in (edits, edits[::-1]):
        assert apply(b"a b c", each) == b"xx -b z"


def test_the_same_edit_is_made_once() -> None:
    assert apply(b"a()", [edit(0, 0, "await "), edit(0, 0, "await ")]) == b"await a()"


def test_insertions_at_one_place_stand_in_the_order_of_their_texts() -> None:
    assert apply(b"x", [edit(0, 0, "b"), edit(0, 0, "a")]) == b"abx"


def test_line_ends_become_those_of_the_line() -> None:
    assert apply(b"a\r\nb\r\n", [edit(3, 4, "c\nd")]) == b"a\r\nc\r\nd\r\n"
    assert apply(b"a\nb\r\n", [edit(2, 3, "c\nd")]) == b"a\nc\r\nd\r\n"
    assert apply(b"a\nb\r\n", [edit(0, 1, "c\r\nd")]) == b"c\nd\nb\r\n"
    assert apply(b"a\r\nb", [edit(4, 4, "\nc")]) == b"a\r\nb\r\nc"
    assert apply(b"a", [edit(1, 1, "\nb")]) == b"a\nb"


def test_an_insertion_beside_a_replacement_stands_outside_of_it() -> None:
    assert apply(b"abc", [edit(1, 2, "X"), edit(1, 1, "<"), edit(2, 2, ">")]) == b"a<X>c"


def test_only_edits_of_one_file_that_share_text_overlap() -> None:
    assert overlap(edit(0, 4, ""), edit(3, 5, ""))
    assert overlap(edit(0, 4, ""), edit(2, 2, "x"))
    assert not overlap(edit(0, 4, ""), edit(4, 5, ""))
    assert not overlap(edit(0, 4, ""), edit(4, 4, "x"))
    assert not overlap(edit(2, 2, "x"), edit(2, 2, "y"))
    assert not overlap(edit(0, 4, "", "a.py"), edit(0, 4, "", "b.py"))
