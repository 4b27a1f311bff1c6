"""What is packed of a file is what is unpacked, and nothing is lost around errors."""

import pytest

from fastwright.source.facts import Facts, pack
from fastwright.source.records import Details

SNIPPETS = [
    "",
    "\n\n# only a comment\n",
    "x = 1",
    "def f(a, /, b: int = 1, *c, d, **e) -> None:\n    return g(a)\n",
    "class A(B, metaclass=C):\n    x: int = 1\n    def f(self): self.y = 2\n",
    "async def f():\n    async with a as b:\n        yield await b.c()\n",
    "import a.b as c\nfrom . import d as e\nfrom ..f import *\n",
    "for a, (b, *c) in d: pass\nelse: e()\n",
    "match a:\n    case B(c=[d, *e]) if f: g()\n    case {'h': i, **j} | k: pass\n",
    "try: a()\nexcept B as c: d()\nelse: e()\nfinally: f()\n",
    "x = [a async for b in c if d] + {e: f for e, f in g}\n",
    "type X[T: int] = list[T]\ndef f[*Ts, **P](): ...\nclass A[T = int]: ...\n",
    "lambda a, *b, c=1, **d: (yield)\n",
    "x = f'{a!r:>{b}}' t'{c}' rb'd' 'e'\n",
    "global a\nnonlocal b\ndel c, d[0]\nassert e, f\nraise G from h\n",
    "print 'x', y\nexec 'code' in {}\n",
    "x = (\n",
    "def \n",
    "ü = 'ä€😀'; ñ = ü\n",
]


@pytest.mark.parametrize("text", SNIPPETS)
def test_facts_come_back_as_they_went(text: str) -> None:
    packed = pack(text.encode())
    assert Facts.of(packed) == Facts.of(pack(text.encode()))
    facts = Facts.of(packed)
    assert facts.functions[0].name == "<module>"
    for function in facts.functions:
        Details.of(function.details)
    assert all(function.node is not None for function in facts.functions[1:])
    assert all(definition.node is not None for definition in facts.classes)


def test_functions_and_classes_have_qualified_names() -> None:
    facts = Facts.of(
        pack(
            b"class A:\n"
            b"    def b(self):\n"
            b"        def c(): pass\n"
            b"        class D:\n"
            b"            def e(self): pass\n"
            b"    class F:\n"
            b"        async def g(self): pass\n"
            b"def h(): pass\n"
        )
    )
    names = ["<module>", "A.b", "A.b.c", "A.b.D.e", "A.F.g", "h"]
    assert [each.name for each in facts.functions] == names
    assert [each.name for each in facts.classes] == ["A", "A.b.D", "A.F"]
    by_name = {each.name: each for each in facts.functions}
    assert by_name["A.b.c"].owner is None
    assert by_name["A.b.c"].outer == 1
    assert by_name["A.b.D.e"].owner == 1
    assert by_name["A.F.g"].owner == 2


def test_comments_that_speak_to_this_program_are_kept() -> None:
    text = (
        "x = 1  # fastwright: ignore\n"
        "y = '# fastwright: ignore'\n"
        "# noqa\n"
        "#fastwright: ignore[a/b] because ü\n"
        '"""\n# fastwright: ignore\n"""\n'
        "f(  # fastwright: ignore[c]\n)\n"
    )
    assert Facts.of(pack(text.encode())).ignores == [
        (1, "# fastwright: ignore"),
        (4, "#fastwright: ignore[a/b] because ü"),
        (8, "# fastwright: ignore[c]"),
    ]


@pytest.mark.parametrize(
    ("text", "errors", "first"),
    [
        ("x = 1\n", 0, 0),
        ("x = 1\ny = = 2\n", 1, 2),
        ("a = 1\n\ndef f[T = int](): ...\nx = = 1\n", 2, 3),
        ("a = 1\ntry:\n    b = 2\n", 1, 2),
        ("try:\n    pass\nfinally:\n    pass\n", 0, 0),
        ("a = 1\nif a:\nelse:\n    # nothing\n", 2, 2),
    ],
)
def test_errors_are_counted_with_the_line_of_the_first(text: str, errors: int, first: int) -> None:
    facts = Facts.of(pack(text.encode()))
    assert (facts.errors, facts.first_error) == (errors, first)
