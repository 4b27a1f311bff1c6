"""Settings of the cache."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from src.config import DomainSettings


class CacheConfig(DomainSettings):
    """The cache of public reads. Writes tell Redis of themselves also where it is not enabled."""

    model_config = SettingsConfigDict(env_prefix="CACHE_")

    enabled: bool = True
    ttl: float = Field(default=30, gt=0)  # seconds
    timeout: float = Field(default=0.1, gt=0)  # seconds; a slower answer of Redis is no use
    entries: int = Field(default=200, ge=1)  # that each process knows of


cache_settings = CacheConfig.load()
