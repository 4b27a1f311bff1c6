"""Finding files, and reading them whatever their encoding."""

import os
import subprocess
from pathlib import Path

import pytest

from fastwright.source import files
from fastwright.source.files import SourceFile, Unreadable


def write(root: Path, *paths: str) -> None:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x = 1\n")


def found(root: Path, *paths: str, exclude: tuple[str, ...] = ()) -> list[str]:
    asked = tuple(root / path for path in paths)
    return [path.relative_to(root).as_posix() for path in files.find(root, asked, exclude)]


def content(root: Path, data: bytes) -> SourceFile | Unreadable:
    file = root / "app.py"
    file.write_bytes(data)
    return files.read(file, root)


# Which files.


def test_python_files_come_in_a_fixed_order(tmp_path: Path) -> None:
    write(tmp_path, "b.py", "a/z.py", "a.py", "a/b/c.py", "notes.txt", "a/data.pyc")
    assert found(tmp_path) == ["a.py", "b.py", "a/z.py", "a/b/c.py"]


def test_hidden_folders_and_environments_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, ".git/a.py", "venv/a.py", "node_modules/a.py", "__pycache__/a.py", "lib/a.py")
    write(tmp_path, "mine/bin/a.py", "x/site-packages/a.py")
    (tmp_path / "mine/pyvenv.cfg").touch()
    assert found(tmp_path) == ["lib/a.py"]


def test_what_gitignore_names_is_left_out(tmp_path: Path) -> None:
    write(
        tmp_path, "build/a.py", "src/build/a.py", "src/a.py", "src/a_gen.py", "top.py", "src/top.py"
    )
    (tmp_path / ".gitignore").write_text("# generated\nbuild/\n*_gen.py\n/top.py\n\n")
    assert found(tmp_path) == ["src/a.py", "src/top.py"]


def test_gitignore_may_take_something_back(tmp_path: Path) -> None:
    write(tmp_path, "a_gen.py", "keep_gen.py")
    (tmp_path / ".gitignore").write_text("*_gen.py\n!keep_gen.py\n")
    assert found(tmp_path) == ["keep_gen.py"]


@pytest.mark.parametrize(
    "rules",
    [
        "*\n!*/\n!*.py\n",
        "*\n!*/\n!app/**/*.py\n",
        "/**\n!/app/\n!/app/main.py\n",
        "/*\n!/app/\n",
        "app/**\n!app/main.py\n",
        "app/\n!app/main.py\n",
        "app/deep\n!app/deep/a.py\n",
        "**/deep/\n",
        "deep/*\n!a.py\n",
        "main.py\n!/app/main.py\n",
    ],
)
def test_what_is_taken_back_is_what_git_takes_back(tmp_path: Path, rules: str) -> None:
    write(tmp_path, "main.py", "app/main.py", "app/deep/a.py", "app/deep/er/b.py", "deep/a.py")
    (tmp_path / ".gitignore").write_text(rules)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    command = ["git", "-C", str(tmp_path), "ls-files", "--others", "--exclude-standard", "*.py"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True)
    assert sorted(found(tmp_path)) == sorted(listed.stdout.split())


def test_the_nearest_gitignore_has_the_last_word(tmp_path: Path) -> None:
    write(tmp_path, "a_gen.py", "sub/b_gen.py", "sub/c.py", "sub/deep/d_gen.py", "c.py")
    (tmp_path / ".gitignore").write_text("*_gen.py\n")
    (tmp_path / "sub/.gitignore").write_text("!*_gen.py\nc.py\n")
    assert found(tmp_path) == ["c.py", "sub/b_gen.py", "sub/deep/d_gen.py"]


def test_a_gitignore_above_the_asked_folder_counts(tmp_path: Path) -> None:
    write(tmp_path, "sub/a_gen.py", "sub/a.py")
    (tmp_path / ".gitignore").write_text("*_gen.py\n")
    assert found(tmp_path, "sub") == ["sub/a.py"]


@pytest.mark.parametrize("text", ["!\n", "[\n", "\\\n", "a[\n//\n/\n", "\ufeffb.py\n", "\0\n"])
def test_an_odd_gitignore_stops_nothing(tmp_path: Path, text: str) -> None:
    write(tmp_path, "a.py")
    (tmp_path / ".gitignore").write_text(text)
    assert found(tmp_path) == ["a.py"]


