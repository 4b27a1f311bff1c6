"""Routes of media."""

from typing import Any

from src.auth.constants import Scope
from src.aws import client as aws_client
from src.media import links
from src.media.constants import VARIANT_TYPE
from tests.accounts import Account
from tests.factories import insert
from tests.media.factories import media_row
from tests.media.images import png
from tests.routing import Access, Ids, Key, Route

NEW_MEDIA = {"media_type": "image/png", "size": 1000}
MISSING = "media_not_found"
OWN: dict[str, Any] = {
    "foreign": (404, MISSING),
    "missing": MISSING,
    "scope": Scope.MEDIA_WRITE,
}

ROUTES: dict[Key, Route] = {
    ("GET", "/media"): Route(Access.USER, scope=Scope.MEDIA_WRITE),
    ("POST", "/media"): Route(Access.USER, body=NEW_MEDIA, status=201, scope=Scope.MEDIA_WRITE),
    ("GET", "/media/{media_id}"): Route(Access.OWNER, **OWN),
    ("POST", "/media/{media_id}/complete"): Route(Access.OWNER, status=202, **OWN),
    ("DELETE", "/media/{media_id}"): Route(Access.OWNER, status=204, **OWN),
    ("PUT", "/media/uploads/{upload_token}"): Route(
        Access.PUBLIC, status=204, missing="link_not_found"
    ),
    ("GET", "/media/files/{file_token}"): Route(Access.PUBLIC, missing="link_not_found"),
}


async def make(owner: Account, _: Ids) -> Ids:
    """A medium that has been uploaded, a link for an empty upload, and a file with its link."""
    content = png()
    media, empty = media_row(owner.id, size=len(content)), media_row(owner.id)
    await insert(owner.app.state["database"], media, empty)
    storage = aws_client.get_storage()
    await storage.write(links.upload_key(media.key), content, content_type="image/png")
    file = links.variant_key(media.key, "small")
    await storage.write(file, content, content_type=VARIANT_TYPE)
    upload_url = links.upload_link(empty.key, size=0)[0]
    return {
        "media_id": media.id,
        "upload_token": upload_url.rpartition("/")[2],
        "file_token": links.read_link(file).rpartition("/")[2],
    }
