"""Links and refresh tokens that somebody has put together from pieces."""

import asyncio
from collections.abc import Callable
from uuid import UUID, uuid4

import httpx2
import pytest
from redis.asyncio import Redis

from src.auth.constants import Consent, TicketPurpose
from src.auth.tokens import create_link_token
from src.database import Database
from tests.accounts import Account
from tests.attacks.doors import DOORS, refresh
from tests.attacks.loot import LINKS, LOOT, approve_link, confirm_link, reset_link
from tests.attacks.traces import stored_rows, stored_sessions
from tests.contract import assert_problem, refused_fields
from tests.fixtures import CreateAccount
from tests.outbox import Outbox

Mangle = Callable[[str], str]


def with_id(token: str, ticket_id: str) -> str:
    return f"{ticket_id}.{token.partition('.')[2]}"


def next_letter(token: str) -> str:
    """Base64 that decodes to the same bytes: the last letter has bits that count for nothing."""
    return f"{token[:-1]}{chr(ord(token[-1]) + 1)}"


MANGLED: dict[str, Mangle] = {
    "another id": lambda token: with_id(token, uuid4().hex),
    "the id with dashes": lambda token: with_id(token, str(UUID(token.partition(".")[0]))),
    "the id in capitals": lambda token: with_id(token, token.partition(".")[0].upper()),
    "no id": lambda token: with_id(token, ""),
    "no signature": lambda token: token.partition(".")[0],
    "an empty signature": lambda token: token.partition(".")[0] + ".",
    "cut by one": lambda token: token[:-1],
    "cut by half": lambda token: token[:48],
    "one more": lambda token: f"{token}A",
    "padded": lambda token: f"{token}=",
    "the next letter": next_letter,
    "case changed": str.swapcase,
    "small": str.lower,
    "twice": lambda token: f"{token}.{token}",
    "not ASCII": lambda token: f"{token[:-1]}ä",
    "full width": lambda token: token.replace(".", "\uff0e"),
    "NUL at the end": lambda token: f"{token}\x00",
    "NUL inside": lambda token: f"{token[:5]}\x00{token[5:]}",
    "1024 long": lambda token: token.ljust(1024, "A"),
    "only NUL": lambda _: "\x00",
}


@pytest.mark.parametrize("mangled", MANGLED)
@pytest.mark.parametrize("kind", LINKS)
async def test_a_mangled_link_does_nothing(
    author: Account,
    client: httpx2.AsyncClient,
    outbox: Outbox,
    database: Database,
    kind: str,
    mangled: str,
) -> None:
    steal, door = LOOT[kind]
    token = await steal(author, outbox)
    before = await stored_rows(database)

    response = await DOORS[door].enter(client, MANGLED[mangled](token))

    assert_problem(response, 400, "invalid_link")
    assert await stored_rows(database) == before
    assert (await DOORS[door].enter(client, token)).status_code < 300, "the real one still works"


@pytest.mark.parametrize("kind", LINKS)
async def test_a_link_longer_than_any_is_not_even_read(
    client: httpx2.AsyncClient, kind: str
) -> None:
    response = await DOORS[LOOT[kind][1]].enter(client, "A" * 1025)

    assert refused_fields(response) == {"/body/token"}


async def test_a_link_is_not_good_with_the_id_of_another(
    create: CreateAccount, client: httpx2.AsyncClient, outbox: Outbox, database: Database
) -> None:
    ours, theirs = [await reset_link(await create(), outbox) for _ in range(2)]
    before = await stored_rows(database)

    mixed = with_id(ours, theirs.partition(".")[0])

    await DOORS["reset-password"].assert_refuses(client, mixed)
    assert await stored_rows(database) == before


async def test_the_new_address_alone_cannot_agree_for_the_old_one(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, database: Database
) -> None:
    stolen = await confirm_link(author, outbox)
    change_id, _, signature = stolen.partition(".")

    for _ in range(3):
        await DOORS["change-email"].enter(client, stolen)
        await DOORS["change-email"].enter(client, f"{change_id}.{signature[::-1]}")

    (row,) = (await stored_rows(database))["user_account"]
    assert row["email"] == author.user.email


@pytest.mark.parametrize("kind", ["verify link", "reset link"])
async def test_a_ticket_is_good_for_nothing_else_even_under_our_own_signature(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, database: Database, kind: str
) -> None:
    token = await LOOT[kind][0](author, outbox)
    ticket_id = UUID(token.partition(".")[0])
    before = await stored_rows(database)

    for purpose in (*TicketPurpose, *Consent):
        for door in ("verify-email", "reset-password", "change-email"):
            if door != LOOT[kind][1]:
                signed = create_link_token(purpose, ticket_id)
                await DOORS[door].assert_refuses(client, signed)

    assert await stored_rows(database) == before


async def test_what_the_database_holds_of_links_opens_none(
    author: Account, client: httpx2.AsyncClient, outbox: Outbox, database: Database
) -> None:
    await reset_link(author, outbox)
    await approve_link(author, outbox)
    rows = await stored_rows(database)

    for row in (*rows["user_ticket"], *rows["user_email_change"]):
        for door in ("verify-email", "reset-password", "change-email"):
            await DOORS[door].assert_refuses(client, row["id"].hex)
            await DOORS[door].assert_refuses(client, f"{row['id'].hex}.{row['id'].hex}")


def refresh_parts(account: Account) -> tuple[str, str, str, str]:
    user_id, session_id, generation, signature = account.refresh_token.split(".")
    return user_id, session_id, generation, signature


@pytest.mark.parametrize("generation", ["0", "2", "-1", "01", "+1", "1.0", "", "9" * 50, "\u0661"])
async def test_a_refresh_token_of_another_generation_neither_works_nor_ends_the_session(
    author: Account, client: httpx2.AsyncClient, redis: Redis, generation: str
) -> None:
    user_id, session_id, _, signature = refresh_parts(author)
    before = await stored_sessions(redis)

    forged = f"{user_id}.{session_id}.{generation}.{signature}"

    assert_problem(await refresh(client, forged), 401, "session_ended")
    assert await stored_sessions(redis) == before
    assert (await refresh(client, author.refresh_token)).status_code == 200


async def test_a_refresh_token_for_another_user_or_session_is_refused(
    author: Account, reader: Account, client: httpx2.AsyncClient, redis: Redis
) -> None:
    ours, theirs = refresh_parts(author), refresh_parts(reader)
    before = await stored_sessions(redis)
    forged = [
        (theirs[0], *ours[1:]),
        (ours[0], theirs[1], *ours[2:]),
        (*theirs[:2], *ours[2:]),
        (*theirs[:3], ours[3]),
    ]

    responses = await asyncio.gather(*(refresh(client, ".".join(parts)) for parts in forged))

    for response in responses:
        assert_problem(response, 401, "session_ended")
    assert await stored_sessions(redis) == before


@pytest.mark.parametrize("mangled", [name for name in MANGLED if "id" not in name.split()])
async def test_a_mangled_refresh_token_neither_works_nor_ends_the_session(
    author: Account, client: httpx2.AsyncClient, mangled: str
) -> None:
    await DOORS["refresh"].assert_refuses(client, MANGLED[mangled](author.refresh_token))

    assert (await refresh(client, author.refresh_token)).status_code == 200
