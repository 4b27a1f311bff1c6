"""Who may do what in a domain, and how it is refused."""

from typing import Any

from fastwright.scaffolds import names
from fastwright.scaffolds.domain import Domain
from fastwright.scaffolds.plain.shape import has_conflicts, parent_of, path_of, router_of
from fastwright.scaffolds.room import Injected, Part, Room


def access(domain: Domain, room: Room) -> dict[str, Any]:
    """Return who may do what, and how it is refused."""
    entity = names.pascal(domain.entity)
    thing = names.spaced(domain.entity)
    has_exceptions = Part.EXCEPTIONS in room.parts
    user = room.user

    def error(status: int, detail: str, name: str) -> str:
        if has_exceptions:
            return f"{entity}{name}()"
        return f'HTTPException(status_code={status}, detail="{detail}")'

    def is_guarded(*, reading: bool, given: bool) -> Injected | None:
        return None if given or (reading and domain.is_read_by_all) else user

    def guard(*, reading: bool = False, given: bool = False) -> str:
        guarding = is_guarded(reading=reading, given=given)
        if guarding is None or guarding.function is None:
            return ""
        return f", dependencies=[Depends({guarding.function.name})]"

    def known(*, reading: bool = False, given: bool = False) -> str | None:
        guarding = is_guarded(reading=reading, given=given)
        if guarding is None or guarding.function is not None or guarding.alias is None:
            return None
        return f"current_user: {guarding.alias.name}"

    parent = parent_of(domain, room)
    parent_name = names.pascal(parent.entity) if parent else ""
    exceptions = [
        ("NotFoundError", 404, f"{thing.capitalize()} not found", True),
        (
            f"{parent_name}NotFoundError",
            404,
            f"{parent_name} not found",
            bool(parent and not parent.finder),
        ),
        ("ForbiddenError", 403, f"Not your {thing}", domain.is_owned),
        (
            "ExistsError",
            409,
            f"{thing.capitalize()} conflicts with what exists",
            has_conflicts(domain),
        ),
        ("ParentError", 422, f"Nothing can answer this {thing}", domain.is_threaded),
        ("CursorError", 422, "Invalid cursor", True),
    ]
    return {
        "has_exceptions": has_exceptions,
        "exceptions": [each[:3] for each in exceptions if each[3]],
        "error": error,
        "guard": guard,
        "known": known,
        "user_key": user.key.format(user="current_user") if user else "",
        "valid_for_writing": f"valid_owned_{domain.entity}"
        if domain.is_owned
        else f"valid_{domain.entity}",
        **_router(domain, room),
    }


def _router(domain: Domain, room: Room) -> dict[str, Any]:
    entity = domain.entity
    parent = parent_of(domain, room)
    is_first = [
        *([f"find_replies_to_{entity}"] if domain.is_threaded else []),
        *([f"like_{entity}", f"unlike_{entity}"] if domain.is_likeable else []),
        *([f"{names.pascal(entity)}ConflictError"] if has_conflicts(domain) else []),
    ]
    prefix = "" if room.prefix_is_given else f'prefix="{path_of(domain, room)}", '
    return {
        "router": router_of(domain, room),
        "router_arguments": f'{prefix}tags=["{names.kebab(domain.name)}"]',
        "bare": ", response_class=Response" if room.pydantic == 1 else "",
        "service_names": [
            f"add_{entity}",
            f"change_{entity}",
            f"find_{domain.name}",
            f"remove_{entity}",
            f"Invalid{names.pascal(entity)}CursorError",
            *is_first,
        ],
        "dependency_names": [
            *([f"{parent.entity}_id_of_{domain.name}"] if parent else []),
            f"valid_{entity}",
            *([f"valid_owned_{entity}"] if domain.is_owned else []),
            *([f"valid_parent_{entity}"] if domain.is_threaded else []),
        ],
    }
