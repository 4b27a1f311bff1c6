"""Believable media, as rows."""

from typing import Any

from src.media.constants import (
    EDGES,  # [posts]
    MediaStatus,  # [posts]
    MediaType,
)
from src.media.models import Media


def media_row(user_id: int, **fields: Any) -> Media:
    """A medium that was declared."""
    return Media(**{"user_id": user_id, "media_type": MediaType.PNG, "size": 1000, **fields})


# [posts]
def ready_row(user_id: int, **fields: Any) -> Media:
    """An image that can be shown; its objects are nowhere."""
    sizes = {name: [edge, edge // 2] for name, edge in EDGES.items()}
    return media_row(user_id, status=MediaStatus.READY, variants=sizes, **fields)


# [/posts]
