"""What object storage tells of its objects."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StoredObject:
    key: str
    size: int  # bytes
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request to S3 is signed with."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None = None
