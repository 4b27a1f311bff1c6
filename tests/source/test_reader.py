"""The reader knows every statement and expression, and notes calls and names on the way."""

import ast
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from fastwright.source import syntax
from fastwright.source.facts import Facts, pack
from fastwright.source.nodes import Node, wrap
from fastwright.source.records import Details
from fastwright.source.scopes import Form, Use


def body(text: str) -> list[Any]:
    return [wrap(raw) for raw in Facts.of(pack(text.encode())).body]


def statement(text: str) -> Any:
    (found,) = body(text)
    return found


def expression(text: str) -> Any:
    found = statement(text)
    assert isinstance(found, syntax.ExpressionStatement)
    return found.value


def details(text: str, name: str = "<module>") -> Details:
    facts = Facts.of(pack(text.encode()))
    return Details.of(next(each.details for each in facts.functions if each.name == name))


def names(node: Node) -> list[str]:
    return [each.id for each in syntax.walk(node) if isinstance(each, syntax.Name)]


def unparsed(node: Node) -> list[Node]:
    """Return what is not known below a node; patterns are not looked into."""
    below = list(syntax.walk(node))
    patterns = [each.pattern for each in below if isinstance(each, syntax.Case)]
    return [
        each
        for each in below
        if isinstance(each, syntax.Unparsed)
        and not any(one.start <= each.start and each.end <= one.end for one in patterns)
    ]


# Walking, and what is read.


def test_walking_goes_in_source_order_and_may_be_for_some_kinds_only() -> None:
    (found,) = body("if a(b, c=d):\n    e[f]\nelse:\n    g(h)\n")
    found_names = syntax.walk_all((found,), syntax.Name)
    written = [each.id for each in found_names if isinstance(each, syntax.Name)]
    assert written == list("abdefgh")
    assert [type(each) for each in syntax.walk_all((found,), syntax.Subscript, syntax.Call)] == [
        syntax.Call,
        syntax.Subscript,
        syntax.Call,
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("self.a.b", ["a", "b"]),
        ("self.a = other.b", ["b"]),
        ("self.a.b = self.c = d", ["a"]),
        ("self.a: x.b = other.c", ["c"]),
        ("self.a[0] = b", ["a"]),
        ("self.a, self.b = c", ["a", "b"]),
        ("self.a += b", ["a"]),
        ("lambda x=self.a: self.b", []),
        ("[x.a for x in self.b if x.c]", ["b", "c", "a"]),
        ("@self.a\ndef g(x: t.b = u.c) -> v.d: w.e", ["a", "b", "c", "d"]),
        ("class C(a.b):\n    x = c.d\n    def g(self): self.e", ["b", "d"]),
    ],
)
def test_what_a_function_reads_of_objects_is_noted(text: str, read: list[str]) -> None:
    lines = "".join(f"    {line}\n" for line in text.split("\n"))
    assert [raw[4] for raw in details(f"def f(self):\n{lines}", "f").read] == read


