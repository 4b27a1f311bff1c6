"""Reads what gives names to values inside of expressions: parameters and comprehensions."""

from fastwright.source import syntax
from fastwright.source.nodes import Raw
from fastwright.source.reader.base import Tree
from fastwright.source.reader.literals import LiteralReader
from fastwright.source.scopes import Form


class ParameterReader(LiteralReader):
    """Reads lambdas, parameters and comprehensions."""

    def parameters(self, tree: Tree) -> tuple[Raw, ...]:
        """Return the parameters of a function or lambda."""
        read: list[Raw] = []
        form = "plain"
        for child in self.named(tree):
            match child.type:
                case "positional_separator":
                    read = [(*each[:4], "positional", *each[5:]) for each in read]
                case "keyword_separator":
                    form = "keyword"
                case _:
                    parameter = self._parameter(child, form)
                    read.append(parameter)
                    if parameter[4] == "*":
                        form = "keyword"
        return tuple(read)

    def _parameter(self, tree: Tree, form: str) -> Raw:
        name = tree.child_by_field_name("name")
        if name is None:
            named = self.named(tree)
            name = named[0] if named and tree.type != "identifier" else tree
        pattern = name if name.type.endswith("_pattern") else tree
        if pattern.type == "list_splat_pattern":
            form = "*"
        elif pattern.type == "dictionary_splat_pattern":
            form = "**"
        annotation = self.optional(tree.child_by_field_name("type"))
        default = self.optional(tree.child_by_field_name("value"))
        text = self.text(name).lstrip("* ")
        return (
            syntax.Parameter.kind,
            tree.start_byte,
            tree.end_byte,
            text,
            form,
            annotation,
            default,
        )

    def _lambda(self, tree: Tree) -> Raw:
        before = len(self.scope.read)
        parameters = tree.child_by_field_name("parameters")
        read = self.parameters(parameters) if parameters else ()
        for each in read:
            self.scope.bind(each[3], Form.LAMBDA, tree.start_byte, None, None, tree.end_byte)
        self.scope.lambdas += 1
        body = tree.child_by_field_name("body")
        value = self._unparsed(tree) if body is None else self.expression(body)
        self.scope.lambdas -= 1
        del self.scope.read[before:]
        return (syntax.Lambda.kind, tree.start_byte, tree.end_byte, read, value)

    def _comprehension(self, tree: Tree) -> Raw:
        form = tree.type.partition("_")[0].replace("dictionary", "dict")
        body, *rest = self.named(tree)
        clauses: list[Raw] = []
        loops = self.scope.loops
        for child in rest:
            if child.type == "for_in_clause":
                clauses.append(self._clause(child, tree))
                self.scope.loops = loops + 1
            elif child.type == "if_clause" and clauses:
                condition = self._only(child)
                *head, conditions, is_async = clauses[-1]
                clauses[-1] = (*head, (*conditions, condition), is_async)
        item = self._pair(body) if body.type == "pair" else self.expression(body)
        self.scope.loops = loops
        return (
            syntax.Comprehension.kind,
            tree.start_byte,
            tree.end_byte,
            form,
            item,
            tuple(clauses),
        )

    def _clause(self, tree: Tree, whole: Tree) -> Raw:
        left, right = tree.child_by_field_name("left"), tree.child_by_field_name("right")
        target = self._unparsed(tree) if left is None else self.expression(left)
        iterable = self._unparsed(tree) if right is None else self.expression(right)
        is_async = tree.children[0].type == "async"
        start, end = whole.start_byte, whole.end_byte
        self.bind_target(target, Form.ITEM, start, iterable, is_async, end)
        return (
            syntax.Clause.kind,
            tree.start_byte,
            tree.end_byte,
            target,
            iterable,
            (),
            is_async,
        )