def test_a_folder_named_gitignore_stops_nothing(tmp_path: Path) -> None:
    write(tmp_path, "a.py")
    (tmp_path / ".gitignore").mkdir()
    assert found(tmp_path) == ["a.py"]


def test_a_gitignore_that_cannot_be_read_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a.py")
    (tmp_path / ".gitignore").touch()
    monkeypatch.setattr(Path, "read_text", _refuse)
    assert found(tmp_path) == ["a.py"]


def test_exclude_is_written_like_gitignore_and_wins(tmp_path: Path) -> None:
    write(tmp_path, "a.py", "old/a.py", "src/old/b.py", "src/c_pb2.py", "src/c.py")
    (tmp_path / ".gitignore").write_text("!old/\n")
    assert found(tmp_path, exclude=("old/", "*_pb2.py")) == ["a.py", "src/c.py"]
    assert found(tmp_path, exclude=("/src", "a.py")) == []


def test_a_file_that_is_asked_for_is_always_given(tmp_path: Path) -> None:
    write(tmp_path, ".hidden/a.py", "script")
    (tmp_path / ".gitignore").write_text("*\n")
    asked = (".hidden/a.py", "script", "missing.py")
    assert found(tmp_path, *asked, exclude=("*",)) == list(asked)


def test_a_file_that_is_asked_for_twice_comes_once(tmp_path: Path) -> None:
    write(tmp_path, "a/b.py", "a/c.py")
    assert found(tmp_path, "a/c.py", "a", "a/b.py", "a") == ["a/c.py", "a/b.py"]


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "a/b.py")
    (tmp_path / "a/loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "a/loop.py").symlink_to(tmp_path, target_is_directory=True)
    assert found(tmp_path) == ["a/b.py"]


def test_links_to_files_are_read(tmp_path: Path) -> None:
    write(tmp_path, "real.txt")
    (tmp_path / "a.py").symlink_to("real.txt")
    assert found(tmp_path) == ["a.py"]
    assert files.read(tmp_path / "a.py", tmp_path) == SourceFile("a.py", b"x = 1\n")


def test_a_folder_that_ends_in_py_is_a_folder(tmp_path: Path) -> None:
    write(tmp_path, "odd.py/a.py")
    assert found(tmp_path) == ["odd.py/a.py"]


def test_a_folder_that_cannot_be_listed_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a.py", "closed/b.py")
    scandir = os.scandir

    def guarded(path: Path) -> object:
        return _refuse() if Path(path).name == "closed" else scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    assert found(tmp_path) == ["a.py"]


def _refuse(*_: object, **__: object) -> str:
    raise PermissionError(13, "Permission denied")


# What cannot be read.


def test_a_broken_link_says_why_it_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.py").symlink_to("gone.py")
    (tmp_path / "loop.py").symlink_to("loop.py")
    assert found(tmp_path) == ["a.py", "loop.py"]
    gone, loop = (files.read(path, tmp_path) for path in files.find(tmp_path))
    assert gone == Unreadable("a.py", "No such file or directory")
    assert isinstance(loop, Unreadable)
    assert loop.path == "loop.py"


def test_what_is_no_file_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "zero.py").symlink_to("/dev/zero")
    (tmp_path / "folder.py").mkdir()
    for name in ("pipe.py", "zero.py", "folder.py"):
        assert files.read(tmp_path / name, tmp_path) == Unreadable(name, "is not a file")


def test_a_file_that_cannot_be_opened_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a.py")
    monkeypatch.setattr(os, "open", _refuse)
    assert files.read(tmp_path / "a.py", tmp_path) == Unreadable("a.py", "Permission denied")


def test_a_huge_file_is_left_out(tmp_path: Path) -> None:
    exact = b"#" * (4 * 1024 * 1024)
    assert isinstance(content(tmp_path, exact), SourceFile)
    refused = content(tmp_path, exact + b"\n")
    assert refused == Unreadable("app.py", "4 MiB is more than is looked at")


