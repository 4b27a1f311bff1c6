"""Reads expressions."""

from fastwright.source import syntax
from fastwright.source.nodes import Raw
from fastwright.source.reader.base import Tree
from fastwright.source.reader.parameters import ParameterReader
from fastwright.source.scopes import Form, Scope, Use

_CALL = syntax.Call.kind
_NAME = syntax.Name.kind
_AWAIT = syntax.Await.kind
_ATTRIBUTE = syntax.Attribute.kind
_STARRED = syntax.Starred.kind


class ExpressionReader(ParameterReader):
    """Reads any expression."""

    def __init__(self, source: bytes, scope: Scope) -> None:
        super().__init__(source, scope)
        self.handlers |= {
            "identifier": self._name,
            "attribute": self._attribute,
            "call": self._call,
            "string": self._string,
            "concatenated_string": self._concatenated,
            "integer": self._number,
            "float": self._number,
            "true": self._constant,
            "false": self._constant,
            "none": self._constant,
            "ellipsis": self._constant,
            "await": self._await,
            "subscript": self._subscript,
            "list": self._list,
            "list_pattern": self._list,
            "tuple": self._tuple,
            "tuple_pattern": self._tuple,
            "expression_list": self._tuple,
            "pattern_list": self._tuple,
            "set": self._set,
            "dictionary": self._dict,
            "slice": self._slice,
            "yield": self._yield,
            "list_splat": self._starred,
            "list_splat_pattern": self._starred,
            "dictionary_splat": self._starred,
            "splat_type": self._starred,
            "binary_operator": self._binary,
            "boolean_operator": self._binary,
            "union_type": self._binary,
            "not_operator": self._unary,
            "unary_operator": self._unary,
            "comparison_operator": self._comparison,
            "conditional_expression": self._conditional,
            "named_expression": self._walrus,
            "lambda": self._lambda,
            "list_comprehension": self._comprehension,
            "set_comprehension": self._comprehension,
            "dictionary_comprehension": self._comprehension,
            "generator_expression": self._comprehension,
            "parenthesized_expression": self._inner,
            "type": self._inner,
            "generic_type": self._generic,
            "member_type": self._attribute,
            "keyword_identifier": self._name,
        }

    def _name(self, tree: Tree) -> Raw:
        return (_NAME, tree.start_byte, tree.end_byte, self.text(tree))

    def _attribute(self, tree: Tree) -> Raw:
        named = self.named(tree)
        value = self.expression(named[0])
        raw = (_ATTRIBUTE, tree.start_byte, tree.end_byte, value, self.text(named[-1]))
        self.scope.read.append(raw)
        return raw

    def _call(self, tree: Tree) -> Raw:
        function_tree = tree.child_by_field_name("function")
        passed = tree.child_by_field_name("arguments")
        if function_tree is None or passed is None:
            return self._unparsed(tree)
        function = self.expression(function_tree)
        arguments: list[Raw] = []
        keywords: list[Raw] = []
        if passed.type == "generator_expression":
            arguments.append(self._comprehension(passed))
        else:
            for each in self.named(passed):
                kind = each.type
                if kind == "keyword_argument":
                    keywords.append(self.keyword(each))
                elif kind == "dictionary_splat":
                    value = self.expression(each.named_children[-1])
                    keywords.append(
                        (syntax.Keyword.kind, each.start_byte, each.end_byte, None, value)
                    )
                else:
                    argument = self.expression(each)
                    self.mark(argument, Use.ARGUMENT)
                    arguments.append(argument)
        raw = (_CALL, tree.start_byte, tree.end_byte, function, tuple(arguments), tuple(keywords))
        self.scope.calls.append([raw, self.scope.here()])
        return raw

    def keyword(self, tree: Tree) -> Raw:
        """Return `name=value`."""
        name = tree.child_by_field_name("name")
        value = tree.child_by_field_name("value")
        read = self._unparsed(tree) if value is None else self.expression(value)
        self.mark(read, Use.ARGUMENT)
        text = self.text(name) if name else ""
        return (syntax.Keyword.kind, tree.start_byte, tree.end_byte, text, read)

    def _await(self, tree: Tree) -> Raw:
        value = self._only(tree)
        self.scope.awaits = True
        self.mark(value, Use.AWAITED)
        return (_AWAIT, tree.start_byte, tree.end_byte, value)

    def _subscript(self, tree: Tree) -> Raw:
        first, *rest = self.named(tree)
        value = self.expression(first)
        return (syntax.Subscript.kind, tree.start_byte, tree.end_byte, value, self._all(rest))

    def _generic(self, tree: Tree) -> Raw:
        first, *rest = self.named(tree)
        value = self.expression(first)
        items = self._all(child for each in rest for child in self.named(each))
        return (syntax.Subscript.kind, tree.start_byte, tree.end_byte, value, items)

    def _yield(self, tree: Tree) -> Raw:
        named = self.named(tree)
        value = self.expression(named[0]) if named else None
        delegates = any(child.type == "from" for child in tree.children)
        self.scope.is_generator = True
        if value is not None and not delegates:
            self.scope.yields.append(value)
        return (syntax.Yield.kind, tree.start_byte, tree.end_byte, value, delegates)

    def _starred(self, tree: Tree) -> Raw:
        return (_STARRED, tree.start_byte, tree.end_byte, self._only(tree))

    def _binary(self, tree: Tree) -> Raw:
        named = self.named(tree)
        left, right = self.expression(named[0]), self.expression(named[-1])
        operator = " ".join(self.text(each) for each in tree.children if not each.is_named)
        return (
            syntax.BinaryOperation.kind,
            tree.start_byte,
            tree.end_byte,
            left,
            operator or "|",
            right,
        )

    def _unary(self, tree: Tree) -> Raw:
        operator = self.text(tree.children[0])
        value = self._only(tree)
        return (syntax.UnaryOperation.kind, tree.start_byte, tree.end_byte, operator, value)

    def _comparison(self, tree: Tree) -> Raw:
        operands = self._all(self.named(tree))
        operators = tuple([self.text(each) for each in tree.children if not each.is_named])
        if len(operands) != len(operators) + 1:  # something unparsed stands between them
            return (syntax.Unparsed.kind, tree.start_byte, tree.end_byte, operands)
        return (syntax.Comparison.kind, tree.start_byte, tree.end_byte, operands, operators)

    def _conditional(self, tree: Tree) -> Raw:
        parts = self._all(self.named(tree))
        if len(parts) != 3:  # noqa: PLR2004 - body, test, otherwise
            return (syntax.Unparsed.kind, tree.start_byte, tree.end_byte, parts)
        return (syntax.Conditional.kind, tree.start_byte, tree.end_byte, *parts)

    def _walrus(self, tree: Tree) -> Raw:
        name, value = self.named(tree)[0], self.named(tree)[-1]
        read = self.expression(value)
        self.mark(read, Use.ASSIGNED)
        self.scope.bind(self.text(name), Form.VALUE, tree.start_byte, read)
        return (syntax.Walrus.kind, tree.start_byte, tree.end_byte, self.text(name), read)

    def _inner(self, tree: Tree) -> Raw:
        named = self.named(tree)
        if len(named) == 1:
            return self.expression(named[0])
        return self._unparsed(tree)