# Statements.


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a", syntax.ExpressionStatement),
        ("a = b", syntax.Assign),
        ("a: b", syntax.Assign),
        ("a += b", syntax.AugmentedAssign),
        ("type A = b", syntax.TypeAlias),
        ("return a", syntax.Return),
        ("raise a", syntax.Raise),
        ("if a: b", syntax.If),
        ("for a in b: c", syntax.For),
        ("while a: b", syntax.While),
        ("with a: b", syntax.With),
        ("try: a\nfinally: b", syntax.Try),
        ("match a:\n    case b: c", syntax.Match),
        ("import a", syntax.Import),
        ("from a import b", syntax.ImportFrom),
        ("from __future__ import annotations", syntax.ImportFrom),
        ("global a", syntax.Declaration),
        ("nonlocal a", syntax.Declaration),
        ("del a", syntax.Delete),
        ("assert a", syntax.Assert),
        ("pass", syntax.Simple),
        ("break", syntax.Simple),
        ("continue", syntax.Simple),
        ("def f(): pass", syntax.FunctionDef),
        ("class A: pass", syntax.ClassDef),
        ("@a\ndef f(): pass", syntax.FunctionDef),
        ("@a\nclass A: pass", syntax.ClassDef),
    ],
)
def test_every_statement_is_known(text: str, kind: type[Node]) -> None:
    found = statement(text)
    assert type(found) is kind
    assert (found.start, found.end) == (0, len(text))
    assert type(statement(f"# before\n{text}  # after\n")) is kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a", syntax.Name),
        ("a.b", syntax.Attribute),
        ("a()", syntax.Call),
        ("'a'", syntax.String),
        ("f'a'", syntax.FormattedString),
        ("t'a'", syntax.FormattedString),
        ("1", syntax.Number),
        ("1.5e3j", syntax.Number),
        ("0xff_ff", syntax.Number),
        ("None", syntax.Constant),
        ("True", syntax.Constant),
        ("False", syntax.Constant),
        ("...", syntax.Constant),
        ("[a]", syntax.Collection),
        ("(a, b)", syntax.Collection),
        ("a, b", syntax.Collection),
        ("{a}", syntax.Collection),
        ("{}", syntax.Dict),
        ("a[b]", syntax.Subscript),
        ("await a", syntax.Await),
        ("yield a", syntax.Yield),
        ("a + b", syntax.BinaryOperation),
        ("a or b", syntax.BinaryOperation),
        ("a @ b", syntax.BinaryOperation),
        ("a // b", syntax.BinaryOperation),
        ("not a", syntax.UnaryOperation),
        ("~a", syntax.UnaryOperation),
        ("a < b", syntax.Comparison),
        ("a if b else c", syntax.Conditional),
        ("(a := b)", syntax.Walrus),
        ("lambda: a", syntax.Lambda),
        ("[a for a in b]", syntax.Comprehension),
        ("{a for a in b}", syntax.Comprehension),
        ("{a: b for a in b}", syntax.Comprehension),
        ("(a for a in b)", syntax.Comprehension),
    ],
)
def test_every_expression_is_known(text: str, kind: type[Node]) -> None:
    assert type(expression(text)) is kind
    assert type(expression(f"(  # before\n{text}\n# after\n)")) is kind


def test_an_if_nests_its_elifs() -> None:
    match statement("if a: b\nelif c: d\nelif e: f\nelse: g\n"):
        case syntax.If(
            syntax.Name("a"),
            (_,),
            (syntax.If(syntax.Name("c"), (_,), (syntax.If(syntax.Name("e"), (_,), (last,)),)),),
        ):
            assert names(last) == ["g"]
        case other:
            pytest.fail(str(other))


def test_a_try_has_all_its_parts() -> None:
    text = (
        "try: a\nexcept: b\nexcept C: d\nexcept (E, F) as g: h\n"
        "except I, J: k\nelse: l\nfinally: m\n"
    )
    found = statement(text)
    kinds = [handler.type and names(handler.type) for handler in found.handlers]
    assert kinds == [None, ["C"], ["E", "F"], ["I", "J"]]
    assert [handler.name for handler in found.handlers] == [None, None, "g", None]
    bodies = [found.body, *(handler.body for handler in found.handlers)]
    assert [names(each[0]) for each in bodies] == [["a"], ["b"], ["d"], ["h"], ["k"]]
    assert names(found.otherwise[0]) == ["l"]
    assert names(found.final[0]) == ["m"]


def test_exception_groups_are_handlers() -> None:
    (handler,) = statement("try: a\nexcept* B as c: d\n").handlers
    assert (names(handler.type), handler.name) == (["B"], "c")


def test_comments_may_stand_between_all_parts() -> None:
    text = (
        "if a:  # 1\n    # 2\n    b\n    # 3\n# 4\nelse:  # 5\n    # 6\n"
        "    c\nfor d in e:  # 7\n    # 8\n    f\ntry:  # 9\n    g\n# 10\n"
        "except H:  # 11\n    # 12\n    i\nfinally:  # 13\n    # 14\n"
        "    j\nwith (  # 15\n    k as l,  # 16\n    # 17\n    m,\n"
        "):  # 18\n    n\nf(  # 19\n    o,  # 20\n    # 21\n"
        "    p=q,  # 22\n    *r,  # 23\n    **s,  # 24\n)\nt = [  # 25\n"
        "    u,  # 26\n]\nv = {  # 27\n    w: x,  # 28\n    # 29\n"
        "    **y,\n}\ndef z(  # 30\n    a,  # 31\n    # 32\n    b=1,\n"
        "):  # 33\n    # 34\n    return a\nclass A(  # 35\n    B,  # 36\n"
        "):\n    # 37\n    c: d  # 38\nfrom a import (  # 39\n"
        "    b,  # 40\n    # 41\n    c as d,\n)\nmatch a:  # 42\n    # 43\n"
        "    case b:  # 44\n        # 45\n        c\ne = (  # 46\n"
        "    f  # 47\n    + g\n    # 48\n    if h  # 49\n    else i\n)\n"
        "return (  # 50\n    # 51\n    j  # 52\n)\nk = l[  # 53\n"
        "    m  # 54\n]\nn = [  # 55\n    o  # 56\n    for p in q  # 57\n"
        "    # 58\n    if r  # 59\n]\ns = 't' \\\n    'u'\nw = (  # 60\n"
        "    'x'  # 61\n    # 62\n    'y'\n)\nz = await (  # 63\n    a\n)\n"
    )
    found = body(text)
    assert [each for node in found for each in unparsed(node)] == []
    call = found[4].value
    assert [names(each) for each in call.arguments] == [["o"], ["r"]]
    assert [(each.name, names(each.value)) for each in call.keywords] == [
        ("p", ["q"]),
        (None, ["s"]),
    ]
    assert [names(item) for item in found[3].items] == [["k", "l"], ["m"]]
    assert [each.name for each in found[7].parameters] == ["a", "b"]
    assert [each.name for each in found[9].names] == ["b", "c"]
    assert found[15].value.value == "tu"
    assert found[16].value.value == "xy"


