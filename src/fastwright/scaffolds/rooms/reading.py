"""Reads a room: every fact by its own reader, and what could not be told."""

from collections.abc import Mapping
from pathlib import Path

from fastwright.application import line_length
from fastwright.application.application import Application
from fastwright.scaffolds.room import (
    Layout,
    Manner,
    Part,
    Place,
    Room,
    Unknown,
)
from fastwright.scaffolds.rooms import (
    applications,
    bases,
    inherited,
    libraries,
    sessions,
    suites,
    users,
)
from fastwright.scaffolds.rooms.bases import Base
from fastwright.scaffolds.rooms.given import Given
from fastwright.scaffolds.rooms.inclusions import Including, including
from fastwright.scaffolds.rooms.indexes import index
from fastwright.scaffolds.rooms.injections import Injections
from fastwright.scaffolds.rooms.layouts import Layouts
from fastwright.scaffolds.rooms.refusals import Refusal
from fastwright.scaffolds.rooms.sessions import Session
from fastwright.scaffolds.rooms.surroundings import Surroundings
from fastwright.scaffolds.rooms.tables import Tables
from fastwright.scaffolds.rooms.users import User


def read(application: Application, root: Path, given: Given | None = None) -> Room | Refusal:
    """Return what is known of a project; a refusal where what no domain can do without is not.

    Raises `UsageError` where a flag names what is not there.
    """
    given = given or Given()
    chosen = applications.choose(application, given)
    if isinstance(chosen, Unknown):
        return Refusal((chosen,))
    return _Reader(Surroundings(application, root, given, chosen)).room()


class _Reader:
    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._injections = Injections(around)
        self._libraries = libraries.Libraries(around)
        self._found: dict[str, Place] = {}

    def room(self) -> Room | Refusal:
        base = bases.base(self._around)
        session = sessions.session(self._around, self._injections)
        router = including(self._around)
        open_ = tuple(each for each in (base, session, router) if isinstance(each, Unknown))
        if open_:
            return Refusal(open_)
        if isinstance(base, Unknown) or isinstance(session, Unknown) or isinstance(router, Unknown):
            raise TypeError(open_)
        return self._room(base, session, router)

    def _room(self, base: Base, session: Session, router: Including) -> Room:
        around = self._around
        is_dataclass = bases.is_dataclass(around, base)
        reader = Tables(around, self._injections, are_dataclasses=is_dataclass)
        tables = reader.by_domain()
        users_table = reader.users(tables)
        user = users.current(around, self._injections, tables.get(users_table or ""))
        optional = users.optional(around, self._injections, tables.get(users_table or ""))
        unknown = {"user": user} if isinstance(user, Unknown) else {}
        own_columns = bases.columns(around, base)
        key, key_type = inherited.key(own_columns, reader.key_types())
        entities = reader.entities()
        layout, parts = Layouts(around, entities).read()
        parts[Part.TESTS] = suites.path(around, entities, _folder(layout, parts))
        named = applications.named(around.application, around.chosen)
        made = applications.factory(around.application, around.chosen)
        app = named or made
        self._note("application", around.place(around.chosen.scope.module, around.chosen.call))
        self._note("base", base.place)
        self._note("session", session.place)
        self._note("router", router.place)
        if isinstance(user, User):
            self._note("user", user.place)
        if optional is not None:
            self._note("optional user", optional.place)
        migrations = self._migrations()
        schema_base, is_camel = libraries.schema_base(around)
        return Room(
            root=around.root,
            manner=Manner.PLAIN,
            layout=layout,
            parts=parts,
            source=around.source,
            orm=bases.orm(around, base),
            is_async=session.is_async,
            base=base.symbol,
            session=session.injected,
            user=user.injected if isinstance(user, User) else None,
            optional_user=optional.injected if optional is not None else None,
            schema_base=schema_base,
            pydantic=self._libraries.pydantic(),
            tables=tables,
            users=users_table,
            key_type=key_type,
            routers=router.symbol,
            prefix=router.prefix or "",
            prefix_is_given=router.prefix_is_given,
            migrations=migrations,
            tests=suites.suite(around),
            line_length=line_length.allowed(around.chosen.scope.module, around.application),
            is_typed=self._libraries.is_typed(),
            found=self._found,
            application=None if app is None else around.symbol(*app),
            is_factory=named is None,
            router_path=router.place.path,
            imports_late=router.imports_late or self._is_circular(session, user, router),
            models_index=index(around, parts),
            inclusion=router.inclusion,
            is_relative=around.is_relative,
            annotates=self._libraries.annotates(),
            python=self._libraries.python(),
            dialect=self._libraries.dialect(),
            base_columns=inherited.inherited(own_columns),
            base_is_dataclass=is_dataclass,
            key=key,
            is_camel=is_camel,
            quote=self._libraries.quote(),
            unknown=unknown,
        )

    def _is_circular(self, session: Session, user: User | Unknown, router: Including) -> bool:
        """Tell whether what routers need stands in the file that includes them."""
        needed = {session.place.path} | ({user.place.path} if isinstance(user, User) else set())
        return router.place.path in needed

    def _note(self, fact: str, place: Place) -> None:
        self._found[fact] = place

    def _migrations(self) -> str | None:
        """Return the folder of the revisions of the environment that is nearest."""
        source = self._around.source
        environments = self._around.application.migrations.environments
        near = [each for each in environments if each.module.path.startswith(source)]
        if len(near) != 1:
            return None
        module = near[0].module
        self._note("migrations", Place(module.path, 1))
        return f"{module.folder}/versions"


def _folder(layout: Layout, parts: Mapping[Part, str]) -> str | None:
    """Return the folder of a domain, where one has a folder."""
    if layout is not Layout.DOMAIN:
        return None
    folders = parts[Part.ROUTER].split("/")[:-1]
    end = next(index for index, each in enumerate(folders) if "{" in each)
    return "/".join(folders[: end + 1])
