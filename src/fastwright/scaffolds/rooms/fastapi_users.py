"""Users as the library FastAPI Users has them: its tables, and what gives the current one."""

from collections import Counter
from collections.abc import Iterator

from fastwright.application.dependencies import Dependency
from fastwright.application.models import Model
from fastwright.codebase import names
from fastwright.codebase.modules import Module
from fastwright.scaffolds.room import Injected, Place, Table
from fastwright.scaffolds.rooms.columns import Column
from fastwright.scaffolds.rooms.injections import Injections
from fastwright.scaffolds.rooms.surroundings import Surroundings
from fastwright.source.syntax import Attribute, Call, Constant, Expression

_LIBRARY = b"fastapi_users"
_MAKER = "current_user"
_TABLE = "user"
# The bases of tables that bring a key along, and those that leave it to whoever is made of them.
_WITH_KEY = {"SQLAlchemyBaseUserTableUUID", "SQLModelBaseUserDB"}
_BASES = {*_WITH_KEY, "SQLAlchemyBaseUserTable"}
_REQUIRED = ("email", "hashed_password")
_LIMITS = ("optional", "superuser")


def columns(model: Model) -> Iterator[Column]:
    """Yield what a table gets from the library."""
    above = set(_above(model))
    if above & _WITH_KEY:
        yield _column("id", "UUID", is_key=True)
    if above:
        yield from (_column(each, "str") for each in _REQUIRED)


def table_name(model: Model) -> str | None:
    """Return what the library calls a table, unless its own class does."""
    is_own = model.definition.bound("__tablename__")
    return None if is_own or not set(_above(model)) else _TABLE


def current(
    around: Surroundings, injections: Injections, users: Table | None
) -> tuple[Injected, Place] | None:
    """Return what the library makes for most routes: a user who is there, whatever they may do."""
    if users is None:
        return None
    found = list(_uses(around, injections))
    if not found:
        return None
    ((module, name), _), *_ = Counter(variable for variable, _ in found).most_common(1)
    uses = [use for variable, use in found if variable == (module, name)]
    call = _given(module, name)
    place = Place(module.path, 1) if call is None else around.place(module, call)
    symbol = around.symbol(module, name)
    alias = injections.alias_of(uses)
    return Injected(alias, symbol, users.model, key=f"{{user}}.{users.key}"), place


def _uses(
    around: Surroundings, injections: Injections
) -> Iterator[tuple[tuple[Module, str], Dependency]]:
    """Yield the dependencies that the library made, each with where it has its name."""
    for each in around.dependencies:
        variable = injections.variable(each.call.argument(0, "dependency"), each.scope)
        if variable is not None and _is_made(*variable):
            yield variable, each


def _above(model: Model) -> Iterator[str]:
    for each in model.lineage:
        name = each.rpartition(".")[2] if isinstance(each, str) else ""
        if name in _BASES:
            yield name


def _column(name: str, type_: str, *, is_key: bool = False) -> Column:
    return Column(
        name,
        type_,
        is_key=is_key,
        is_nullable=False,
        has_default=is_key,
        is_given=True,
        target=None,
        length=None,
        has_timezone=False,
        choices=None,
        text="",
    )


def _is_made(module: Module, name: str) -> bool:
    """Tell whether a name stands for what lets in everybody who is logged in."""
    match _given(module, name):
        case Call(Attribute(_, made)) as call if made == _MAKER and _LIBRARY in module.code:
            return not any(_is_true(call.keyword(each)) for each in _LIMITS)
    return False


def _given(module: Module, name: str) -> Expression | None:
    bindings = names.of_module(name, module)
    return names.given(bindings[-1]) if bindings else None


def _is_true(node: Expression | None) -> bool:
    return isinstance(node, Constant) and node.text == "True"
