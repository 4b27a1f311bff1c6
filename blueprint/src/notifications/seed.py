"""What users of the demo data are told."""

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from src.config import settings
from src.notifications.constants import Kind
from src.notifications.models import Notification


async def seed(connection: AsyncConnection, user_ids: list[int]) -> list[str]:
    """A welcome for each of these users; says how many."""
    welcome = {
        "kind": Kind.ANNOUNCED,
        "subject_id": 1,
        "text": f"Welcome to {settings.app_name}",
        "path": "/docs",
    }
    await connection.execute(
        insert(Notification), [{"user_id": user_id, **welcome} for user_id in user_ids]
    )
    return [f"{len(user_ids)} notifications"]
