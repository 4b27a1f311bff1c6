"""Media by the id in a path, for their owners alone, and links to files on the disk."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path, Security

from src.auth import constants as auth_constants
from src.auth import dependencies as auth_dependencies
from src.auth import schemas as auth_schemas
from src.database import DbReads
from src.exceptions import TooManyRequests, raises
from src.limits import Limits
from src.media import service
from src.media.config import media_settings
from src.media.exceptions import LinkNotFound, MediaNotFound
from src.media.links import SEPARATOR, TOKEN_MAX_LENGTH, Use, target_of
from src.media.schemas import OwnMedia
from src.schemas import PathId


@raises(MediaNotFound)
async def valid_owned_media(
    database: DbReads, user: auth_dependencies.CurrentUser, media_id: PathId
) -> OwnMedia:
    """A medium of the current user's; those of others are not there."""
    media = await service.get_media(database, media_id=media_id)
    if media is None or media.user_id != user.id:
        raise MediaNotFound
    return media


OwnedMedia = Annotated[
    OwnMedia, Security(valid_owned_media, scopes=[auth_constants.Scope.MEDIA_WRITE])
]
Owner = Annotated[
    auth_schemas.AuthenticatedUser,
    Security(auth_dependencies.get_current_active_user, scopes=[auth_constants.Scope.MEDIA_WRITE]),
]
Uploader = Annotated[
    auth_schemas.AuthenticatedUser,
    Security(auth_dependencies.get_verified_user, scopes=[auth_constants.Scope.MEDIA_WRITE]),
]


@raises(TooManyRequests)
async def limit_uploads(user: Uploader, limits: Limits) -> None:
    await limits.spend(media_settings.upload_limit, "media-upload", str(user.id))


@raises(TooManyRequests)
async def limit_completions(user: Owner, limits: Limits) -> None:
    """Each of them has the storage copy a file."""
    await limits.spend(media_settings.upload_limit, "media-complete", str(user.id))


Token = Annotated[str, Path(max_length=TOKEN_MAX_LENGTH)]


@dataclass(frozen=True, slots=True)
class UploadLink:
    key: str
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class FileLink:
    key: str
    seconds: int  # for which it is still good


@raises(LinkNotFound)
async def valid_upload_link(database: DbReads, upload_token: Token) -> UploadLink:
    """A link that is still good, and whose medium still waits for its upload."""
    link = target_of(Use.UPLOAD, upload_token)
    if link is None:
        raise LinkNotFound
    key, _, size = link[0].rpartition(SEPARATOR)
    if not await service.awaits_upload(database, upload=key):
        raise LinkNotFound
    return UploadLink(key, int(size))


@raises(LinkNotFound)
async def valid_file_link(file_token: Token) -> FileLink:
    link = target_of(Use.READ, file_token)
    if link is None:
        raise LinkNotFound
    return FileLink(*link)


ValidUploadLink = Annotated[UploadLink, Depends(valid_upload_link)]
ValidFileLink = Annotated[FileLink, Depends(valid_file_link)]
