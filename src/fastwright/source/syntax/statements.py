"""Statements, and the parts that they are made of."""

from fastwright.source.nodes import Child, Children, Field, Node
from fastwright.source.syntax.expressions import Expression, Keyword, Parameter, Statement


class ExpressionStatement(Statement):
    """An expression on a line of its own."""

    __slots__ = ()
    __match_args__ = ("value",)
    value = Child[Expression](0)


class Assign(Statement):
    """`a = b = value`, also annotated; `value` is None for a bare annotation."""

    __slots__ = ()
    __match_args__ = ("targets", "annotation", "value")
    targets = Children[Expression](0)
    annotation = Child[Expression | None](1)
    value = Child[Expression | None](2)


class AugmentedAssign(Statement):
    """`target += value`."""

    __slots__ = ()
    __match_args__ = ("target", "operator", "value")
    target = Child[Expression](0)
    operator = Field[str](1)
    value = Child[Expression](2)


class TypeAlias(Statement):
    """`type name = value`."""

    __slots__ = ()
    __match_args__ = ("name", "value")
    name = Field[str](0)
    value = Child[Expression](1)


class Return(Statement):
    """`return value`."""

    __slots__ = ()
    __match_args__ = ("value",)
    value = Child[Expression | None](0)


class Raise(Statement):
    """`raise value from cause`."""

    __slots__ = ()
    __match_args__ = ("value", "cause")
    value = Child[Expression | None](0)
    cause = Child[Expression | None](1)


class If(Statement):
    """An `elif` is an `If` alone in `otherwise`."""

    __slots__ = ()
    __match_args__ = ("test", "body", "otherwise")
    test = Child[Expression](0)
    body = Children[Statement](1)
    otherwise = Children[Statement](2)


class For(Statement):
    """`for target in iterable: body`, also `async for`."""

    __slots__ = ()
    __match_args__ = ("target", "iterable", "body", "otherwise")
    target = Child[Expression](0)
    iterable = Child[Expression](1)
    body = Children[Statement](2)
    otherwise = Children[Statement](3)
    is_async = Field[bool](4)


class While(Statement):
    """`while test: body`."""

    __slots__ = ()
    __match_args__ = ("test", "body", "otherwise")
    test = Child[Expression](0)
    body = Children[Statement](1)
    otherwise = Children[Statement](2)


class WithItem(Node):
    """`value as target` of a `with`."""

    __slots__ = ()
    __match_args__ = ("value", "target")
    value = Child[Expression](0)
    target = Child[Expression | None](1)


class With(Statement):
    """`with items: body`, also `async with`."""

    __slots__ = ()
    __match_args__ = ("items", "body")
    items = Children[WithItem](0)
    body = Children[Statement](1)
    is_async = Field[bool](2)


class Handler(Node):
    """`except type as name: body`; `type` is None for a bare `except`."""

    __slots__ = ()
    __match_args__ = ("type", "name", "body")
    type = Child[Expression | None](0)
    name = Field[str | None](1)
    body = Children[Statement](2)


class Try(Statement):
    """`try: body`; `final` is the body of `finally`."""

    __slots__ = ()
    __match_args__ = ("body", "handlers", "otherwise", "final")
    body = Children[Statement](0)
    handlers = Children[Handler](1)
    otherwise = Children[Statement](2)
    final = Children[Statement](3)


class Case(Node):
    """`case pattern if guard: body`."""

    __slots__ = ()
    __match_args__ = ("pattern", "guard", "body")
    pattern = Child[Expression](0)
    guard = Child[Expression | None](1)
    body = Children[Statement](2)


class Match(Statement):
    """`match subject: cases`."""

    __slots__ = ()
    __match_args__ = ("subject", "cases")
    subject = Child[Expression](0)
    cases = Children[Case](1)


class Alias(Node):
    """`name as bound`; without `as`, what `import a.b` binds is `a`."""

    __slots__ = ()
    __match_args__ = ("name", "bound")
    name = Field[str](0)
    bound = Field[str](1)
    renamed = Field[bool](2)


class Import(Statement):
    """`import names`."""

    __slots__ = ()
    __match_args__ = ("names",)
    names = Children[Alias](0)


class ImportFrom(Statement):
    """`from ..module import names`: `level` counts the dots; one name `*` is everything."""

    __slots__ = ()
    __match_args__ = ("level", "module", "names")
    level = Field[int](0)
    module = Field[str](1)
    names = Children[Alias](2)


class Declaration(Statement):
    """`global` and `nonlocal` (`keyword`)."""

    __slots__ = ()
    __match_args__ = ("keyword", "names")
    keyword = Field[str](0)
    names = Field[tuple[str, ...]](1)


class Delete(Statement):
    """`del targets`."""

    __slots__ = ()
    __match_args__ = ("targets",)
    targets = Children[Expression](0)


class Assert(Statement):
    """`assert test, message`."""

    __slots__ = ()
    __match_args__ = ("test", "message")
    test = Child[Expression](0)
    message = Child[Expression | None](1)


class Simple(Statement):
    """`pass`, `break`, `continue` (`keyword`)."""

    __slots__ = ()
    __match_args__ = ("keyword",)
    keyword = Field[str](0)


class FunctionDef(Statement):
    """A function without its body, which `index` finds among the file's functions."""

    __slots__ = ()
    __match_args__ = ("name", "parameters")
    name = Field[str](0)
    parameters = Children[Parameter](1)
    returns = Child[Expression | None](2)
    decorators = Children[Expression](3)
    is_async = Field[bool](4)
    index = Field[int](5)
    name_start = Field[int](6)


class ClassDef(Statement):
    """A class with its body; `index` finds it among the file's classes."""

    __slots__ = ()
    __match_args__ = ("name", "bases", "body")
    name = Field[str](0)
    bases = Children[Expression](1)
    keywords = Children[Keyword](2)
    decorators = Children[Expression](3)
    body = Children[Statement](4)
    index = Field[int](5)
    name_start = Field[int](6)
