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
from pathlib import Path

import uvloop

import database
from figures import LAYERS, LIST, READ, READ_LOGGED_IN, Figures, Results, print_results
from load import LoadError, Sample, at_rate, flat_out
from project import ProjectError, copied_project, disposable_services, run
from questions import compare_answers, requests_of
from servers import CORES, Server, make_room, production, started

COMPARED = ("bare", "ours", "usual")
POSTS_READ = 500
WARM_UP = 0.3  # seconds
STEADY_RATE = 200  # requests a second beside the login storm
STORM_CLIENTS = 16


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
        database_url, settings = urls["DATABASE_URL"], production(urls)
        post_ids = asyncio.run(database.published_posts(database_url, POSTS_READ))
        with started(project, settings, f"/posts/{post_ids[0]}") as servers:
            compared = [servers[name] for name in (*COMPARED, "uncached")]
            requests = requests_of(post_ids, compare_answers(compared, post_ids, database_url))
            bench = Bench(servers, requests, options.seconds, options.connections)
            results = uvloop.run(bench.run(options.rounds))
        results.session_parts = _take_session_check_apart(project, settings)
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
            if kind != READ_LOGGED_IN:
                results.rounds[kind] = await self._rounds(rounds, COMPARED, kind)
        results.layers = await self._rounds(rounds, LAYERS, READ)
        for _ in range(rounds):
            for kind in (READ, READ_LOGGED_IN):
                for measured, connections in (
                    (results.token_flat_out, self.connections),
                    (results.token_alone, 1),
                ):
                    measured[kind].append(await self._measure("ours", kind, connections))
        for _ in range(rounds):
            results.idle_p99.append(1000 * (await self._steady()).percentile(0.99))
            steady, storm = await asyncio.gather(self._steady(), self._storm())
            results.storm_p99.append(1000 * steady.percentile(0.99))
            results.logins.append(storm.rate)
        return results

    async def _ceiling(self) -> float:
        """The generator's own limit, by the time that it needs for a trivial application's."""
        await self._flat_out("trivial", READ, WARM_UP, self.connections)
        sample = await self._flat_out("trivial", READ, self.seconds, self.connections)
        return len(sample.latencies) / sample.client_cpu

    async def _rounds(
        self, rounds: int, names: Iterable[str], kind: str
    ) -> dict[str, list[Figures]]:
        figures: dict[str, list[Figures]] = {name: [] for name in names}
        for name in figures:
            await self._flat_out(name, kind, WARM_UP, self.connections)
        for _ in range(rounds):
            for name, measured in figures.items():
                measured.append(await self._measure(name, kind, self.connections))
        return figures

    async def _measure(self, name: str, kind: str, connections: int) -> Figures:
        server = self._server(name, kind)
        before = server.cpu
        sample = await self._flat_out(name, kind, self.seconds, connections)
        cpu = server.cpu - before
        return Figures(
            rate=sample.rate,
            p50=1000 * sample.percentile(0.5),
            p99=1000 * sample.percentile(0.99),
            cpu=1e6 * cpu / len(sample.latencies),
            busy=cpu / sample.seconds,
        )

    async def _flat_out(self, name: str, kind: str, seconds: float, connections: int) -> Sample:
        return await flat_out(
            self._server(name, kind).port,
            self.requests[kind],
            connections=connections,
            seconds=seconds,
        )

    def _server(self, name: str, kind: str) -> Server:
        return self.servers["uncached" if (name, kind) == ("ours", LIST) else name]

    async def _steady(self) -> Sample:
        return await at_rate(
            self.servers["ours"].port,
            self.requests[READ],
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


def _take_session_check_apart(
    project: Path, settings: dict[str, str]
) -> dict[str, dict[str, float]]:
    core = ["--core", str(CORES[0])] if CORES else []
    parts: dict[str, dict[str, float]] = json.loads(
        run(project, "session_check", *core, **settings)
    )
    return parts


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (ProjectError, LoadError) as error:
        sys.exit(str(error))
