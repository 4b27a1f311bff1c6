"""How fast the blueprint is on one core, beside the least that could answer and the usual way.

Rounds alternate between the three, so that a noisy machine is noisy for all of them; figures and
ratios are medians over the rounds.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

import asyncpg
import httpx2
import uvloop

from figures import LAYERS, READS, Figures, Results, print_results
from load import LoadError, Sample, at_rate, flat_out, request
from project import ProjectError, copied_project, disposable_services, run
from servers import Server, make_room, started

COMPARED = ("bare", "ours", "usual")
POSTS_READ = 500
POSTS_COMPARED = 20
WARM_UP = 0.3  # seconds
STEADY_RATE = 200  # requests a second beside the login storm
STORM_CLIENTS = 16
USER = {
    "username": "bencher",
    "email": "bencher@example.com",
    "first_name": "Quick",
    "birth_date": "1990-12-10",
    "password": "Steady-And-Even-7",
}
LOGIN = {"username": USER["username"], "password": USER["password"]}
POST = {"title": "On computable numbers", "body": "A number is computable if …\n" * 19 + "so."}
CHANGING = {"id", "created_at", "updated_at", "published_at", "access_token", "refresh_token"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2, help="of each round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    cores = make_room()
    with copied_project() as project, disposable_services(project.parent / "services") as urls:
        run(project, "alembic", "upgrade", "head", **urls)
        run(project, "src.seed", **urls)
        post_ids = asyncio.run(_published(urls["DATABASE_URL"]))
        with started(project, urls, f"/posts/{post_ids[0]}") as servers:
            token = _compare_answers([servers[name] for name in COMPARED], post_ids)
            requests = _requests(post_ids, token)
            bench = Bench(servers, requests, options.seconds, options.connections)
            results = uvloop.run(bench.run(options.rounds))
    if options.json:
        print(json.dumps(results.as_json(), indent=2))
    else:
        print(cores)
        print_results(results)
    return 0 if all(gate.holds for gate in results.gates()) else 1


@dataclass(frozen=True)
class Bench:
    """The running applications and what is asked of them."""

    servers: dict[str, Server]
    requests: dict[str, list[bytes]]
    seconds: float
    connections: int

    async def run(self, rounds: int) -> Results:
        results = Results(ceiling=await self._ceiling())
        for kind in self.requests:
            results.rounds[kind] = await self._rounds(rounds, COMPARED, kind)
        results.layers = await self._rounds(rounds, LAYERS, READS[0])
        for _ in range(rounds):
            results.idle_p99.append(1000 * (await self._steady()).percentile(0.99))
            steady, storm = await asyncio.gather(self._steady(), self._storm())
            results.storm_p99.append(1000 * steady.percentile(0.99))
            results.logins.append(storm.rate)
        return results

    async def _ceiling(self) -> float:
        """The generator's own limit, by the time that it needs for a trivial application's."""
        await self._flat_out("trivial", READS[0], WARM_UP)
        sample = await self._flat_out("trivial", READS[0], self.seconds)
        return len(sample.latencies) / sample.client_cpu

    async def _rounds(
        self, rounds: int, names: Iterable[str], kind: str
    ) -> dict[str, list[Figures]]:
        figures: dict[str, list[Figures]] = {name: [] for name in names}
        for name in figures:
            await self._flat_out(name, kind, WARM_UP)
        for _ in range(rounds):
            for name, measured in figures.items():
                measured.append(await self._measure(name, kind))
        return figures

    async def _measure(self, name: str, kind: str) -> Figures:
        before = self.servers[name].cpu
        sample = await self._flat_out(name, kind, self.seconds)
        cpu = self.servers[name].cpu - before
        return Figures(
            rate=sample.rate,
            p50=1000 * sample.percentile(0.5),
            p99=1000 * sample.percentile(0.99),
            cpu=1e6 * cpu / len(sample.latencies),
            busy=cpu / sample.seconds,
        )

    async def _flat_out(self, name: str, kind: str, seconds: float) -> Sample:
        return await flat_out(
            self.servers[name].port,
            self.requests[kind],
            connections=self.connections,
            seconds=seconds,
        )

    async def _steady(self) -> Sample:
        return await at_rate(
            self.servers["ours"].port,
            self.requests[READS[0]],
            rate=STEADY_RATE,
            connections=self.connections,
            seconds=self.seconds,
        )

    async def _storm(self) -> Sample:
        return await flat_out(
            self.servers["ours"].port,
            self.requests["POST /auth/token"],
            connections=STORM_CLIENTS,
            seconds=self.seconds,
        )


async def _published(database_url: str) -> list[int]:
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        query = "SELECT id FROM post WHERE status = 'published' ORDER BY md5(id::text) LIMIT $1"
        return [row["id"] for row in await connection.fetch(query, POSTS_READ)]
    finally:
        await connection.close()


def _requests(post_ids: list[int], token: str) -> dict[str, list[bytes]]:
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    post = {"Content_Type": "application/json", "Authorization": f"Bearer {token}"}
    return {
        "GET /posts/{id}": [request("GET", f"/posts/{post_id}") for post_id in post_ids],
        "GET /posts": [request("GET", "/posts")],
        "POST /posts": [request("POST", "/posts", json.dumps(POST).encode(), **post)],
        "POST /auth/token": [request("POST", "/auth/token", urlencode(LOGIN).encode(), **form)],
    }


def _compare_answers(servers: list[Server], post_ids: list[int]) -> str:
    """See that all answer alike, or their speeds say nothing; returns an access token.

    Raises:
        ProjectError: two applications answer differently.

    """
    clients = {
        server.name: httpx2.Client(base_url=server.url, trust_env=False) for server in servers
    }
    clients["ours"].post("/auth/register", json=USER).raise_for_status()
    tokens = {
        name: client.post("/auth/token", data=LOGIN).raise_for_status().json()
        for name, client in clients.items()
    }
    _insist_on_one("POST /auth/token", tokens)
    for path in ("/posts", *(f"/posts/{post_id}" for post_id in post_ids[:POSTS_COMPARED])):
        answers = {
            name: client.get(path).raise_for_status().json() for name, client in clients.items()
        }
        if any(answer != answers["ours"] for answer in answers.values()):
            raise ProjectError(f"Different answers to GET {path}: {answers}")
    token: str = tokens["ours"]["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    written = {
        name: client.post("/posts", json=POST, headers=headers).raise_for_status().json()
        for name, client in clients.items()
    }
    _insist_on_one("POST /posts", written)
    for client in clients.values():
        client.close()
    return token


def _insist_on_one(what: str, answers: dict[str, dict[str, object]]) -> None:
    """All answers have the same fields, and the same values where they can."""
    fixed = [
        {name: None if name in CHANGING else value for name, value in answer.items()}
        for answer in answers.values()
    ]
    if any(answer != fixed[0] for answer in fixed):
        raise ProjectError(f"Different answers to {what}: {answers}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (ProjectError, LoadError) as error:
        sys.exit(str(error))
