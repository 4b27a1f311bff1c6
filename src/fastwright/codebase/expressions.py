"""What each kind of expression stands for, by what its parts stand for."""

import builtins
from collections.abc import Callable
from typing import Any

from fastwright.codebase import results
from fastwright.codebase.definitions import Class, Function, Scope
from fastwright.codebase.knowledge import Knowledge
from fastwright.codebase.values import (
    ClassValue,
    Evaluator,
    External,
    Instance,
    Nothing,
    Parent,
    Text,
    TypeExpression,
    Value,
)
from fastwright.source.syntax import (
    Attribute,
    Await,
    BinaryOperation,
    Call,
    Collection,
    Comprehension,
    Conditional,
    Constant,
    Dict,
    Expression,
    FormattedString,
    Name,
    Number,
    String,
    Subscript,
    Walrus,
)

_TYPE_MAKERS = ("typing.", "typing_extensions.", "collections.abc.")

Rule = Callable[[Any, Scope], Value | None]


class Expressions:
    """A rule for each kind of expression but names; one of another kind is not followed."""

    def __init__(self, evaluator: Evaluator, knowledge: Knowledge) -> None:
        self._evaluator = evaluator
        self._knowledge = knowledge
        self.rules: dict[int, Rule] = {
            Attribute.kind: self._attribute,
            Call.kind: self._call,
            Await.kind: self._await,
            String.kind: self._string,
            FormattedString.kind: lambda _node, _scope: Instance("builtins.str"),
            Number.kind: lambda _node, _scope: Instance("builtins.int"),
            Constant.kind: self._constant,
            Subscript.kind: self._subscript,
            BinaryOperation.kind: self._binary,
            Conditional.kind: self._conditional,
            Collection.kind: self._collection,
            Comprehension.kind: self._comprehension,
            Dict.kind: lambda _node, _scope: Instance("builtins.dict"),
            Walrus.kind: self._walrus,
        }

    def _attribute(self, node: Attribute, scope: Scope) -> Value | None:
        return self._evaluator.member(self._evaluator.value(node.value, scope), node.name)

    def _call(self, node: Call, scope: Scope) -> Value | None:
        match node.function:
            case Name("super") if isinstance(scope, Function):
                return _super(scope)
            case Name("type") if len(node.arguments) == 1:
                value = self._evaluator.value(node.arguments[0], scope)
                if isinstance(value, Instance) and isinstance(value.of, Class):
                    return ClassValue(value.of)
                return None
        value = self._evaluator.value(node.function, scope)
        result = self._evaluator.result(value, node, scope)
        if isinstance(result, Instance) and isinstance(value, ClassValue | External):
            return Instance(result.of, result.arguments, (node, scope))
        return result

    def _await(self, node: Await, scope: Scope) -> Value | None:
        return results.awaited(self._evaluator.value(node.value, scope))

    def _string(self, node: String, _scope: Scope) -> Value | None:
        text = node.value
        return Instance("builtins.bytes") if text is None else Text(text)

    def _constant(self, node: Constant, _scope: Scope) -> Value | None:
        return Nothing() if node.text == "None" else Instance("builtins.bool")

    def _subscript(self, node: Subscript, scope: Scope) -> Value | None:
        base = self._evaluator.value(node.value, scope)
        match base:
            case ClassValue():
                return TypeExpression(node, scope)
            case External(name) if name.startswith(_TYPE_MAKERS) or _is_type(name):
                return TypeExpression(node, scope)
            case Instance("builtins.dict" | "typing.Mapping", (_, item)):
                return item
            case Instance("builtins.tuple", arguments) if isinstance(node.items[0], Number):
                position = int(node.items[0].text) if node.items[0].text.isdigit() else -1
                return arguments[position] if 0 <= position < len(arguments) else None
            case TypeExpression():
                return TypeExpression(node, scope)  # a generic alias
            case Instance(str() as name, ()):
                getter = f"{name}.__getitem__"
                return results.of_external(getter, None, scope, self._evaluator, self._knowledge)
            case _:
                return results.item_of(base)

    def _binary(self, node: BinaryOperation, scope: Scope) -> Value | None:
        left, operator, right = node.left, node.operator, node.right
        one = self._evaluator.value(left, scope)
        match operator, one:
            case "|", ClassValue() | External() | TypeExpression() | Nothing():
                return TypeExpression(node, scope)
            case "+", Text(text):
                other = self._evaluator.value(right, scope)
                return (
                    Text(text + other.value)
                    if isinstance(other, Text)
                    else Instance("builtins.str")
                )
            case "|", Instance():
                return self._piped((one, self._evaluator.value(right, scope)), scope)
            case "or", _:
                other = self._evaluator.value(right, scope)
                return other if one is None or one == Nothing() else one
            case "and", _:
                return self._evaluator.value(right, scope)
            case "/", Instance(str()):
                return one  # paths
            case _:
                return None

    def _piped(self, values: tuple[Value | None, ...], scope: Scope) -> Value | None:
        """Return what `one | other` gives, which either of them may say."""
        for each in values:
            if isinstance(each, Instance) and isinstance(each.of, str):
                found = self._evaluator.result(External(f"{each.of}.__or__"), None, scope)
                if found is not None:
                    return found
        return None

    def _conditional(self, node: Conditional, scope: Scope) -> Value | None:
        one = self._evaluator.value(node.body, scope)
        return self._evaluator.value(node.otherwise, scope) if one in (None, Nothing()) else one

    def _collection(self, node: Collection, scope: Scope) -> Value | None:
        return Instance(
            f"builtins.{node.form}",
            tuple([self._evaluator.value(each, scope) for each in node.items]),
        )

    def _comprehension(self, node: Comprehension, scope: Scope) -> Value | None:
        item = node.item
        inner = self._evaluator.value(item, scope) if isinstance(item, Expression) else None
        return Instance(f"builtins.{node.form}", (inner,))

    def _walrus(self, node: Walrus, scope: Scope) -> Value | None:
        return self._evaluator.value(node.value, scope)


def _super(scope: Function) -> Value | None:
    """Return what `super()` is in a method, or in a function within one."""
    function: Function | None = scope
    while function is not None:
        if function.owner is not None:
            return Parent(function.owner, function.owner)
        function = function.outer
    return None


def _is_type(name: str) -> bool:
    if name.rpartition(".")[2][:1].isupper():
        return True
    module, _, builtin = name.partition(".")
    return module == "builtins" and isinstance(getattr(builtins, builtin, None), type)
