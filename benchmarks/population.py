"""Databases of any size, filled by PostgreSQL itself: accounts, follows, posts, likes, comments.

The words of the text follow Zipf's law, few accounts write most of the posts, and what hangs on
posts grows with them. The data is the same each time.
"""

import itertools
import random
import re
from pathlib import Path

import database

ROWS = Path(__file__).with_name("population.sql")
SEED = 0.1843
SYLLABLES = ["".join(pair) for pair in itertools.product("bdfghklmnprstvz", "aeiou")]
VOCABULARY = 20_000
WORDS_OF_A_PARAGRAPH = 30  # of which a post has two
# Places in the vocabulary: of words in one post of 2, of 7, of 60, and of 300.
VERY_COMMON, COMMON, LESS_COMMON, UNCOMMON = 7, 35, 350, 2_200
READERS = 5  # the last accounts
FEWEST_ACCOUNTS, POSTS_OF_AN_ACCOUNT = 100, 10  # the latter on the average
NUMBERS = {
    "paragraphs": 10_000,
    "posts_with_a_rare_word": 20,  # also when there are a million
    "readers": READERS,
    "follows": 50,  # of each reader
    "thread": 200,  # comments under the first post
    "beginnings": 20,  # of which the rest are replies to some
}

BULK = """
SET session_replication_role = replica;  -- what is made here refers to what is there
SET maintenance_work_mem = '512MB';
SET work_mem = '256MB'
"""
PARAGRAPHS = """
CREATE TEMP TABLE paragraph AS
SELECT drawn.paragraph AS number, string_agg(word, ' ') AS words
FROM (
    SELECT paragraph, floor(power($1::int, random()))::int AS number
    FROM generate_series(1, $2::int) AS paragraph, generate_series(1, $3::int)
) AS drawn
JOIN word USING (number)
GROUP BY drawn.paragraph
"""
INDEXES = """
SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
FROM pg_index
WHERE indrelid = $1::text::regclass
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


async def populate(url: str, posts: int) -> None:
    """Fill the empty tables of a database: at least a thousand posts, the rest in proportion."""
    numbers = NUMBERS | {"posts": posts, "accounts": accounts_for(posts)}
    async with database.connected(url) as connection:
        await connection.execute(BULK)
        await _make_paragraphs(connection)
        _, *parts = re.split("^-- table ", ROWS.read_text().format(**numbers), flags=re.MULTILINE)
        for part in parts:
            table, rows = part.split("\n", 1)
            await _fill(connection, table, rows)


def accounts_for(posts: int) -> int:
    return max(FEWEST_ACCOUNTS, posts // POSTS_OF_AN_ACCOUNT)


def vocabulary() -> list[str]:
    """Words that no language has, the commonest first."""
    words = ["".join(syllables) for syllables in itertools.product(SYLLABLES, repeat=3)]
    random.Random(SEED).shuffle(words)  # noqa: S311  (for variety, not for secrets)
    return words[:VOCABULARY]


def rare_word(number: int) -> str:
    """A word that few posts have: one of as many as a twentieth of the posts."""
    return "q" + str(number).translate(str.maketrans("0123456789", "bdfghklmnp"))


async def _make_paragraphs(connection: database.Connection) -> None:
    await connection.execute("CREATE TEMP TABLE word (number int PRIMARY KEY, word text)")
    await connection.copy_records_to_table("word", records=list(enumerate(vocabulary(), start=1)))
    await connection.execute(f"SELECT setseed({SEED})")
    await connection.fetch(PARAGRAPHS, VOCABULARY, NUMBERS["paragraphs"], WORDS_OF_A_PARAGRAPH)


async def _fill(connection: database.Connection, table: str, rows: str) -> None:
    indexes = await connection.fetch(INDEXES, table)
    for index in indexes:
        await connection.execute(f"DROP INDEX {index['name']}")
    await connection.execute(rows)
    for index in indexes:  # much faster than row by row
        await connection.execute(index["definition"])
    await connection.execute(f"VACUUM (ANALYZE) {table}")