def test_statements_on_one_line_are_apart() -> None:
    found = body("a = 1; b(); c  ;\nif d: e; f()\n")
    kinds = [syntax.Assign, syntax.ExpressionStatement, syntax.ExpressionStatement, syntax.If]
    assert [type(each) for each in found] == kinds
    assert len(found[3].body) == 2


def test_line_ends_of_windows_change_nothing_but_places() -> None:
    text = "def f(a):\n    if a:\n        return 'b'  # c\n    d = '''e\nf'''\n    return d\n"
    unix, windows = details(text, "f"), details(text.replace("\n", "\r\n"), "f")
    kinds = [type(each) for raw in unix.body for each in syntax.walk(wrap(raw))]
    assert [type(each) for raw in windows.body for each in syntax.walk(wrap(raw))] == kinds


def test_places_are_bytes() -> None:
    text = "ü = 'ä€😀'; ñ = f(ü)\n"
    second = body(text)[1]
    assert text.encode()[second.start : second.end].decode() == "ñ = f(ü)"
    assert second.targets[0].id == "ñ"


# Strings.


@pytest.mark.parametrize(
    "text",
    [
        "'plain'",
        '"double"',
        "'''triple\nlines'''",
        "r'\\d'",
        "R'\\d'",
        "u'text'",
        "'\\n\\t\\x41\\u00e9\\N{BULLET}\\101\\''",
        "'ü\\n€'",
        "'a\\\nb'",
        "'a' 'b'",
        "'a' r'\\b' \"c\"",
        "('a'\n 'b')",
        "'{not a hole}'",
        "'😀\\U0001F600'",
        "''",
        "'\\q'",
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::SyntaxWarning")
def test_a_string_has_its_value(text: str) -> None:
    assert expression(text).value == ast.literal_eval(text)


@pytest.mark.parametrize("text", ["b'a'", "Rb'a'", "'a' b'c'"])
def test_bytes_are_strings_without_a_value(text: str) -> None:
    found = expression(text)
    assert isinstance(found, syntax.String)
    assert found.value is None


@pytest.mark.parametrize(
    "text", ["f'{a}b{c!r:>{d}}'", "F'''{a}b{c}'''", "rf'{a}\\d{c}'", "t'{a}{c}'"]
)
def test_a_formatted_string_has_its_holes(text: str) -> None:
    found = expression(text)
    assert isinstance(found, syntax.FormattedString)
    assert names(found)[:2] == ["a", "c"]


def test_a_formatted_string_may_stand_beside_others() -> None:
    found = expression("'a' f'{b}' 'c'")
    assert isinstance(found, syntax.FormattedString)
    assert [getattr(each, "value", None) or getattr(each, "id", None) for each in found.parts] == [
        "a",
        "b",
        "c",
    ]


def test_what_is_called_in_a_hole_is_noted() -> None:
    assert len(details("x = f'{a()} {b():{c()}}'").calls) == 3


def test_an_endless_text_is_cut() -> None:
    assert len(expression(f"'{'a' * 10_000}'").value) < 10_000


def test_a_long_text_with_escapes_at_the_cut_is_read() -> None:
    assert expression("'" + "\\n" * 5000 + "'").value.startswith("\n\n")
    assert expression("'" + "a" * 3999 + "\\n'").value.startswith("aaa")


# Definitions.


def test_parameters_have_their_forms() -> None:
    found = statement("def f(a, b: int, /, c, d=1, *e: str, g, h: int = 2, **i): pass")
    forms = [
        (each.name, each.form, each.annotation is None, each.default is None)
        for each in found.parameters
    ]
    assert forms == [
        ("a", "positional", True, True),
        ("b", "positional", False, True),
        ("c", "plain", True, True),
        ("d", "plain", True, False),
        ("e", "*", False, True),
        ("g", "keyword", True, True),
        ("h", "keyword", False, False),
        ("i", "**", True, True),
    ]


def test_a_bare_star_begins_the_keywords() -> None:
    forms = [(each.name, each.form) for each in statement("def f(a, *, b): pass").parameters]
    assert forms == [("a", "plain"), ("b", "keyword")]


def test_a_lambda_has_parameters() -> None:
    found = expression("lambda a, *b, c=1, **d: a")
    assert [(each.name, each.form) for each in found.parameters] == [
        ("a", "plain"),
        ("b", "*"),
        ("c", "keyword"),
        ("d", "**"),
    ]


def test_decorators_stand_outermost_first() -> None:
    text = "@a.b(c)  # d\n@e\n# g\n@(h)\n@i[0].j()\nasync def f(): pass\n"
    found = statement(text)
    assert [type(each) for each in found.decorators] == [
        syntax.Call,
        syntax.Name,
        syntax.Name,
        syntax.Call,
    ]
    assert found.is_async
    assert text[found.name_start :].startswith("f()")
    assert found.start == 0


def test_a_class_has_bases_keywords_and_a_body() -> None:
    found = statement(
        "@a\nclass B[T](C[T], *D, metaclass=E, **F):\n    g: h = 1\n    def i(self): pass\n"
    )
    assert names(found.bases[0]) == ["C", "T"]
    assert [each.name for each in found.keywords] == ["metaclass"]
    assert [type(each) for each in found.body] == [syntax.Assign, syntax.FunctionDef]


@pytest.mark.parametrize(
    "text",
    [
        "def f[T](a: T) -> T: return g(a)",
        "def f[T: (int, str), *Ts, **P](a: T, *b: *Ts) -> T: return g(a)",
        "def f[T = int](a: T) -> T: return g(a)",
        "async def f[T: int = int](a: T) -> list[T]: return g(a)",
    ],
)
def test_type_parameters_do_not_disturb_a_function(text: str) -> None:
    found = statement(text)
    assert isinstance(found, syntax.FunctionDef)
    assert found.name == "f"
    assert found.parameters[0].name == "a"
    assert found.returns is not None
    assert len(details(text, "f").calls) == 1


def test_a_type_alias_is_a_name_with_a_value() -> None:
    for text in ("type A = list[b]", "type A[T] = list[b]", "type A[T = int] = list[b]"):
        found = statement(text)
        assert (found.name, names(found.value)) == ("A", ["list", "b"])
        assert [binding[0] for binding in details(text).bindings["A"]] == [Form.VALUE]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import a", [("a", "a", False)]),
        ("import a.b.c", [("a.b.c", "a", False)]),
        ("import a.b as c, d", [("a.b", "c", True), ("d", "d", False)]),
        ("from a import b, c as d", [("b", "b", False), ("c", "d", True)]),
        ("from a import (b,)", [("b", "b", False)]),
        ("from a import *", [("*", "*", False)]),
    ],
)
def test_imports_have_names(text: str, expected: list[tuple[str, str, bool]]) -> None:
    assert [(each.name, each.bound, each.renamed) for each in statement(text).names] == expected


