"""Reads imports, functions and classes, and with them whole modules."""

from fastwright.source import syntax
from fastwright.source.nodes import Raw
from fastwright.source.reader.base import Tree
from fastwright.source.reader.blocks import BlockReader
from fastwright.source.reader.statements import Body
from fastwright.source.records import ClassRecord, FunctionRecord, details
from fastwright.source.scopes import Binding, Form, Scope, Use


class ModuleReader(BlockReader):
    """Reads a whole file: afterwards `functions` (the module itself is the first) and `classes`."""

    def __init__(self, source: bytes) -> None:
        super().__init__(source, Scope())
        self.functions: list[FunctionRecord | None] = []
        self.classes: list[ClassRecord | None] = []
        # The last name of what is called → (the function's index, the call's, its use) of each.
        self.calls: dict[str, list[tuple[int, int, int]]] = {}
        # Names that are given to what has another: (the other, the name).
        self.renamed: set[tuple[str, str]] = set()
        # What functions share by other ways than a name of theirs: (the function's index, …).
        self.shared: dict[str, list[tuple[int, Binding]]] = {}
        self._names: list[str] = []
        self._class: int | None = None
        self._function = 0
        self.statements |= {
            "import_statement": self._import,
            "import_from_statement": self._import_from,
            "future_import_statement": self._import_from,
            "function_definition": self._plain_function,
            "class_definition": self._plain_class,
            "decorated_definition": self._decorated,
        }

    def module(self, root: Tree) -> Body:
        """Read the file; what is returned are the module's own statements."""
        self.functions.append(None)
        body = self.body(root)
        self.functions[0] = FunctionRecord("<module>", None, None, None, details(body, self.scope))
        self._index(0, self.scope)
        return body

    def _import(self, tree: Tree) -> Raw:
        names = tuple([self._alias(child, whole=True) for child in self.named(tree)])
        for alias in names:
            module = alias[3] if alias[5] else alias[4]
            self.scope.bind(alias[4], Form.IMPORTED, tree.start_byte, 0, module, None)
        return (syntax.Import.kind, tree.start_byte, tree.end_byte, names)

    def _import_from(self, tree: Tree) -> Raw:
        start, end = tree.start_byte, tree.end_byte
        module_tree = tree.child_by_field_name("module_name")
        written = "__future__" if module_tree is None else self.text(module_tree)
        module = "".join(written.replace("\\", "").split())
        level = len(module) - len(module.lstrip("."))
        module = module.lstrip(".")
        names: list[Raw] = []
        for child in self.named(tree):
            if child == module_tree:
                continue
            if child.type == "wildcard_import":
                self.scope.star_imports.append((level, module))
                names.append((syntax.Alias.kind, child.start_byte, child.end_byte, "*", "*", False))
            else:
                alias = self._alias(child, whole=False)
                names.append(alias)
                self.scope.bind(alias[4], Form.IMPORTED, start, level, module, alias[3])
        return (syntax.ImportFrom.kind, start, end, level, module, tuple(names))

    def _alias(self, tree: Tree, *, whole: bool) -> Raw:
        start, end = tree.start_byte, tree.end_byte
        name, bound = tree.child_by_field_name("name"), tree.child_by_field_name("alias")
        if tree.type == "aliased_import" and name is not None and bound is not None:
            return (syntax.Alias.kind, start, end, self.text(name), self.text(bound), True)
        text = self.text(tree)
        bound_text = text.partition(".")[0] if whole else text
        return (syntax.Alias.kind, start, end, text, bound_text, False)

    def _decorated(self, tree: Tree) -> Raw:
        scope, before = self.scope, self.scope.setting
        scope.setting |= Use.IN_DECORATOR
        decorators = tuple(
            [self._only(each) for each in self.named(tree) if each.type == "decorator"]
        )
        scope.setting = before
        definition = tree.child_by_field_name("definition")
        if definition is None:
            return (syntax.Unparsed.kind, tree.start_byte, tree.end_byte, decorators)
        if definition.type == "class_definition":
            return self._class_definition(definition, tree, decorators)
        return self._function_definition(definition, tree, decorators)

    def _plain_function(self, tree: Tree) -> Raw:
        return self._function_definition(tree, tree, ())

    def _plain_class(self, tree: Tree) -> Raw:
        return self._class_definition(tree, tree, ())

    def _function_definition(self, tree: Tree, whole: Tree, decorators: Body) -> Raw:
        scope, before = self.scope, self.scope.setting
        name_tree = tree.child_by_field_name("name")
        name = self.text(name_tree) if name_tree else ""
        scope.setting |= Use.IN_SIGNATURE
        parameters_tree = tree.child_by_field_name("parameters")
        parameters = self.parameters(parameters_tree) if parameters_tree else ()
        returns = self.optional(tree.child_by_field_name("return_type"))
        scope.setting = before
        index = len(self.functions)
        raw = (
            syntax.FunctionDef.kind,
            whole.start_byte,
            whole.end_byte,
            name,
            parameters,
            returns,
            decorators,
            tree.children[0].type == "async",
            index,
            name_tree.start_byte if name_tree else tree.start_byte,
        )
        scope.bind(name, Form.FUNCTION, whole.start_byte, index)
        self.functions.append(None)
        own = Scope(scope)
        if scope.is_class and parameters and not _is_static(decorators):
            own.receiver = parameters[0][3]
        owner, outer = self._class if scope.is_class else None, self._function
        enclosing = self._class
        self.scope, self._function, self._class = own, index, None
        self._names.append(name)
        body_tree = tree.child_by_field_name("body")
        body = self.body(body_tree)
        begins = body_tree.start_byte if body_tree else whole.end_byte
        qualified = ".".join(self._names)
        self._names.pop()
        self.scope, self._function, self._class = scope, outer, enclosing
        self.functions[index] = FunctionRecord(
            qualified, raw, owner, outer, details(body, own), begins
        )
        self._index(index, own)
        self._keep_attributes(owner, index, own)
        return raw

    def _index(self, function: int, scope: Scope) -> None:
        for position, (raw, use) in enumerate(scope.calls):
            self.calls.setdefault(last_name(raw[3]), []).append((function, position, use))
        for name, bindings in scope.shared.items():
            self.shared.setdefault(name, []).extend((function, each) for each in bindings)
        self._note_renames(scope)

    def _note_renames(self, scope: Scope) -> None:
        for name, bindings in scope.bindings.items():
            for binding in bindings:
                if binding[0] == Form.IMPORTED:
                    original = binding[4] or name
                elif binding[0] == Form.VALUE and binding[2] is not None:
                    original = last_name(binding[2])
                else:
                    continue
                if original and original != name:
                    self.renamed.add((original, name))

    def _keep_attributes(self, owner: int | None, index: int, own: Scope) -> None:
        if owner is None:
            return
        record = self.classes[owner]
        if record is not None:
            for name, bindings in own.attributes.items():
                record.attributes.setdefault(name, []).extend((index, each) for each in bindings)

    def _class_definition(self, tree: Tree, whole: Tree, decorators: Body) -> Raw:
        scope = self.scope
        name_tree = tree.child_by_field_name("name")
        name = self.text(name_tree) if name_tree else ""
        bases: list[Raw] = []
        keywords: list[Raw] = []
        superclasses = tree.child_by_field_name("superclasses")
        for each in self.named(superclasses) if superclasses else ():
            if each.type == "keyword_argument":
                keywords.append(self.keyword(each))
            else:
                bases.append(self.expression(each))
        index = len(self.classes)
        scope.bind(name, Form.CLASS, whole.start_byte, index)
        record = ClassRecord(name, None, self._class, self._function, {}, {})
        self.classes.append(record)
        own = Scope(scope, is_class=True)
        enclosing = self._class
        self.scope, self._class = own, index
        self._names.append(name)
        body = self.body(tree.child_by_field_name("body"))
        record.name = ".".join(self._names)
        self._names.pop()
        self.scope, self._class = scope, enclosing
        raw = (
            syntax.ClassDef.kind,
            whole.start_byte,
            whole.end_byte,
            name,
            tuple(bases),
            tuple(keywords),
            decorators,
            body,
            index,
            name_tree.start_byte if name_tree else tree.start_byte,
        )
        record.node = raw
        record.bindings = own.bindings
        self._note_renames(own)
        return raw


def last_name(raw: Raw) -> str:
    """Return a name, or the last part of a dotted one; empty for anything else."""
    if raw[0] == syntax.Name.kind:
        return str(raw[3])
    return str(raw[4]) if raw[0] == syntax.Attribute.kind else ""


def _is_static(decorators: Body) -> bool:
    return any(each[0] == syntax.Name.kind and each[3] == "staticmethod" for each in decorators)
