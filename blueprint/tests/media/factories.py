"""Believable media, as rows."""

from typing import Any

from src.media.constants import MediaType
from src.media.models import Media


def media_row(user_id: int, **fields: Any) -> Media:
    """A medium that was declared."""
    return Media(**{"user_id": user_id, "media_type": MediaType.PNG, "size": 1000, **fields})
