"""E-mails that other domains ask for."""

from pathlib import Path
from typing import Any

import pytest
from jinja2 import TemplateError
from sqlalchemy import text

from src.config import SettingsError, settings
from src.database import Database, transaction
from src.emails import mailbox
from src.emails import service as email_service
from src.emails.config import MailConfig, Security, SmtpServer, mail_settings
from src.emails.transports import MailboxTransport, SmtpTransport, current_transport
from src.jobs import JOBS, PermanentFailure, Work
from tests.emails.letters import EMAILS, KEY, WITH_LINK
from tests.emails.smtp import Post, post_office
from tests.factories import FIRST_MOMENT
from tests.fixtures import ChangeSettings

LETTER: dict[str, Any] = {
    "to": "ada@example.com",
    "template": "verify_email",
    "context": WITH_LINK,
}


@pytest.mark.parametrize("template", EMAILS)
async def test_every_email_arrives_in_the_mailbox(folder: Path, template: str) -> None:
    await email_service.deliver_email(
        to="ada@example.com", template=template, context=EMAILS[template], key=KEY
    )

    (letter,) = await mailbox.find_letters("ada@example.com", whole=True)
    assert letter.key == KEY
    assert letter.links == [link for link in (EMAILS[template].get("link"),) if link]


async def test_an_email_goes_to_the_server_that_is_set(change: ChangeSettings) -> None:
    post = Post()

    async with post_office(post) as server:
        change_url = MailConfig.model_validate({"smtp_url": f"smtp://127.0.0.1:{server.port}"})
        change(mail_settings, smtp_url=change_url.smtp_url)
        await email_service.deliver_email(**LETTER, key=KEY)

    assert post.messages[0]["Message-ID"] == f"<{KEY}@example.com>"


@pytest.mark.parametrize(
    "mistake",
    [{"to": "ada"}, {"template": "verify_mail"}, {"context": {"username": "ada"}}],
    ids=str,
)
@pytest.mark.usefixtures("folder")
async def test_an_email_that_cannot_be_written_is_not_tried_again(mistake: dict[str, Any]) -> None:
    with pytest.raises(PermanentFailure, match="cannot be written"):
        await email_service.deliver_email(**LETTER | mistake, key=KEY)

    assert await mailbox.find_letters() == []


async def test_a_queued_email_arrives_once_however_often_its_job_runs(
    database: Database, folder: Path
) -> None:
    async with transaction(database) as session:
        await email_service.queue_email(session, **LETTER)
    (queued,) = await queue(database)

    for attempt in (1, 2):
        work = Work(1, FIRST_MOMENT, attempt, database)
        await JOBS["emails.send"].handler(work, **queued)

    (letter,) = await mailbox.find_letters()
    assert letter.key == work.key


async def test_an_email_is_queued_with_the_transaction_or_not_at_all(database: Database) -> None:
    async with transaction(database) as session:
        await email_service.queue_email(session, **LETTER)
        await session.rollback()

    assert await queue(database) == []


@pytest.mark.parametrize(
    "mistake",
    [{"to": "ada"}, {"template": "verify_mail"}, {"context": {"username": "ada"}}],
    ids=str,
)
async def test_an_email_that_could_never_be_written_is_not_queued(
    database: Database, mistake: dict[str, Any]
) -> None:
    async with transaction(database) as session:
        with pytest.raises((TemplateError, ValueError)):
            await email_service.queue_email(session, **LETTER | mistake)

    assert await queue(database) == []


def test_the_mailbox_is_for_local_work_without_a_server(
    folder: Path, change: ChangeSettings
) -> None:
    assert isinstance(current_transport(), MailboxTransport)

    change(settings, environment="production")

    with pytest.raises(SettingsError, match="MAIL_SMTP_URL"):
        current_transport()


def test_a_server_that_is_set_is_used(change: ChangeSettings) -> None:
    change(mail_settings, smtp_url=MailConfig.model_validate({"smtp_url": "smtp://a"}).smtp_url)

    transport = current_transport()

    assert isinstance(transport, SmtpTransport)
    assert transport.server == SmtpServer("a", 25, Security.NONE, None, None)
    assert transport.timeout == mail_settings.timeout


async def queue(database: Database) -> list[dict[str, Any]]:
    """What is queued, and no longer is after this."""
    async with database.engine.begin() as connection:
        taken = text(
            "DELETE FROM pgqueuer WHERE entrypoint = 'emails.send' "
            "RETURNING convert_from(payload, 'UTF8')::json"
        )
        return list((await connection.execute(taken)).scalars())
