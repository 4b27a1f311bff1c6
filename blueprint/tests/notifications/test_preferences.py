"""How one hears of what, and how long it is kept."""

from sqlalchemy import text

from src.database import Database
from src.notifications import upkeep
from src.notifications.constants import Kind
from tests.accounts import Account
from tests.contract import refused_fields
from tests.notifications.factories import tell
from tests.notifications.test_lists import listed

PATH = "/notifications/preferences"


async def test_everything_is_told_in_the_application_and_by_e_mail_at_first(
    author: Account,
) -> None:
    channels = (await author.client.get(PATH)).json()["channels"]

    assert channels == dict.fromkeys(Kind, "digest")


async def test_a_choice_is_kept_and_can_be_changed(author: Account, reader: Account) -> None:
    for channel in ("off", "in_app", "in_app"):
        changed = await author.client.patch(PATH, json={"channels": {"announced": channel}})
        assert changed.json()["channels"]["announced"] == channel
        assert (await author.client.get(PATH)).json() == changed.json()
    nothing = await author.client.patch(PATH, json={})

    assert nothing.json()["channels"]["announced"] == "in_app"
    assert (await reader.client.get(PATH)).json()["channels"]["announced"] == "digest"


async def test_a_kind_or_channel_that_there_is_not_is_refused(author: Account) -> None:
    for channels in ({"other": "off"}, {"announced": "letter"}, {"announced": None}, None):
        response = await author.client.patch(PATH, json={"channels": channels})
        assert response.status_code == 422
        assert refused_fields(response)


async def test_who_does_not_want_to_hear_of_it_is_not_told(author: Account) -> None:
    await author.client.patch(PATH, json={"channels": {"announced": "off"}})
    await tell(author, subject_id=1)
    await author.client.patch(PATH, json={"channels": {"announced": "in_app"}})
    await tell(author, subject_id=2)

    assert [it["group"] for it in await listed(author)] == ["announced.2"]


async def test_what_was_read_long_ago_is_deleted_and_much_later_what_never_was(
    database: Database, author: Account
) -> None:
    for subject_id in (1, 2, 3, 4):
        await tell(author, subject_id=subject_id)
    for subject_id in (1, 2):
        await author.client.put(f"/notifications/announced.{subject_id}/read")
    old = "UPDATE notification SET {} = now() - interval '{} days' WHERE subject_id = {}"
    async with database.engine.begin() as connection:
        await connection.execute(text(old.format("read_at", 91, 1)))
        await connection.execute(text(old.format("created_at", 366, 2)))
        await connection.execute(text(old.format("created_at", 364, 3)))
        await connection.execute(text(old.format("created_at", 366, 4)))

    await upkeep.forget_old(database)

    assert [it["group"] for it in await listed(author)] == ["announced.3", "announced.2"]
