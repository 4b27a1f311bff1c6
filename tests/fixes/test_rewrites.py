"""New texts become bytes of the file's own encoding, mark and line ends."""

import codecs
from pathlib import Path

import pytest

from fastwright.fixes import rewrites
from fastwright.practice import Edit, Finding, Fix, Place, Safety
from fastwright.source import edits, files

LATIN = "# coding: latin-1\nname = 'café'\n"


def finding(path: str) -> Finding:
    fix = Fix(Safety.SAFE, (Edit(path, 0, 0, "x"),))
    return Finding(Place(path, 1, 1, 1, None), "Mend it.", fix=fix)


@pytest.mark.parametrize(
    "content",
    [
        b"name = 1\n",
        b"name = 1\r\nother = 2\r\n",
        "name = 'café'\n".encode(),
        codecs.BOM_UTF8 + "name = 'café'\n".encode(),
        codecs.BOM_UTF16_LE + "name = 'café'\r\n".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "name = 'café'\n".encode("utf-16-be"),
        LATIN.encode("latin-1"),
        "# -*- coding: cp1251 -*-\nname = 'имя'\n".encode("cp1251"),
        b"no_end = 1",
        b"",
    ],
)
def test_only_what_is_edited_differs(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(content)
    text = files.as_utf8(content)
    assert rewrites.rewrites(tmp_path, {"a.py": text}) == []
    end = len(text)
    (found,) = rewrites.rewrites(
        tmp_path, {"a.py": edits.apply(text, [Edit("a.py", end, end, "\nadded = 3\n")])}
    )
    assert found.after is not None
    assert found.after.startswith(content)
    assert files.as_utf8(found.after) == edits.apply(text, [Edit("", end, end, "\nadded = 3\n")])
    assert rewrites.obstacle(tmp_path, finding("a.py")) == ""


@pytest.mark.parametrize(
    "content", [b"name = '\xff'\n", LATIN.encode(), b"# coding: utf-7\nname = '+AOk-'\n"]
)
def test_what_does_not_come_out_as_it_was_is_left_alone(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(content)
    written = rewrites.rewrites(tmp_path, {"a.py": files.as_utf8(content)})
    assert written == []


def test_an_encoding_that_cannot_write_the_text_is_an_obstacle(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"name = '\xff'\n")
    assert "do not fit" in rewrites.obstacle(tmp_path, finding("a.py"))
    (tmp_path / "b.py").write_bytes(LATIN.encode("latin-1"))
    assert rewrites.rewrites(tmp_path, {"b.py": f"{LATIN}other = '→'\n".encode()}) == []


def test_links_and_read_only_files_are_obstacles(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "link.py").symlink_to("a.py")
    assert rewrites.obstacle(tmp_path, finding("link.py")) == "link.py is a link"
