"""Where each part of a domain lies: by domain, by layer, or in one file for all."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from fastwright.application.annotated_classes import named_in
from fastwright.application.routes import Route
from fastwright.codebase.definitions import Class
from fastwright.codebase.modules import Module
from fastwright.scaffolds.room import Layout, Part
from fastwright.scaffolds.rooms.patterns import infer, is_after_table
from fastwright.scaffolds.rooms.surroundings import Surroundings
from fastwright.source.syntax import Constant, Expression

_SERVICES = (
    re.compile(r"(?:.+_)?services?"),
    re.compile(r"(?:.+_)?crud"),
    re.compile(r"(?:.+_)?(?:repositor(?:y|ies)|repo|dao)"),
    re.compile(r"(?:.+_)?managers?"),
)
_NAMED = {
    Part.DEPENDENCIES: re.compile(r"(?:.+_)?(?:dependenc(?:y|ies)|deps)"),
    Part.EXCEPTIONS: re.compile(r"(?:.+_)?(?:exceptions?|errors?)"),
    Part.CONSTANTS: re.compile(r"(?:.+_)?constants?"),
}
_SCHEMAS = re.compile(r"schemas?|dtos?")
_MODELS = re.compile(r"models?|entit(?:y|ies)|tables?")
# Of so much of all tables in one file, it is the file for all.
_NEARLY_ALL = 0.6
_OF_DOMAIN = (
    Part.CONSTANTS,
    Part.EXCEPTIONS,
    Part.MODELS,
    Part.SCHEMAS,
    Part.SERVICE,
    Part.DEPENDENCIES,
    Part.ROUTER,
)


class Layouts:
    """Reads where the parts of domains lie; `entities` are what tables call one row."""

    def __init__(self, around: Surroundings, entities: frozenset[str]) -> None:
        self._around = around
        self._entities = entities
        shown = [each for each in around.routes if not _is_page(each)]
        self._routers = Counter(each.function.module for each in shown or around.routes)
        self._models = Counter(each.definition.module for each in around.tables)
        self._schemas = Counter(each.module for each in self._used_schemas())
        self._domains: set[str] = set()  # the folders of those that there are

    def read(self) -> tuple[Layout, dict[Part, str]]:
        """Return the layout, and the path of each part that has a file of its own."""
        if self._around.given.is_by_domain:
            return Layout.DOMAIN, self._by_domain(self._new_folder(), {})
        router = self._router()
        folder = self._folder(router)
        if folder is not None:
            is_one = "{" not in router.rpartition("/")[2]  # rather than a file for each route
            known = {Part.ROUTER: router} if is_one else {}
            return Layout.DOMAIN, self._by_domain(folder, known)
        parts = {Part.ROUTER: router, Part.MODELS: self._model_path()}
        parts[Part.SCHEMAS] = self._schema_path(parts[Part.MODELS])
        service = self._service()
        if service is not None:
            parts[Part.SERVICE] = service
        is_flat = not any("{" in parts[each] for each in (Part.MODELS, Part.SCHEMAS))
        return Layout.FLAT if is_flat else Layout.LAYERED, parts

    def _router(self) -> str:
        """Return where routers lie; beside the application where it has all routes itself."""
        own = self._around.chosen.scope.module
        found = self._inferred(self._routers)
        others = [each for each in self._routers if each is not own]
        if found is None or not others:
            folder = (others[0] if len(others) == 1 else own).folder
            return f"{folder}/{{domain}}.py".lstrip("/")
        return found

    def _folder(self, router: str) -> str | None:
        """Return the folder of a domain, if routers lie in one beside what else is its own."""
        before = router.rpartition("/")[0]
        if "{" not in before:
            return None
        parts = before.split("/")
        end = next(index for index, each in enumerate(parts) if "{" in each)
        folder = "/".join(parts[: end + 1])
        self._domains = {
            "/".join(each.path.split("/")[: end + 1])
            for each in self._routers
            if _is_like(each.path, router)
        }
        kinds = (*_SERVICES, _SCHEMAS, _MODELS)
        is_whole = any(
            self._is_in_domain(each)
            and (
                each in self._models
                or each in self._schemas
                or any(kind.fullmatch(each.stem) for kind in kinds)
            )
            for each in self._around.modules
        )
        return folder if is_whole else None

    def _by_domain(self, folder: str, known: Mapping[Part, str]) -> dict[Part, str]:
        """Return the parts in a domain's folder, each called as most domains call it."""
        found = {each: f"{folder}/{self._stem(each)}.py" for each in _OF_DOMAIN}
        if self._around.given.is_by_domain:
            return found
        found |= known
        if not any(map(self._is_in_domain, self._models)) and self._models:
            found[Part.MODELS] = self._model_path()
        return found

    def _is_in_domain(self, module: Module) -> bool:
        return any(module.path.startswith(f"{each}/") for each in self._domains)

    def _stem(self, part: Part) -> str:
        inside = [each for each in self._around.modules if self._is_in_domain(each)]
        match part:
            case Part.MODELS:
                counted = [each for each in inside if each in self._models]
            case Part.SCHEMAS:
                counted = [each for each in inside if _SCHEMAS.fullmatch(each.stem)] or [
                    each for each in inside if each in self._schemas and each not in self._routers
                ]
            case Part.SERVICE:
                counted = next(filter(None, (_of(inside, each) for each in _SERVICES)), [])
            case Part.ROUTER:
                counted = [each for each in inside if each in self._routers]
            case _:
                counted = _of(inside, _NAMED[part])
        stems = Counter(
            each.stem
            for each in counted
            if not each.is_package and not is_after_table(each.stem, self._entities)
        )
        best = stems.most_common(1)
        return best[0][0] if best else part.value

    def _model_path(self) -> str:
        given = self._around.given.models
        if given is not None:
            return given if given.endswith(".py") else f"{given}/{{entity}}.py"
        all_tables = sum(self._models.values())
        best = self._models.most_common(1)
        is_one = bool(best) and best[0][1] > 1 and best[0][1] >= _NEARLY_ALL * all_tables
        if is_one and not self._is_after_table(best[0][0].path):
            return best[0][0].path
        found = self._inferred(self._models)
        if found is not None:
            return found
        return best[0][0].path if best else self._beside("models")

    def _schema_path(self, models: str) -> str:
        """Return where schemas lie, where none have files of their own, beside the models."""
        apart = Counter(
            {each: count for each, count in self._schemas.items() if each not in self._routers}
        )
        best = apart.most_common(1)
        is_one = bool(best) and best[0][1] >= _NEARLY_ALL * sum(apart.values())
        if is_one and not self._is_after_table(best[0][0].path):
            return best[0][0].path
        found = self._inferred(apart)
        if found is not None:
            return found
        return (
            re.sub(r"models?(?=[/.])", "schemas", models)
            if "model" in models
            else self._beside("schemas")
        )

    def _service(self) -> str | None:
        """Return where services lie, else repositories or the like; None where there are none."""
        for kind in _SERVICES:
            found = [
                each
                for each in self._around.modules
                if not each.is_package
                and (kind.fullmatch(each.stem) or any(map(kind.fullmatch, each.folder.split("/"))))
            ]
            is_shared = len(found) == 1 and kind.fullmatch(found[0].stem) is not None
            if is_shared and not self._is_after_table(found[0].path):
                return found[0].path
            path = self._inferred(found)
            if path is not None:
                return path
        return None

    def _inferred(self, modules: Iterable[Module]) -> str | None:
        paths = [each.path for each in modules]
        return infer(paths, self._entities, within=self._around.folder)

    def _is_after_table(self, path: str) -> bool:
        return is_after_table(path, self._entities, self._around.folder)

    def _new_folder(self) -> str:
        """Return a folder for a domain beside those of the layers."""
        package = self._around.chosen.scope.module.folder
        return f"{package}/{{domain}}".lstrip("/")

    def _beside(self, stem: str) -> str:
        return f"{self._around.chosen.scope.module.folder}/{stem}.py".lstrip("/")

    def _used_schemas(self) -> Iterable[Class]:
        """Yield the schemas that routes take and answer with."""
        schemas = {each.definition for each in self._around.application.schemas}
        for route in self._around.routes:
            function = route.function
            scope = function.outer or function
            written = (each.annotation for each in function.parameters)
            for annotation in (*written, route.keyword("response_model"), function.node.returns):
                if annotation is not None:
                    named = named_in(annotation, scope, self._around.codebase)
                    yield from (each for each in named if each in schemas)


def _is_page(route: Route) -> bool:
    """Tell whether a route is for people who look at it, rather than for programs."""
    for each, name in ((route, "response_class"), (route.router, "default_response_class")):
        answer = each.keyword(name)
        is_html = answer is not None and "HTML" in each.scope.module.source(answer)
        if is_html or _is_false(each.keyword("include_in_schema")):
            return True
    return False


def _is_false(node: Expression | None) -> bool:
    return isinstance(node, Constant) and node.text == "False"


def _of(modules: Iterable[Module], kind: re.Pattern[str]) -> list[Module]:
    return [each for each in modules if kind.fullmatch(each.stem)]


def _is_like(path: str, pattern: str) -> bool:
    """Tell whether a file lies where a pattern says, whatever it is named after."""
    written = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(pattern))
    return re.fullmatch(written, path) is not None
