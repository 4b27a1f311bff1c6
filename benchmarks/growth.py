"""How the time of reads grows with the number of posts, from a thousand to a million.

A disposable PostgreSQL gets a database of each size, with accounts, follows, likes and comments in
proportion; a million posts take some minutes. Then the blueprint's services read from all of them
in turn, through their real statements. A ratio of medians has to stay below the gate.
"""

import argparse
import asyncio
import json
import sys
import time

import database
import population
from project import ProjectError, copied_project, disposable_services, run

SIZES = (1_000, 10_000, 100_000, 1_000_000)
LIMIT = 3.0  # times as long in the largest database as in the smallest

Medians = dict[str, dict[str, float]]  # milliseconds, by read and size


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="posts, 1000 or more")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    sizes = sorted(options.sizes)
    with copied_project() as project, disposable_services(project.parent / "services") as urls:
        run(project, "alembic", "upgrade", "head", **urls)
        databases = {
            size: urls["DATABASE_URL"].replace("/app?", f"/posts_{size}?") for size in sizes
        }
        for size, url in databases.items():
            asyncio.run(_fill(urls["DATABASE_URL"], url, size))
        named = [f"{size}={url}" for size, url in databases.items()]
        answer = run(project, "growth_reads", "--rounds", str(options.rounds), *named, **urls)
    medians: Medians = json.loads(answer)
    if options.json:
        print(json.dumps(medians, indent=2))
    else:
        _print_table(medians)
    return 0 if all(_ratio(times) < LIMIT for times in medians.values()) else 1


async def _fill(app_url: str, url: str, posts: int) -> None:
    began = time.monotonic()
    async with database.connected(app_url) as connection:
        # The connections of the migration and of the last copy may still be ending.
        await connection.execute(f"CREATE DATABASE posts_{posts} TEMPLATE app")
    await population.populate(url, posts)
    print(f"{posts:,} posts made in {time.monotonic() - began:.0f} s.", file=sys.stderr)


def _print_table(medians: Medians) -> None:
    sizes = list(next(iter(medians.values())))
    heads = "".join(f"{int(size):>12,}" for size in sizes)
    print(f"Medians in ms, by the number of posts\n\n{'':<32}{heads}{'ratio':>9}")
    for read, times in medians.items():
        cells = "".join(f"{times[size]:>12.2f}" for size in sizes)
        verdict = "PASS" if _ratio(times) < LIMIT else "FAIL"
        print(f"{read:<32}{cells}{_ratio(times):>9.2f}   {verdict}")
    print(f"\nA ratio has to stay below {LIMIT:g}.")


def _ratio(times: dict[str, float]) -> float:
    """How many times as long it takes in the largest database as in the smallest."""
    in_order = list(times.values())
    return in_order[-1] / in_order[0]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ProjectError as error:
        sys.exit(str(error))
