"""One entry goes in and out of whatever file there is, and no other byte changes."""

import json
import random
import tomllib

import pytest

from fastwright.agents import insertions, jsonc, wording
from fastwright.agents.assistants import ASSISTANTS, Form, Server
from fastwright.agents.insertions import ConflictError

JSON = ASSISTANTS["claude-code"].server
TYPED = ASSISTANTS["copilot"].server
TOML = ASSISTANTS["codex"].server

JSON_FILES = [
    "",
    "\n",
    "{}",
    "{}\n",
    "{ }",
    "{\n}\n",
    '{"mcpServers": {}}',
    '{"mcpServers":{}}\n',
    '{\n  "mcpServers": {\n  }\n}\n',
    '{\n  "mcpServers": {\n    // none yet\n  }\n}\n',
    '{\n\t"mcpServers": {\n\t\t"other": {"command": "x"}\n\t}\n}',
    '{"mcpServers": {"other": {"command": "x", "args": ["{", "}"]}}}',
    '{\n    "a": 1, // one\n    "mcpServers": { // servers\n        "other": {},\n    },\n}\n',
    '{\r\n  "mcpServers": {\r\n    "other": {}\r\n  }\r\n}\r\n',
    '{\n  "a": {"mcpServers": {"inner": {}}},\n  "b": ["mcpServers", {"c": 1}]\n}\n',
    '/* head */\n{\n  "b": 1,\n\n  /* servers */ "mcpServers": {"other": {}} // tail\n}\n// end\n',
    '{"servers": {"other": {"type": "stdio"}}, "inputs": []}',
    '{\n  "quote": "\\"mcpServers\\": {}",\n  "über": "ß"\n}\n',
]
TOML_FILES = [
    "",
    "\n",
    "model = 'x'",
    "model = 'x'\n",
    "[mcp_servers]\n",
    "[mcp_servers.other]\ncommand = 'x'\n\n[tui]\ntheme = 1\n",
    "# head\n[[a]]\nb = 1\n[[a]]\nb = 2 # two\n\n\n",
    "model = 'x'\r\n[mcp_servers.other]\r\ncommand = 'x'\r\n",
    "[mcp_servers]\nother = { command = 'x' }\n",
]


@pytest.mark.parametrize("server", [JSON, TYPED])
@pytest.mark.parametrize("text", JSON_FILES)
def test_json_is_as_before_after_in_and_out(text: str, server: Server) -> None:
    added = insertions.add_server(text, server)
    assert insertions.is_there(added, server)
    assert insertions.add_server(added, server) == added
    assert insertions.remove_server(added, server) == text
    before = jsonc.loads(text) if text.strip() else {}
    after = jsonc.loads(added)
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    after[server.key].pop("fastwright")
    if not after[server.key] and server.key not in before:
        after.pop(server.key)
    assert after == before


@pytest.mark.parametrize("text", TOML_FILES)
def test_toml_is_as_before_after_in_and_out(text: str) -> None:
    added = insertions.add_server(text, TOML)
    assert tomllib.loads(added)["mcp_servers"]["fastwright"]["args"] == ["mcp"]
    assert insertions.add_server(added, TOML) == added
    assert insertions.remove_server(added, TOML) == text


@pytest.mark.parametrize(
    ("text", "server", "why"),
    [
        ('{"mcpServers": {"fastwright": {"command": "mine"}}}', JSON, "another server"),
        ('{"mcpServers": []}', JSON, "no object"),
        ("[]", JSON, "holds no object"),
        ("{", JSON, "not understood"),
        ('{"a": }', JSON, "not understood"),
        ("mcp_servers = { other = { command = 'x' } }\n", TOML, "takes no addition"),
        ("[mcp_servers.fastwright]\ncommand = 'mine'\n", TOML, "another server"),
        ("= 1", TOML, "not understood"),
    ],
)
def test_what_cannot_be_changed_safely_is_left_alone(text: str, server: Server, why: str) -> None:
    with pytest.raises(ConflictError, match=why):
        insertions.add_server(text, server)


@pytest.mark.parametrize(
    "text", ["", "\n", "# Rules", "# Rules\n", "# Rules\r\n\r\nOne.\r\n", "a\n\n\n"]
)
def test_a_document_is_as_before_after_in_and_out(text: str) -> None:
    section = wording.section()
    added = insertions.add_section(text, section)
    assert added.replace("\r\n", "\n").endswith(section)
    assert insertions.add_section(added, section) == added
    assert insertions.remove_section(added, section) == text


def test_a_section_that_was_changed_stays() -> None:
    added = insertions.add_section("# Rules\n", wording.section()).replace("Mend", "Fix")
    with pytest.raises(ConflictError, match="changed"):
        insertions.remove_section(added, wording.section())


def test_an_entry_goes_even_if_others_were_added_around_it() -> None:
    added = insertions.add_server('{\n  "mcpServers": {\n    "a": {}\n  }\n}\n', JSON)
    edited = added.replace('"a": {}', '"a": {},\n    "b": {}').replace(
        '"fastwright":', '"c": {}, "fastwright":'
    )
    removed = jsonc.loads(insertions.remove_server(edited, JSON))
    assert removed == {"mcpServers": {"a": {}, "b": {}, "c": {}}}


def _value(random_: random.Random, depth: int) -> object:
    kind = random_.randrange(5 if depth else 3)
    if kind == 0:
        return random_.choice(["a", "{", '"', "//", "ü", "mcpServers"])
    if kind in {1, 2}:
        return random_.choice([1, True, None, 1.5])
    if kind == 3:
        return [_value(random_, depth - 1) for _ in range(random_.randrange(3))]
    return _object(random_, depth - 1)


def _object(random_: random.Random, depth: int) -> dict[str, object]:
    keys = random_.sample(
        ["a", "b", "mcpServers", "servers", "fastwrite", "{"], random_.randrange(5)
    )
    found = {key: _value(random_, depth) for key in keys}
    for key in ("mcpServers", "servers"):
        if key in found:
            found[key] = {name: {} for name in random_.sample(["x", "y"], random_.randrange(3))}
    return found


def _written(random_: random.Random) -> str:
    """Return a random document in a random style, with comments."""
    indent = random_.choice([None, 2, 4, "\t"])
    text = json.dumps(_object(random_, 3), indent=indent, ensure_ascii=random_.random() < 0.5)
    lines = text.split("\n")
    for number in range(len(lines) - 1):
        if random_.random() < 0.15:
            lines[number] += " // note"
    text = "\n".join(lines) + random_.choice(["", "\n", "\n\n"])
    return text.replace("\n", "\r\n") if random_.random() < 0.3 else text


@pytest.mark.parametrize("seed", range(20))
def test_random_documents_are_as_before(seed: int) -> None:
    random_ = random.Random(seed)
    for _ in range(40):
        text = _written(random_)
        for server in (JSON, TYPED):
            added = insertions.add_server(text, server)
            assert insertions.add_server(added, server) == added
            assert insertions.remove_server(added, server) == text


def test_every_assistant_has_a_form_that_is_known() -> None:
    assert {each.server.form for each in ASSISTANTS.values()} == set(Form)
    for each in ASSISTANTS.values():
        assert insertions.is_there(insertions.new_file(each.server), each.server)
