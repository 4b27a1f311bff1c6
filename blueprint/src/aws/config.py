"""Settings of object storage: `AWS_*`, by the names that AWS's own tools read."""

from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from src.config import DomainSettings


class AwsConfig(DomainSettings):
    """S3, or what speaks its protocol. Without `AWS_BUCKET`, local work keeps files in `.data/`."""

    model_config = SettingsConfigDict(env_prefix="AWS_")

    bucket: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
    region: str = Field(default="us-east-1", pattern=r"^[a-z0-9-]+$")
    endpoint_url: str | None = None
    access_key_id: str | None = None
    secret_access_key: SecretStr | None = None
    session_token: SecretStr | None = None
    timeout: float = Field(default=15, gt=0)  # seconds for one request

    @field_validator("endpoint_url")
    @classmethod
    def is_a_base(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            raise ValueError("Must be a URL such as https://s3.example.com")
        return value.rstrip("/")

    def production_faults(self) -> list[str]:
        faults = []
        if not self.bucket:
            faults.append("AWS_BUCKET: missing (files on the disk are for local work)")
        # Links to files are signed with them, which needs more than a role of the machine's.
        if not self.access_key_id:
            faults.append("AWS_ACCESS_KEY_ID: missing")
        if not self.secret_access_key:
            faults.append("AWS_SECRET_ACCESS_KEY: missing")
        if self.endpoint_url and not self.endpoint_url.startswith("https://"):
            faults.append("AWS_ENDPOINT_URL: must begin with https://")
        return faults

    def staging_faults(self) -> list[str]:
        return [fault for fault in self.production_faults() if "https" not in fault]


aws_settings = AwsConfig.load()
