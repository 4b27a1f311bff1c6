"""Notifications, made as other domains make them."""

from typing import Any

from src.database import Database, transaction
from src.notifications import service
from src.notifications.constants import Kind
from src.notifications.schemas import Subject
from tests.accounts import Account


async def tell(
    recipient: Account, *, subject_id: int = 1, by: Account | None = None, **fields: Any
) -> None:
    """Tell somebody of a deed, in a transaction of its own."""
    database: Database = recipient.app.state["database"]
    async with transaction(database) as session:
        await service.notify(session, **deed(recipient, subject_id=subject_id, by=by, **fields))


def deed(
    recipient: Account, *, subject_id: int = 1, by: Account | None = None, **fields: Any
) -> dict[str, Any]:
    """The arguments of `notify`."""
    return {
        "kind": Kind.ANNOUNCED,
        "user_id": recipient.id,
        "actor_id": by.id if by else None,
        "subject": Subject(subject_id, f"Subject {subject_id}", f"/subjects/{subject_id}"),
        **fields,
    }