@pytest.mark.parametrize(
    ("text", "level", "module"),
    [
        ("from a.b import c", 0, "a.b"),
        ("from . import c", 1, ""),
        ("from .a import c", 1, "a"),
        ("from ... import c", 3, ""),
        ("from ...a.b import c", 3, "a.b"),
        ("from . a . b import c", 1, "a.b"),
        ("from .... \\\n  a import c", 4, "a"),
        ("from __future__ import annotations", 0, "__future__"),
    ],
)
def test_imports_have_a_module(text: str, level: int, module: str) -> None:
    found = statement(text)
    assert (found.level, found.module) == (level, module)


# Python 2, and what cannot be parsed.


@pytest.mark.parametrize(
    "text",
    [
        "print 'a', f(b)",
        "print >>c, f(b)",
        "exec f(b) in c",
        "try:\n    f(b)\nexcept A, e:\n    pass",
        "raise A, f(b)",
        "x = 10L + f(b)",
        "def g((a, c), d): f(b)",
    ],
)
def test_python_2_is_read(text: str) -> None:
    facts = Facts.of(pack(text.encode()))
    calls = [call for each in facts.functions for call in Details.of(each.details).calls]
    assert len(calls) == 1


@pytest.mark.parametrize(
    "broken",
    [
        "x = = 1",
        "def (a): pass",
        "x = [1, 2",
        "class :",
        "import",
        "from a import",
        "lazy import json",
        "if :",
        "for in b: pass",
        "foo bar baz",
        "x = $1",
        "@",
        "return return",
        "x: = 1",
        "}",
        "f(a b)",
        "else: pass",
        "with : pass",
        "try: pass",
        "\0",
        "x = 1\0",
        "<<<<<<< HEAD",
    ],
)
def test_nothing_is_lost_around_an_error(broken: str) -> None:
    text = (
        f"import a\ndef before(b):\n    return c(b)\n\n{broken}\n\ndef after(d):\n    return e(d)\n"
    )
    facts = Facts.of(pack(text.encode()))
    found = {each.name.rpartition(".")[2] for each in facts.functions}
    if broken == "x = [1, 2":  # an open bracket swallows what follows
        found.add("after")
    assert {"before", "after"} <= found
    assert "a" in Details.of(facts.functions[0].details).bindings


