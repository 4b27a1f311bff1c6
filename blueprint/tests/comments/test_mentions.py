"""`@name` in a text, and the accounts that it stands for."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.comments.constants import BODY_MAX_LENGTH, MENTIONS_MAX
from src.comments.mentions import mentioned_names
from src.database import Database
from tests.accounts import Account
from tests.attacks.traces import stored_rows
from tests.comments.reading import read
from tests.contract import assert_problem
from tests.fixtures import CreateAccount

MENTIONED = {
    "@ada": ["ada"],
    "@Ada_Lovelace-1843": ["ada_lovelace-1843"],
    "Thanks, @ada.": ["ada"],
    "@ada, @bob; @cleo: @dora! @eve? (@finn)": ["ada", "bob", "cleo", "dora", "eve", "finn"],
    "@ada's and '@bob' and \"@cleo\"": ["ada", "bob", "cleo"],
    "@bob\n@ada\t@bob @ADA": ["bob", "ada"],
    "«@ada» „@bob“ …@cleo… —@dora—": ["ada", "bob", "cleo", "dora"],
    "\N{FULLWIDTH LEFT PARENTHESIS}@ada\N{FULLWIDTH RIGHT PARENTHESIS}、@bob。🐙@cleo🐙": [
        "ada",
        "bob",
        "cleo",
    ],
    "@ada…then @bob...": ["ada", "bob"],
    "*@ada* ~@bob~": ["ada", "bob"],
    "@ada: hello, @bob/ @cleo.\n": ["ada", "bob", "cleo"],
    "`x` @ada `y`": ["ada"],
    "an unfinished ` and @ada": ["ada"],
}
NOT_MENTIONED = [
    "",
    "@",
    "@@ada",
    "@ad",
    "@ ada",
    "ada@example.com",
    "mailto:ada@example.com",
    "ada.lovelace+notes@example.com",
    "a.@ada",
    "foo@bar",
    "1@ada",
    "_@ada",
    "é@ada",
    unicodedata.normalize("NFD", "é@ada"),
    "дом@ada",
    "@adaé",
    unicodedata.normalize("NFD", "@adaé"),
    "@ada@example.social",
    "@ada.example.social",
    "https://example.com/@ada",
    "@scope/package",
    "@app.get",
    "@ada:pass",
    "`@ada`",
    "```\n@ada\n```",
    "a `@ada` b `@bob` c",
    "@" + "a" * 51,
    "\N{FULLWIDTH COMMERCIAL AT}ada",
]


@pytest.mark.parametrize("body", MENTIONED)
def test_a_mention_is_found(body: str) -> None:
    assert mentioned_names(body) == MENTIONED[body]


@pytest.mark.parametrize("body", NOT_MENTIONED)
def test_what_is_no_mention_is_not_taken_for_one(body: str) -> None:
    assert mentioned_names(body) == []


def test_the_longest_and_the_shortest_name_are_found() -> None:
    assert mentioned_names("@" + "a" * 50) == ["a" * 50]
    assert mentioned_names("@abc") == ["abc"]


def test_there_are_only_so_many_mentions() -> None:
    body = " ".join(f"@name_{number} @name_0" for number in range(MENTIONS_MAX + 5))

    assert mentioned_names(body) == [f"name_{number}" for number in range(MENTIONS_MAX)]


@given(
    before=st.text(" \t\n([{\"'«—…*~!?,;:。、🐙", max_size=3),
    name=st.from_regex(r"\A[A-Za-z0-9_-]{3,50}\Z"),
    after=st.text(" \t\n)]}\"'»…*~!?,;。、🐙", max_size=3),
)
def test_any_name_among_punctuation_is_found(before: str, name: str, after: str) -> None:
    assert mentioned_names(f"{before}@{name}{after}") == [name.lower()]


@pytest.mark.parametrize("piece", ["@", "`", "@a", "a@", "``", "@aaa", "@-", "`@"])
def test_no_text_takes_long(piece: str) -> None:
    body = (piece * BODY_MAX_LENGTH)[:BODY_MAX_LENGTH]

    assert len(mentioned_names(body)) <= MENTIONS_MAX


async def test_mentions_are_accounts_that_exist(
    author: Account, create: CreateAccount, database: Database
) -> None:
    post = await author.writes()
    ada, bob = await create(username="Ada_L"), await create(username="bob")
    body = "@ada_l, ask @nobody, @BOB, bob@example.com and @ada_l"

    comment = (await author.client.post(f"/posts/{post.id}/comments", json={"body": body})).json()

    assert comment["mentions"] == ["Ada_L", "bob"]
    assert await read(author.client, f"/comments/{comment['id']}") == comment
    listed = await read(author.client, f"/posts/{post.id}/comments")
    assert listed["items"][0]["mentions"] == ["Ada_L", "bob"]
    stored = (await stored_rows(database))["comment_mention"]
    assert stored == [{"comment_id": comment["id"], "user_id": it.id} for it in (ada, bob)]


async def test_an_edit_mentions_anew(author: Account, create: CreateAccount) -> None:
    post = await author.writes()
    for username in ("ada", "bob", "cleo"):
        await create(username=username)
    new = {"body": "@ada and @bob"}
    comment = (await author.client.post(f"/posts/{post.id}/comments", json=new)).json()
    path = f"/comments/{comment['id']}"

    changed = (await author.client.patch(path, json={"body": "@bob and @cleo"})).json()
    emptied = (await author.client.patch(path, json={"body": "Nobody"})).json()

    assert comment["mentions"] == ["ada", "bob"]
    assert changed["mentions"] == ["bob", "cleo"]
    assert emptied["mentions"] == []


async def test_who_has_another_name_now_is_mentioned_by_it(
    author: Account, create: CreateAccount
) -> None:
    post, ada = await author.writes(), await create(username="ada")
    new = {"body": "Thanks, @ada"}
    comment = (await author.client.post(f"/posts/{post.id}/comments", json=new)).json()

    await ada.client.patch("/users/me", json={"username": "countess"})

    now = await read(author.client, f"/comments/{comment['id']}")
    assert now["mentions"] == ["countess"]
    assert now["body"] == "Thanks, @ada"


async def test_who_is_gone_is_mentioned_no_more(author: Account, create: CreateAccount) -> None:
    post, ada = await author.writes(), await create(username="ada")
    new = {"body": "Thanks, @ada"}
    comment = (await author.client.post(f"/posts/{post.id}/comments", json=new)).json()

    assert (await ada.client.delete("/users/me")).status_code == 204

    now = await read(author.client, f"/comments/{comment['id']}")
    assert now == {**comment, "mentions": []}


async def test_a_comment_that_is_refused_mentions_nobody(
    author: Account, create: CreateAccount, database: Database
) -> None:
    post = await author.writes()
    await create(username="ada")

    response = await author.client.post(
        f"/posts/{post.id}/comments", json={"body": "@ada", "parent_id": 1}
    )

    assert_problem(response, 422, "parent_not_found")
    assert (await stored_rows(database))["comment_mention"] == []
