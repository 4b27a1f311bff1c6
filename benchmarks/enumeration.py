"""Does the time of an answer tell whether somebody has an account?

One application in production settings, but without limits, is asked about people who have an
account and about others, in random order. Each sample is about somebody else. The two distributions
are told apart by AUC: the chance that an answer about an account took longer than one about nobody.
0.5 tells whoever measures nothing at all, 0 or 1 everything.
"""

import argparse
import asyncio
import json
import math
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from statistics import median
from urllib.parse import urlencode

import database
from project import HOST, ProjectError, copied_project, disposable_services, run
from servers import make_room, production, started
from writers import registration

FEWEST = 200  # samples: with fewer, chance alone comes near the limits
WARM_UP = 20  # pairs
LOWEST, HIGHEST = 0.40, 0.60  # AUC
SURE = 1.96  # standard deviations, within which chance stays 95 times of 100
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
FIRST = 100_000  # so that all numbers are equally long
ACCOUNTS = f"""
INSERT INTO user_account
(username, email, email_verified_at, hashed_password, first_name, birth_date, role, is_active)
SELECT 'known_' || number, 'known_' || number || '@example.com', now(), hashed_password,
first_name, birth_date, role, is_active
FROM user_account, generate_series({FIRST}, {FIRST} + $1::int) AS number
WHERE username = 'somebody'
"""  # noqa: S608  (a number of our own)


@dataclass(frozen=True)
class Question:
    """A request about a person: `known_100007` has an account, `other_100007` has none."""

    name: str
    path: str
    status: int
    content_type: str
    body: Callable[[str], str]


QUESTIONS = (
    Question(
        *("forgot password", "/auth/forgot-password", 202, JSON),
        lambda name: json.dumps({"email": f"{name}@example.com"}),
    ),
    Question(
        *("resend link", "/auth/verify-email/resend", 202, JSON),
        lambda name: json.dumps({"email": f"{name}@example.com"}),
    ),
    Question(
        *("log in by name", "/auth/token", 401, FORM),
        lambda name: urlencode({"username": name, "password": "Wrong-And-Loud-8"}),
    ),
    Question(
        *("log in by address", "/auth/token", 401, FORM),
        lambda name: urlencode({"username": f"{name}@example.com", "password": "Wrong-8"}),
    ),
    Question(  # comes last: it leaves accounts behind
        *("register", "/auth/register", 201, JSON),
        lambda name: json.dumps(registration(f"new_{name}") | {"email": f"{name}@example.com"}),
    ),
)


@dataclass
class Times:
    """Milliseconds that answers took."""

    known: list[float] = field(default_factory=list)
    other: list[float] = field(default_factory=list)

    @property
    def auc(self) -> float:
        """Mann and Whitney's U, as a part of all pairs; where two are equal, half a win."""
        wins = sum((a > b) + (a == b) / 2 for a in self.known for b in self.other)
        return wins / (len(self.known) * len(self.other))

    @property
    def by_chance(self) -> float:
        """How far from 0.5 the AUC of two equal distributions comes, 95 times of 100."""
        n, m = len(self.known), len(self.other)
        return SURE * math.sqrt((n + m + 1) / (12 * n * m))

    @property
    def holds(self) -> bool:
        return LOWEST <= self.auc <= HIGHEST


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=400, help=f"of each, at least {FEWEST}")
    samples = max(FEWEST, parser.parse_args().samples)
    print(make_room())
    with copied_project() as project, disposable_services(project.parent / "services") as urls:
        run(project, "alembic", "upgrade", "head", **urls)
        with started(project, production(urls), "/health/ready", ["ours"]) as servers:
            connection = HTTPConnection(HOST, servers["ours"].port, timeout=30)
            _register_somebody(connection)
            asyncio.run(_add_accounts(urls["DATABASE_URL"], samples + WARM_UP))
            times = {it.name: _measure(connection, it, samples) for it in QUESTIONS}
            connection.close()
    _print_times(times)
    return 0 if all(it.holds for it in times.values()) else 1


def _register_somebody(connection: HTTPConnection) -> None:
    body = json.dumps(registration("somebody"))
    _ask(connection, Question("", "/auth/register", 201, JSON, lambda _: body), "")


async def _add_accounts(database_url: str, count: int) -> None:
    async with database.connected(database_url) as connection:
        await connection.execute(ACCOUNTS, count)
        await connection.execute("ANALYZE user_account")


def _measure(connection: HTTPConnection, question: Question, samples: int) -> Times:
    times = Times()
    for number in range(samples + WARM_UP):
        pair = [("known", times.known), ("other", times.other)]
        random.shuffle(pair)
        for kind, measured in pair:
            took = _ask(connection, question, f"{kind}_{FIRST + number}")
            if number >= WARM_UP:
                measured.append(took)
    return times


def _ask(connection: HTTPConnection, question: Question, name: str) -> float:
    """Milliseconds to the whole answer.

    Raises:
        ProjectError: it is another one than expected.

    """
    body = question.body(name).encode()
    began = time.perf_counter()
    connection.request("POST", question.path, body, {"Content-Type": question.content_type})
    response = connection.getresponse()
    content = response.read()
    took = time.perf_counter() - began
    if response.status != question.status:
        raise ProjectError(f"{question.path} about {name}: {response.status} {content.decode()}")
    return 1000 * took


def _print_times(times: dict[str, Times]) -> None:
    print(
        f"{'median of':<22}{'account':>12}{'none':>12}{'difference':>13}"
        f"{'AUC':>8}{'by chance':>16}{'samples':>13}"
    )
    for name, it in times.items():
        known, other = median(it.known), median(it.other)
        print(
            f"{name:<22}{known:>9.2f} ms{other:>9.2f} ms{1000 * (known - other):>+10.0f} µs"
            f"{it.auc:>8.3f}{f'0.500 ± {it.by_chance:.3f}':>16}{f'2 × {len(it.known)}':>13}"
        )
    print()
    for name, it in times.items():
        verdict = "PASS" if it.holds else "FAIL"
        print(f"{verdict}  {name}: AUC {it.auc:.3f} ({LOWEST:.2f} to {HIGHEST:.2f})")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ProjectError as error:
        sys.exit(str(error))
