"""What media look like from outside."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from src.media.config import media_settings
from src.media.constants import MediaStatus, MediaType, Rejection
from src.media.links import read_link, variant_key
from src.schemas import CustomModel, Id


class MediaCreate(CustomModel):
    """What is going to be uploaded."""

    media_type: MediaType
    size: int = Field(ge=1, le=media_settings.max_size, description="In bytes", examples=[482_113])


class Upload(CustomModel):
    """How to upload: send the file itself as the body."""

    method: Literal["PUT"] = "PUT"
    url: str
    expires_at: datetime


class Variant(CustomModel):
    url: str = Field(description="Good for a while, and the same for a while")
    width: int = Field(ge=1, description="In pixels")
    height: int = Field(ge=1, description="In pixels")


class ImageResponse(CustomModel):
    """An image that is ready, as WebP without metadata."""

    id: Id
    small: Variant
    medium: Variant
    large: Variant


def _with_links(value: Any) -> Any:
    """`service.image_of` gives `{id, key, variants}`, as JSON or read already."""
    stored = json.loads(value) if isinstance(value, str) else value
    if not isinstance(stored, dict) or "key" not in stored:
        return value
    variants = {
        name: {"url": read_link(variant_key(stored["key"], name)), "width": width, "height": height}
        for name, (width, height) in stored["variants"].items()
    }
    return {"id": stored["id"], **variants}


# The field of another domain's schema for a column that `service.image_of` selects.
StoredImage = Annotated[ImageResponse, BeforeValidator(_with_links)]


class MediaResponse(CustomModel):
    """A medium, as its owner sees it."""

    id: Id
    status: MediaStatus
    media_type: MediaType = Field(description="Of what was uploaded")
    size: int = Field(description="In bytes, of what was uploaded")
    rejection: Rejection | None = Field(description="Why it was rejected")
    image: Annotated[ImageResponse | None, BeforeValidator(_with_links)] = Field(
        description="Once it is ready"
    )
    created_at: datetime


class MediaCreated(MediaResponse):
    upload: Upload


class OwnMedia(MediaResponse):
    """A medium with what the application alone knows of it."""

    key: str = Field(exclude=True)
    user_id: Id = Field(exclude=True)