@pytest.mark.parametrize(
    "text", ["a = = b", "a == ? b", "a == b c", "a == $ b == c", "a ?? b == c"]
)
def test_a_comparison_has_one_operator_between_two_operands(text: str) -> None:
    nodes = [each for node in body(f"if {text}: d\n") for each in syntax.walk(node)]
    for node in nodes:
        if isinstance(node, syntax.Comparison):
            assert len(node.operands) == len(node.operators) + 1


# Calls and how they are used.


def uses(text: str, name: str = "<module>") -> dict[str, int]:
    return {wrap(raw).function.id: use for raw, use in details(text, name).calls}


def test_calls_say_how_their_result_is_used() -> None:
    text = (
        "async def f():\n"
        "    dropped()\n"
        "    await awaited()\n"
        "    x = assigned()\n"
        "    y: int = await both()\n"
        "    g(argument(), k=keyword())\n"
        "    with entered() as z: pass\n"
        "    async with awaited_entered(): pass\n"
        "    if (n := walrus()): pass\n"
        "    plain() + 1\n"
        "    return returned()\n"
    )
    assert uses(text, "f") == {
        "dropped": Use.DROPPED,
        "awaited": Use.AWAITED | Use.DROPPED,
        "assigned": Use.ASSIGNED,
        "both": Use.AWAITED | Use.ASSIGNED,
        "g": Use.DROPPED,
        "argument": Use.ARGUMENT,
        "keyword": Use.ARGUMENT,
        "entered": Use.ENTERED,
        "awaited_entered": Use.ENTERED,
        "walrus": Use.ASSIGNED,
        "plain": 0,
        "returned": Use.RETURNED,
    }


def test_calls_say_where_they_stand() -> None:
    text = (
        "@decorator()\n"
        "def f(a: annotation() = default()) -> result(): pass\n"
        "x: variable() = value()\n"
        "for a in iterable():\n"
        "    looped()\n"
        "else:\n"
        "    after()\n"
        "while condition():\n"
        "    inner()\n"
        "y = [item() for b in source() if test() for c in second()]\n"
        "z = lambda p=outside(): inside()\n"
    )
    assert uses(text) == {
        "decorator": Use.IN_DECORATOR,
        "annotation": Use.IN_SIGNATURE,
        "default": Use.IN_SIGNATURE,
        "result": Use.IN_SIGNATURE,
        "variable": Use.IN_SIGNATURE,
        "value": Use.ASSIGNED,
        "iterable": 0,
        "looped": Use.IN_LOOP | Use.DROPPED,
        "after": Use.DROPPED,
        "condition": Use.IN_LOOP,
        "inner": Use.IN_LOOP | Use.DROPPED,
        "item": Use.IN_LOOP,
        "source": 0,
        "test": Use.IN_LOOP,
        "second": Use.IN_LOOP,
        "outside": 0,
        "inside": Use.IN_LAMBDA,
    }


def test_a_function_in_a_loop_is_no_part_of_it() -> None:
    assert uses("for a in b:\n    def f():\n        g()\n", "f") == {"g": Use.DROPPED}


def test_the_body_of_a_class_runs_where_the_class_stands() -> None:
    assert uses("class A(base()):\n    x = field()\n") == {"base": 0, "field": Use.ASSIGNED}


