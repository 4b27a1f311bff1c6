"""Reads statements of one line."""

from fastwright.source import syntax
from fastwright.source.nodes import Raw
from fastwright.source.reader.base import Handler, Tree
from fastwright.source.reader.expressions import ExpressionReader
from fastwright.source.scopes import Form, Scope, Use

_ATTRIBUTE = syntax.Attribute.kind

Body = tuple[Raw, ...]


class StatementReader(ExpressionReader):
    """Reads statements; those of several lines are added by what builds on this."""

    def __init__(self, source: bytes, scope: Scope) -> None:
        super().__init__(source, scope)
        # What reads a statement, by the grammar's name for it.
        self.statements: dict[str, Handler] = {
            "expression_statement": self._expression_statement,
            "return_statement": self._return,
            "raise_statement": self._raise,
            "global_statement": self._declaration,
            "nonlocal_statement": self._declaration,
            "delete_statement": self._delete,
            "assert_statement": self._assert,
            "pass_statement": self._simple,
            "break_statement": self._simple,
            "continue_statement": self._simple,
            "type_alias_statement": self._type_alias,
        }

    def body(self, tree: Tree | None) -> Body:
        """Return the statements of a block."""
        if tree is None:
            return ()
        found = [self._statement(child) for child in tree.named_children if child.type != "comment"]
        if not found and tree.type == "block":
            self.unfinished.append(tree.start_point.row + 1)
        return tuple(found)

    def _statement(self, tree: Tree) -> Raw:
        handler = self.statements.get(tree.type)
        if handler is not None:
            return handler(tree)
        if tree.type in {"ERROR", "block"}:
            return (syntax.Unparsed.kind, tree.start_byte, tree.end_byte, self.body(tree))
        value = self.expression(tree)
        return (syntax.ExpressionStatement.kind, tree.start_byte, tree.end_byte, value)

    def _expression_statement(self, tree: Tree) -> Raw:
        named = self.named(tree)
        start, end = tree.start_byte, tree.end_byte
        if len(named) == 1:
            only = named[0]
            if only.type == "assignment":
                return self._assign(only)
            if only.type == "augmented_assignment":
                return self._augmented(only)
            value = self.expression(only)
            self.mark(value, Use.DROPPED)
        else:
            value = (syntax.Collection.kind, start, end, "tuple", self._all(named))
        return (syntax.ExpressionStatement.kind, start, end, value)

    def _assign(self, tree: Tree) -> Raw:
        start, end = tree.start_byte, tree.end_byte
        targets: list[Raw] = []
        annotation = None
        value_tree: Tree | None = tree
        while value_tree is not None and value_tree.type == "assignment":
            left = value_tree.child_by_field_name("left")
            if left is not None:
                targets.append(self.expression(left))
                if targets[-1][0] == _ATTRIBUTE:
                    self.scope.read.pop()
            type_tree = value_tree.child_by_field_name("type")
            if type_tree is not None:
                before = len(self.scope.read)
                annotation = self._in_signature(type_tree)
                del self.scope.read[before:]
            value_tree = value_tree.child_by_field_name("right")
        value = self.optional(value_tree)
        self.mark(value, Use.ASSIGNED)
        for target in targets:
            if annotation is not None:
                self.bind_target(target, Form.ANNOTATED, start, value, annotation)
            else:
                self.bind_target(target, Form.VALUE, start, value)
        return (syntax.Assign.kind, start, end, tuple(targets), annotation, value)

    def _augmented(self, tree: Tree) -> Raw:
        left, right = self.named(tree)[0], self.named(tree)[-1]
        operator = tree.child_by_field_name("operator")
        target, value = self.expression(left), self.expression(right)
        text = self.text(operator) if operator else ""
        if text == "+=":
            sum_ = (syntax.BinaryOperation.kind, tree.start_byte, tree.end_byte, target, "+", value)
            self.bind_target(target, Form.VALUE, tree.start_byte, sum_)
        return (syntax.AugmentedAssign.kind, tree.start_byte, tree.end_byte, target, text, value)

    def _type_alias(self, tree: Tree) -> Raw:
        left, right = self.named(tree)[0], self.named(tree)[-1]
        name = self.text(left).partition("[")[0].strip()
        value = self.expression(right)
        self.scope.bind(name, Form.VALUE, tree.start_byte, value)
        return (syntax.TypeAlias.kind, tree.start_byte, tree.end_byte, name, value)

    def _return(self, tree: Tree) -> Raw:
        named = self.named(tree)
        value = self.expression(named[0]) if named else None
        self.mark(value, Use.RETURNED)
        if value is not None:
            self.scope.returns.append(value)
        return (syntax.Return.kind, tree.start_byte, tree.end_byte, value)

    def _raise(self, tree: Tree) -> Raw:
        cause_tree = tree.child_by_field_name("cause")
        named = [child for child in self.named(tree) if child != cause_tree]
        value = self.expression(named[0]) if named else None
        return (
            syntax.Raise.kind,
            tree.start_byte,
            tree.end_byte,
            value,
            self.optional(cause_tree),
        )

    def _declaration(self, tree: Tree) -> Raw:
        names = tuple([self.text(each) for each in self.named(tree)])
        self.scope.outer.update(names)
        keyword = self.text(tree.children[0])
        if keyword == "global":
            self.scope.globals.update(names)
        return (syntax.Declaration.kind, tree.start_byte, tree.end_byte, keyword, names)

    def _delete(self, tree: Tree) -> Raw:
        targets = self._all(self.named(tree))
        return (syntax.Delete.kind, tree.start_byte, tree.end_byte, targets)

    def _assert(self, tree: Tree) -> Raw:
        test, *rest = self.named(tree)
        message = self.expression(rest[0]) if rest else None
        start, end = tree.start_byte, tree.end_byte
        return (syntax.Assert.kind, start, end, self.expression(test), message)

    def _simple(self, tree: Tree) -> Raw:
        keyword = tree.type.partition("_")[0]
        return (syntax.Simple.kind, tree.start_byte, tree.end_byte, keyword)

    def _in_signature(self, tree: Tree) -> Raw:
        before = self.scope.setting
        self.scope.setting |= Use.IN_SIGNATURE
        read = self.expression(tree)
        self.scope.setting = before
        return read
