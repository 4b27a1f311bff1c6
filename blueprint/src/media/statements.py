"""The SQL behind reading media. Each statement is built and compiled once."""

from sqlalchemy import BigInteger, ScalarSelect, String, bindparam, case, func, label, select
from sqlalchemy.orm import Mapped
from sqlmodel import col

from src.database import Statement
from src.media.constants import MediaStatus
from src.media.models import Media

IMAGE = func.jsonb_build_object(
    "id", col(Media.id), "key", col(Media.key), "variants", col(Media.variants)
)
OWN = (
    col(Media.id),
    col(Media.status),
    col(Media.media_type),
    col(Media.size),
    col(Media.rejection),
    label("image", case((col(Media.status) == MediaStatus.READY, IMAGE))),
    col(Media.created_at),
    col(Media.key),
    col(Media.user_id),
)

# Parameter: media_id.
MEDIA = Statement(select(*OWN).where(col(Media.id) == bindparam("media_id", type_=BigInteger)))

# Parameter: key.
STATUS = Statement(
    select(col(Media.status)).where(col(Media.key) == bindparam("key", type_=String))
)

# The newest first. Parameters: user_id, page_size, id.
OWN_PAGE = Statement(
    select(*OWN)
    .where(
        col(Media.user_id) == bindparam("user_id", type_=BigInteger),
        col(Media.id) < bindparam("id", type_=BigInteger),
    )
    .order_by(col(Media.id).desc())
    .limit(bindparam("page_size", type_=BigInteger))
)


def image_of(media_id: Mapped[int | None]) -> ScalarSelect[str]:
    """The image for a column of media ids, inside another domain's query."""
    return select(IMAGE).where(col(Media.id) == media_id).correlate_except(Media).scalar_subquery()
