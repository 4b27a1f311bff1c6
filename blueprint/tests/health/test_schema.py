"""Readiness and the schema of the database: older, newer, or none."""

import asyncio

import pytest
from sqlalchemy import text

from src.config import database_settings
from src.database import Statement, open_database
from tests.clients import RunningApp
from tests.contract import assert_problem
from tests.servers import Urls, create_database, drop_database


@pytest.mark.parametrize(
    ("template", "version"), [("template1", None), ("migrated", "0001_accounts"), ("migrated", "")]
)
async def test_a_database_with_an_older_schema_is_not_ready(
    app: RunningApp, urls: Urls, template: str, version: str | None
) -> None:
    name = f"{urls.database.partition('?')[0].rpartition('/')[2]}_other"
    other = await asyncio.to_thread(create_database, urls, name, template=template)
    async with open_database(other.database, database_settings) as database:
        if version:
            await database.fetch(
                Statement(text("UPDATE alembic_version SET version_num = '0001_accounts'"))
            )
        elif version == "":
            await database.fetch(Statement(text("DELETE FROM alembic_version")))

        behind = RunningApp(app.app, {**app.state, "database": database})
        response = await behind.client().get("/health/ready")

        problem = assert_problem(response, 503, "not_ready")
        assert "make migrate" in problem["detail"]
    await asyncio.to_thread(drop_database, urls, name)


async def test_a_database_with_a_newer_schema_is_served_until_the_new_version_takes_over(
    app: RunningApp, urls: Urls
) -> None:
    name = f"{urls.database.partition('?')[0].rpartition('/')[2]}_newer"
    other = await asyncio.to_thread(create_database, urls, name, template="migrated")
    async with open_database(other.database, database_settings) as database:
        await database.fetch(Statement(text("UPDATE alembic_version SET version_num = 'newer'")))

        ahead = RunningApp(app.app, {**app.state, "database": database})
        response = await ahead.client().get("/health/ready")

        assert response.status_code == 200
    await asyncio.to_thread(drop_database, urls, name)
