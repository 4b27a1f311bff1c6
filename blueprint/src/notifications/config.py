"""Settings of notifications: `NOTIFICATIONS_*`."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from src.config import DomainSettings


class NotificationsConfig(DomainSettings):
    model_config = SettingsConfigDict(env_prefix="NOTIFICATIONS_")

    kept: int = Field(default=90, ge=1)  # days; after that those that were read are deleted
    unread_kept: int = Field(default=365, ge=1)  # days, for those that nobody ever read
    streams_max: int = Field(default=10, ge=1)  # of one user in one process
    stream_lifetime: float = Field(default=3600, ge=0)  # seconds, after which a client comes back
    stream_check: float = Field(default=15, gt=0)  # seconds between looks at a stream's token


notifications_settings = NotificationsConfig.load()