def test_a_file_outside_the_root_keeps_its_whole_path(tmp_path: Path) -> None:
    write(tmp_path, "a.py")
    read = files.read(tmp_path / "a.py", tmp_path / "elsewhere")
    assert read == SourceFile((tmp_path / "a.py").as_posix(), b"x = 1\n")


def test_a_name_that_is_no_text_can_be_shown(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.py")
    (tmp_path / name).write_text("x = 1\n")
    (path,) = files.find(tmp_path)
    read = files.read(path, tmp_path)
    assert read == SourceFile("caf\N{REPLACEMENT CHARACTER}.py", b"x = 1\n")


# Encodings.


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        ("x = 'ü€😀'\n".encode(), "x = 'ü€😀'\n"),
        ("\ufeffx = 'ü'\n".encode(), "x = 'ü'\n"),
        ("# -*- coding: utf-8 -*-\nx = 'ü'\n".encode(), "# -*- coding: utf-8 -*-\nx = 'ü'\n"),
        ("# coding: latin-1\nx = 'ü'\n".encode("latin-1"), "# coding: latin-1\nx = 'ü'\n"),
        (
            "#!/bin/python\n# vim: fileencoding=cp1251\n'я'".encode("cp1251"),
            "#!/bin/python\n# vim: fileencoding=cp1251\n'я'",
        ),
        ("# coding: gbk\nx = '中文'\n".encode("gbk"), "# coding: gbk\nx = '中文'\n"),
        ("# coding: shift_jis\nx = 'ソ'\n".encode("shift_jis"), "# coding: shift_jis\nx = 'ソ'\n"),
        # The mark says that it is UTF-8, whatever a comment says.
        ("\ufeff# coding: latin-1\nx = 'ü'\n".encode(), "# coding: latin-1\nx = 'ü'\n"),
        # Only the first two lines can declare an encoding.
        ("#\n#\n# coding: latin-1\nx = 'ü'\n".encode(), "#\n#\n# coding: latin-1\nx = 'ü'\n"),
        ("encoding = 'ü'\n".encode(), "encoding = 'ü'\n"),
        ("x = 'ü'\n".encode("utf-16"), "x = 'ü'\n"),
        (b"\xfe\xff" + "x = 'ü'\n".encode("utf-16-be"), "x = 'ü'\n"),
        # What does not fit is replaced.
        (b"x = '\xff'\n", "x = '\N{REPLACEMENT CHARACTER}'\n"),
        (b"# coding: utf-8\nx = '\xff'\n", "# coding: utf-8\nx = '\N{REPLACEMENT CHARACTER}'\n"),
        (b"# coding: ascii\nx = '\xff'\n", "# coding: ascii\nx = '\N{REPLACEMENT CHARACTER}'\n"),
        (b"x = 1\0\ny = 2\n", "x = 1\0\ny = 2\n"),
        (b"a = 1\r\nb = 2\r\n", "a = 1\r\nb = 2\r\n"),
    ],
)
def test_a_file_is_read_in_its_encoding(tmp_path: Path, data: bytes, text: str) -> None:
    assert content(tmp_path, data) == SourceFile("app.py", text.encode())


@pytest.mark.parametrize(
    "name",
    [
        "klingon",
        "rot13",
        "hex",
        "base64",
        "idna",
        "undefined",
        "punycode-x",
        "zlib",
        "mbcs_",
        "u\0",
    ],
)
def test_an_encoding_that_is_not_known_is_said(tmp_path: Path, name: str) -> None:
    for line in (f"# coding: {name}\nx = 1\n", f"# coding: {name}\nx = '\xff'\n"):
        read = content(tmp_path, line.encode("latin-1"))
        if isinstance(read, Unreadable):
            assert read.reason == "its encoding is unknown"
        else:
            assert name == "u\0"


@pytest.mark.parametrize(
    "name", ["unicode_escape", "raw_unicode_escape", "utf-7", "utf-16", "utf-32"]
)
def test_an_encoding_made_for_something_else_gives_utf_8(tmp_path: Path, name: str) -> None:
    read = content(tmp_path, f"# coding: {name}\nx = '\\ud800'\n".encode())
    if isinstance(read, SourceFile):
        read.text.decode()
