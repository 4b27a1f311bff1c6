"""Errors of media."""

from src.exceptions import AppError, Conflict, NotFound, Unprocessable


class MediaNotFound(NotFound):
    code = "media_not_found"
    detail = "There is no such medium of yours."


class LinkNotFound(NotFound):
    code = "link_not_found"
    detail = "This link is not valid, or no longer. Ask for a new one."


class RangeNotSatisfiable(AppError):
    """What Starlette answers to a `Range` beyond a file's end; `problems.py` gives it its form."""

    status = 416
    code = "range_not_satisfiable"
    detail = "There is no such part of this file."


class QuotaExceeded(Conflict):
    code = "media_quota_exceeded"
    detail = "You have as many files as you may have. Delete some first."


class UploadMissing(Conflict):
    code = "upload_missing"
    detail = "Nothing has been uploaded yet."


class UploadDiffers(Unprocessable):
    code = "upload_differs"
    detail = "The upload is not what was declared: its size or its type differs."


class MediaNotUsable(Unprocessable):
    code = "media_not_usable"
    detail = "This needs an image of your own that is ready."
