"""Expressions, and the parts that they are made of."""

from fastwright.source.nodes import Child, Children, Field, Node, wrap


class Expression(Node):
    """What has a value."""

    __slots__ = ()


class Statement(Node):
    """What does something."""

    __slots__ = ()


class Name(Expression):
    """`id`."""

    __slots__ = ()
    __match_args__ = ("id",)
    id = Field[str](0)


class Attribute(Expression):
    """`value.name`."""

    __slots__ = ()
    __match_args__ = ("value", "name")
    value = Child[Expression](0)
    name = Field[str](1)


class Keyword(Node):
    """`name=value` in a call or class; `name` is None for `**value`."""

    __slots__ = ()
    __match_args__ = ("name", "value")
    name = Field[str | None](0)
    value = Child[Expression](1)


class Call(Expression):
    """`function(arguments, keywords)`."""

    __slots__ = ()
    __match_args__ = ("function", "arguments", "keywords")
    function = Child[Expression](0)
    arguments = Children[Expression](1)
    keywords = Children[Keyword](2)

    def keyword(self, name: str) -> Expression | None:
        """Return what is passed by this name."""
        for each in self.raw[5]:
            if each[3] == name:
                value: Expression = wrap(each[4])
                return value
        return None

    def argument(self, position: int, name: str) -> Expression | None:
        """Return what is passed at a position or by a name; None too where `*args` hide it."""
        passed = self.raw[4]
        for each in passed[: position + 1]:
            if each[0] == Starred.kind:
                return None
        if position >= len(passed):
            return self.keyword(name)
        value: Expression = wrap(passed[position])
        return value


class String(Expression):
    """Text, also of neighbouring literals; `value` is None for bytes."""

    __slots__ = ()
    __match_args__ = ("value",)
    value = Field[str | None](0)


class FormattedString(Expression):
    """An f-string or t-string: `String`s and the expressions between them."""

    __slots__ = ()
    __match_args__ = ("parts",)
    parts = Children[Expression](0)


class Number(Expression):
    """A number, as it is written."""

    __slots__ = ()
    __match_args__ = ("text",)
    text = Field[str](0)


class Constant(Expression):
    """`None`, `True`, `False` or `...`, as it is written."""

    __slots__ = ()
    __match_args__ = ("text",)
    text = Field[str](0)


class Collection(Expression):
    """A list, tuple or set display; `form` is `list`, `tuple` or `set`."""

    __slots__ = ()
    __match_args__ = ("form", "items")
    form = Field[str](0)
    items = Children[Expression](1)


class Pair(Node):
    """`key: value` in a dict display; `key` is None for `**value`."""

    __slots__ = ()
    __match_args__ = ("key", "value")
    key = Child[Expression | None](0)
    value = Child[Expression](1)


class Dict(Expression):
    """`{key: value}`."""

    __slots__ = ()
    __match_args__ = ("pairs",)
    pairs = Children[Pair](0)


class Subscript(Expression):
    """`value[items]`; also a generic type in an annotation."""

    __slots__ = ()
    __match_args__ = ("value", "items")
    value = Child[Expression](0)
    items = Children[Expression](1)


class Slice(Expression):
    """`a:b:c` in a subscript."""

    __slots__ = ()
    __match_args__ = ("parts",)
    parts = Children[Expression](0)


class Await(Expression):
    """`await value`."""

    __slots__ = ()
    __match_args__ = ("value",)
    value = Child[Expression](0)


class Yield(Expression):
    """`yield` and `yield from` (`delegates`)."""

    __slots__ = ()
    __match_args__ = ("value",)
    value = Child[Expression | None](0)
    delegates = Field[bool](1)


class Starred(Expression):
    """`*value`."""

    __slots__ = ()
    __match_args__ = ("value",)
    value = Child[Expression](0)


class BinaryOperation(Expression):
    """`+`, `|`, … and `and`, `or`."""

    __slots__ = ()
    __match_args__ = ("left", "operator", "right")
    left = Child[Expression](0)
    operator = Field[str](1)
    right = Child[Expression](2)


class UnaryOperation(Expression):
    """`not`, `-`, `+`, `~`."""

    __slots__ = ()
    __match_args__ = ("operator", "operand")
    operator = Field[str](0)
    operand = Child[Expression](1)


class Comparison(Expression):
    """`a < b <= c`: three operands and two operators."""

    __slots__ = ()
    __match_args__ = ("operands", "operators")
    operands = Children[Expression](0)
    operators = Field[tuple[str, ...]](1)


class Conditional(Expression):
    """`body if test else otherwise`."""

    __slots__ = ()
    __match_args__ = ("body", "test", "otherwise")
    body = Child[Expression](0)
    test = Child[Expression](1)
    otherwise = Child[Expression](2)


class Walrus(Expression):
    """`(name := value)`."""

    __slots__ = ()
    __match_args__ = ("name", "value")
    name = Field[str](0)
    value = Child[Expression](1)


class Parameter(Node):
    """`form` is `positional`, `plain`, `keyword`, `*` or `**`."""

    __slots__ = ()
    __match_args__ = ("name", "form", "annotation", "default")
    name = Field[str](0)
    form = Field[str](1)
    annotation = Child[Expression | None](2)
    default = Child[Expression | None](3)


class Lambda(Expression):
    """`lambda parameters: body`."""

    __slots__ = ()
    __match_args__ = ("parameters", "body")
    parameters = Children[Parameter](0)
    body = Child[Expression](1)


class Clause(Node):
    """`for target in iterable if conditions` of a comprehension."""

    __slots__ = ()
    __match_args__ = ("target", "iterable", "conditions")
    target = Child[Expression](0)
    iterable = Child[Expression](1)
    conditions = Children[Expression](2)
    is_async = Field[bool](3)


class Comprehension(Expression):
    """`form` is `list`, `set`, `dict` or `generator`; a dict's item is a `Pair`."""

    __slots__ = ()
    __match_args__ = ("form", "item", "clauses")
    form = Field[str](0)
    item = Child[Node](1)
    clauses = Children[Clause](2)


class Unparsed(Expression, Statement):
    """What the grammar does not know, with whatever it could make out inside."""

    __slots__ = ()
    __match_args__ = ("children",)
    children = Children[Node](0)