# Names.


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("x = 1", [Form.VALUE]),
        ("x: int", [Form.ANNOTATED]),
        ("x: int = 1", [Form.ANNOTATED]),
        ("x = y = 1", [Form.VALUE]),
        ("x, y = 1, 2", [Form.UNPACKED]),
        ("[y, *x] = z", [Form.OTHER]),
        ("(y, (x, z)) = w", [Form.OTHER]),
        ("for x in y: pass", [Form.ITEM]),
        ("for x, y in z: pass", [Form.OTHER]),
        ("with y as x: pass", [Form.ENTERED]),
        ("try: pass\nexcept E as x: pass", [Form.CAUGHT]),
        ("import x", [Form.IMPORTED]),
        ("from y import z as x", [Form.IMPORTED]),
        ("def x(): pass", [Form.FUNCTION]),
        ("class x: pass", [Form.CLASS]),
        ("if (x := y): pass", [Form.VALUE]),
        ("match y:\n    case A(z=[x, *w]): pass", [Form.OTHER]),
        ("match y:\n    case {'k': x}: pass", [Form.OTHER]),
        ("match y:\n    case 1 as x: pass", [Form.OTHER]),
        ("match y:\n    case x.y | x.z(): pass", []),
        ("match y:\n    case A(x=1) | {x.y: 1}: pass", []),
        ("match y:\n    case A(z=x): pass", [Form.OTHER]),
        ("match y:\n    case A(x): pass", [Form.OTHER]),
        ("match y:\n    case x: pass", [Form.OTHER]),
        ("if a: x = 1\nelse: x = 2", [Form.VALUE, Form.VALUE]),
        ("x.y = 1", []),
        ("x[0] = 1", []),
    ],
)
def test_names_say_how_they_came_to_their_values(text: str, forms: list[int]) -> None:
    found = details(text).bindings.get("x", [])
    assert [binding[0] for binding in found] == forms


def test_a_declared_global_is_no_name_of_the_function() -> None:
    assert "x" not in details("def f():\n    global x\n    x = 1\n", "f").bindings


def test_what_a_method_assigns_to_its_object_is_noted() -> None:
    facts = Facts.of(
        pack(
            b"class A:\n"
            b"    def __init__(this, b):\n"
            b"        this.c = b\n"
            b"        this.d: int = 1\n"
            b"        with e as this.f: pass\n"
            b"        this.g.h = 1\n"
            b"        def inner(): this.lost = 1\n"
            b"    @staticmethod\n"
            b"    def i(this): this.j = 1\n"
        )
    )
    found = {
        name: [each[1][0] for each in all_] for name, all_ in facts.classes[0].attributes.items()
    }
    assert found == {"c": [Form.VALUE], "d": [Form.ANNOTATED], "f": [Form.ENTERED]}


def test_generators_and_results_are_noted() -> None:
    text = "def f():\n    x = yield a\n    yield from b\n    def g(): return c\n    return d\n"
    found = details(text, "f")
    assert found.is_generator
    assert not found.awaits
    assert [wrap(raw).id for raw in found.yields] == ["a"]
    assert [wrap(raw).id for raw in found.returns] == ["d"]


# Everything together.


def test_the_standard_library_is_read_without_anything_unknown() -> None:
    folder = Path(sysconfig.get_path("stdlib"))
    known = {
        "ast.py",
        "dataclasses.py",
        "inspect.py",
        "typing.py",
        "argparse.py",
        "enum.py",
        "socket.py",
    }
    for file in sorted(folder.glob("*.py")):
        if file.name not in known:
            continue
        facts = Facts.of(pack(file.read_bytes()))
        tree = ast.parse(file.read_bytes())
        expected = [
            node.name
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        assert facts.errors == 0
        found = [each.name.rpartition(".")[2] for each in facts.functions[1:]]
        assert sorted(found) == sorted(expected)
        calls = sum(len(Details.of(each.details).calls) for each in facts.functions)
        assert calls == sum(isinstance(node, ast.Call) for node in ast.walk(tree))
        bodies = [wrap(raw) for each in facts.functions for raw in Details.of(each.details).body]
        assert [each for node in bodies for each in unparsed(node)] == []


def test_nodes_of_a_file_are_equal_to_themselves_only() -> None:
    one, other = body("a = b\na = b\n")
    assert one == one  # noqa: PLR0124 - it is what is asked
    assert one != other
    assert len({one, other, one}) == 2
