"""Reads statements that hold others: branches, loops, contexts, handlers, cases."""

from fastwright.source import syntax
from fastwright.source.nodes import Raw
from fastwright.source.reader.base import Tree
from fastwright.source.reader.statements import Body, StatementReader
from fastwright.source.scopes import Form, Scope, Use


class BlockReader(StatementReader):
    """Reads everything but imports and definitions."""

    def __init__(self, source: bytes, scope: Scope) -> None:
        super().__init__(source, scope)
        self.statements |= {
            "if_statement": self._if,
            "for_statement": self._for,
            "while_statement": self._while,
            "with_statement": self._with,
            "try_statement": self._try,
            "match_statement": self._match,
        }

    def _if(self, tree: Tree) -> Raw:
        condition = tree.child_by_field_name("condition")
        test = self._unparsed(tree) if condition is None else self.expression(condition)
        body = self.body(tree.child_by_field_name("consequence"))
        otherwise: Body = ()
        alternatives = tree.children_by_field_name("alternative")
        elifs: list[Raw] = []
        for each in alternatives:
            if each.type == "elif_clause":
                elifs.append(self._if(each))
            else:
                otherwise = self.body(each.child_by_field_name("body"))
        for nested in reversed(elifs):
            otherwise = ((*nested[:5], otherwise),)
        return (syntax.If.kind, tree.start_byte, tree.end_byte, test, body, otherwise)

    def _else(self, tree: Tree) -> Body:
        for child in tree.children:
            if child.type == "else_clause":
                return self.body(child.child_by_field_name("body"))
        return ()

    def _looped(self, tree: Tree) -> Body:
        self.scope.loops += 1
        body = self.body(tree.child_by_field_name("body"))
        self.scope.loops -= 1
        return body

    def _for(self, tree: Tree) -> Raw:
        left, right = tree.child_by_field_name("left"), tree.child_by_field_name("right")
        is_async = tree.children[0].type == "async"
        target = self._unparsed(tree) if left is None else self.expression(left)
        iterable = self._unparsed(tree) if right is None else self.expression(right)
        self.bind_target(target, Form.ITEM, tree.start_byte, iterable, is_async)
        body = self._looped(tree)
        return (
            syntax.For.kind,
            tree.start_byte,
            tree.end_byte,
            target,
            iterable,
            body,
            self._else(tree),
            is_async,
        )

    def _while(self, tree: Tree) -> Raw:
        condition = tree.child_by_field_name("condition")
        self.scope.loops += 1
        test = self._unparsed(tree) if condition is None else self.expression(condition)
        self.scope.loops -= 1
        body = self._looped(tree)
        start, end = tree.start_byte, tree.end_byte
        return (syntax.While.kind, start, end, test, body, self._else(tree))

    def _with(self, tree: Tree) -> Raw:
        is_async = tree.children[0].type == "async"
        clause = next((each for each in tree.children if each.type == "with_clause"), None)
        items = [] if clause is None else clause.named_children
        read = tuple(
            [self._with_item(each, is_async=is_async) for each in items if each.type == "with_item"]
        )
        body = self.body(tree.child_by_field_name("body"))
        return (syntax.With.kind, tree.start_byte, tree.end_byte, read, body, is_async)

    def _with_item(self, tree: Tree, *, is_async: bool) -> Raw:
        start, end = tree.start_byte, tree.end_byte
        value_tree = self.named(tree)[0]
        target: Raw | None = None
        if value_tree.type == "as_pattern":
            value = self.expression(self.named(value_tree)[0])
            alias = value_tree.child_by_field_name("alias")
            target = self._only(alias) if alias is not None else None
        else:
            value = self.expression(value_tree)
        self.mark(value, Use.ENTERED)
        self.scope.entered.append((value, is_async))
        if target is not None:
            self.bind_target(target, Form.ENTERED, start, value, is_async)
        return (syntax.WithItem.kind, start, end, value, target)

    def _try(self, tree: Tree) -> Raw:
        body = self.body(tree.child_by_field_name("body"))
        handlers: list[Raw] = []
        otherwise: Body = ()
        final: Body = ()
        for child in tree.children:
            match child.type:
                case "except_clause" | "except_group_clause":
                    handlers.append(self._handler(child))
                case "else_clause":
                    otherwise = self.body(child.child_by_field_name("body"))
                case "finally_clause":
                    final = self.body(self.named(child)[-1] if self.named(child) else None)
        if not handlers and not final:
            self.unfinished.append(tree.start_point.row + 1)
        start, end = tree.start_byte, tree.end_byte
        return (syntax.Try.kind, start, end, body, tuple(handlers), otherwise, final)

    def _handler(self, tree: Tree) -> Raw:
        caught: list[Raw] = []
        name: str | None = None
        body: Body = ()
        for child in self.named(tree):
            if child.type == "block":
                body = ()
                if name is not None:
                    self.scope.bind(name, Form.CAUGHT, child.start_byte, caught[0])
                body = self.body(child)
            elif child.type == "as_pattern":
                inner = self.named(child)
                caught.append(self.expression(inner[0]))
                name = self.text(inner[-1])
            else:
                caught.append(self.expression(child))
        kind: Raw | None = caught[0] if caught else None
        if len(caught) > 1:
            start, end = caught[0][1], caught[-1][2]
            kind = (syntax.Collection.kind, start, end, "tuple", tuple(caught))
        return (syntax.Handler.kind, tree.start_byte, tree.end_byte, kind, name, body)

    def _match(self, tree: Tree) -> Raw:
        subjects = tree.children_by_field_name("subject")
        subject = self.expression(subjects[0]) if subjects else self._unparsed(tree)
        cases = tuple(
            [
                self._case(child)
                for block in tree.children_by_field_name("body")
                for child in self.named(block)
                if child.type == "case_clause"
            ]
        )
        return (syntax.Match.kind, tree.start_byte, tree.end_byte, subject, cases)

    def _case(self, tree: Tree) -> Raw:
        patterns = [child for child in self.named(tree) if child.type == "case_pattern"]
        guard_tree = tree.child_by_field_name("guard")
        for each in patterns:
            self._bind_pattern(each)
        pattern = self._unparsed(patterns[0]) if patterns else self._unparsed(tree)
        guard = self._only(guard_tree) if guard_tree is not None else None
        body = self.body(tree.child_by_field_name("consequence"))
        return (syntax.Case.kind, tree.start_byte, tree.end_byte, pattern, guard, body)

    def _bind_pattern(self, tree: Tree) -> None:
        """Note the names that a pattern gives values to; classes and constants are none."""
        named = self.named(tree)
        if tree.type == "identifier" or (tree.type == "dotted_name" and len(named) == 1):
            self.scope.bind(self.text(tree), Form.OTHER, tree.start_byte)
        elif tree.type in {"class_pattern", "keyword_pattern"}:
            for child in named[1:]:
                self._bind_pattern(child)
        elif tree.type != "dotted_name":
            for child in named:
                self._bind_pattern(child)
