"""Where PostgreSQL and Redis come from."""

from pathlib import Path

import asyncpg
import pytest
from redis import Redis

from src.config import Environment, SettingsError, database_settings, redis_settings, settings
from src.services import open_services, using_services
from tests.fixtures import ChangeSettings


def test_with_both_urls_nothing_is_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("src.services.DATA_DIR", tmp_path)
    assert database_settings.url
    assert redis_settings.url

    with using_services() as urls:
        assert urls.database_url == database_settings.url.get_secret_value()
        assert urls.redis_url == redis_settings.url.get_secret_value()

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("environment", [Environment.STAGING, Environment.PRODUCTION])
def test_only_local_work_has_embedded_servers(
    change: ChangeSettings, environment: Environment
) -> None:
    change(settings, environment=environment)
    change(database_settings, url=None)

    with pytest.raises(SettingsError, match=r"^Set DATABASE_URL: "), using_services():
        pass

    change(redis_settings, url=None)
    with pytest.raises(SettingsError, match=r"^Set DATABASE_URL and REDIS_URL: "), using_services():
        pass


async def test_without_urls_local_work_gets_embedded_servers(
    change: ChangeSettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("src.services.DATA_DIR", tmp_path / "data")
    change(database_settings, url=None)
    change(redis_settings, url=None)

    async with open_services() as urls:
        connection = await asyncpg.connect(urls.database_url.replace("+asyncpg", ""))
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()
        with Redis.from_url(urls.redis_url) as redis:
            assert redis.ping()
