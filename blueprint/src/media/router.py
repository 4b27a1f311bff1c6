"""Media: declared, uploaded, completed, shown and deleted."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, status

from src.aws import exceptions as aws_exceptions
from src.database import DbReads, DbSession
from src.exceptions import raises
from src.media import service
from src.media.dependencies import (
    OwnedMedia,
    Owner,
    Uploader,
    limit_completions,
    limit_uploads,
)
from src.media.exceptions import QuotaExceeded, UploadDiffers, UploadMissing
from src.media.schemas import MediaCreate, MediaCreated, MediaResponse
from src.pagination import InvalidCursor, Page, PageParams

router = APIRouter(tags=["Media"])


@router.get("/media", summary="List one's own media")
@raises(InvalidCursor)
async def get_media_list(
    database: DbReads, user: Owner, params: Annotated[PageParams, Query()]
) -> Page[MediaResponse]:
    """The newest first."""
    return await service.get_own_media(database, user_id=user.id, params=params)


@router.post(
    "/media",
    status_code=status.HTTP_201_CREATED,
    dependencies=[Depends(limit_uploads)],
    summary="Declare an image, and learn where to upload it",
)
@raises(QuotaExceeded)
async def create_media(user: Uploader, new: MediaCreate, session: DbSession) -> MediaCreated:
    """Then `PUT` the file to `upload.url`, and call `POST /media/{media_id}/complete`."""
    return await service.create_media(session, user_id=user.id, new=new)


@router.get("/media/{media_id}", summary="See how far an image of one's own is")
async def get_media(media: OwnedMedia) -> MediaResponse:
    """With links to its variants as soon as it is `ready`."""
    return media


@router.post(
    "/media/{media_id}/complete",
    status_code=status.HTTP_202_ACCEPTED,
    dependencies=[Depends(limit_completions)],
    summary="Say that the upload is complete",
)
@raises(UploadMissing, UploadDiffers, aws_exceptions.StorageUnavailable)
async def complete_media(media: OwnedMedia, session: DbSession) -> MediaResponse:
    """It is checked at once and prepared a moment later. Doing it twice is the same as once."""
    return await service.complete_media(session, media=media)


@router.delete(
    "/media/{media_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Delete an image of one's own",
)
async def delete_media(media: OwnedMedia, session: DbSession) -> None:
    """Also where it is shown: nothing shows it afterwards."""
    await service.delete_media(session, media_id=media.id)
