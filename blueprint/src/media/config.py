"""Settings of media: `MEDIA_*`."""

from limits import parse
from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from src.config import DomainSettings, secret_from_settings
from src.limits import Rate


class MediaConfig(DomainSettings):
    model_config = SettingsConfigDict(env_prefix="MEDIA_", arbitrary_types_allowed=True)

    # Signs links to files on the disk, which are for local work; S3 checks links by its own keys.
    link_secret: SecretStr = Field(default_factory=secret_from_settings)
    max_size: int = Field(default=10_485_760, ge=1024)  # bytes of one upload
    max_count: int = Field(default=1_000, ge=1)  # of one account
    max_total_size: int = Field(default=1_073_741_824, ge=1024)  # bytes of one account
    upload_limit: Rate = parse("60/hour")
    upload_expiration: int = Field(default=15, ge=1)  # minutes
    link_window: int = Field(default=60, ge=1, le=2880)  # minutes
    processes: int = Field(default=1, ge=1)


media_settings = MediaConfig.load()
