"""Files on the disk, by links that are signed: include it only where the storage is a folder."""

from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request, status
from fastapi.responses import FileResponse

from src.aws import client as aws_client
from src.aws import exceptions as aws_exceptions
from src.exceptions import raises
from src.media.config import media_settings
from src.media.constants import VARIANT_TYPE
from src.media.dependencies import ValidFileLink, ValidUploadLink
from src.media.exceptions import LinkNotFound, RangeNotSatisfiable, UploadDiffers

router = APIRouter(tags=["Media"])

FILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {VARIANT_TYPE: {"schema": {"type": "string", "format": "binary"}}}},
    206: {"description": "The part that `Range` asks for"},
}


@router.put(
    "/media/uploads/{upload_token}",
    status_code=status.HTTP_204_NO_CONTENT,
    max_body_size=media_settings.max_size,
    openapi_extra=FILE_BODY,
    summary="Upload a file",
)
@raises(UploadDiffers, aws_exceptions.StorageUnavailable)
async def upload_file(request: Request, link: ValidUploadLink) -> None:
    """The link is the one of `POST /media`, good until that is complete. The last upload counts."""
    storage = aws_client.get_storage()
    if not isinstance(storage, aws_client.LocalStorage):
        raise LinkNotFound
    await storage.receive(link.key, _exactly(link.size, request.stream()))


@router.get(
    "/media/files/{file_token}",
    response_class=FileResponse,
    responses=FILE,
    summary="Read a file by its link",
)
@raises(RangeNotSatisfiable, aws_exceptions.StorageUnavailable)
async def get_file(link: ValidFileLink) -> FileResponse:
    """A variant of an image, by a link that an answer has held."""
    storage = aws_client.get_storage()
    if not isinstance(storage, aws_client.LocalStorage):
        raise LinkNotFound
    try:
        await storage.find(link.key)
    except aws_exceptions.ObjectNotFound:
        raise LinkNotFound from None
    return FileResponse(
        storage.path(link.key),
        media_type=VARIANT_TYPE,
        filename=link.key.rpartition("/")[2],
        content_disposition_type="inline",
        headers={"Cache-Control": f"private, max-age={link.seconds}, immutable"},
    )


async def _exactly(size: int, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The chunks, as long as they are no more bytes and in the end no fewer.

    Raises:
        UploadDiffers: they are.
    """
    total = 0
    async for chunk in chunks:
        total += len(chunk)
        if total > size:
            raise UploadDiffers
        yield chunk
    if total != size:
        raise UploadDiffers
