"""What was measured, the gates on it, and how it is shown."""

from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

READ = "GET /posts/{id}"
LIST = "GET /posts"  # without the cache, as the others
CACHED_LIST = f"{LIST}, cached"
FEED, THREAD, NOTIFICATIONS = "GET /feed", "GET a thread of 200", "GET /notifications"
READS = (READ, LIST, CACHED_LIST, FEED, THREAD, NOTIFICATIONS)
READ_LOGGED_IN = f"{READ}, logged in"
LAYERS = {
    "trivial": "uvicorn: HTTP and ASGI",
    "bare": "asyncpg's query and JSON",
    "route": "FastAPI's route with one parameter",
    "domain": "dependencies, schema, ETag",
    "surrounded": "middleware",
    "ours": "access log, all routes",
}


@dataclass(frozen=True)
class Figures:
    """One application under one kind of request, for one round or as medians of all."""

    rate: float  # requests a second
    p50: float  # ms
    p99: float  # ms
    cpu: float  # µs of the application's time for one request
    busy: float  # part of its core that the application used

    @classmethod
    def median_of(cls, rounds: list["Figures"]) -> "Figures":
        return cls(*(median(values) for values in zip(*map(_values, rounds), strict=True)))


def _without_and_with() -> dict[str, list[Figures]]:
    return {READ: [], READ_LOGGED_IN: []}


@dataclass
class Results:
    """All rounds, by kind of request and application."""

    rounds: dict[str, dict[str, list[Figures]]] = field(default_factory=dict)
    layers: dict[str, list[Figures]] = field(default_factory=dict)
    idle_p99: list[float] = field(default_factory=list)  # ms
    storm_p99: list[float] = field(default_factory=list)  # ms
    logins: list[float] = field(default_factory=list)  # a second, during the storm
    # The same read without and with a token: flat out, and one request at a time.
    token_flat_out: dict[str, list[Figures]] = field(default_factory=_without_and_with)
    token_alone: dict[str, list[Figures]] = field(default_factory=_without_and_with)
    session_parts: dict[str, dict[str, float]] = field(default_factory=dict)  # µs
    ceiling: float = 0  # requests a second that the load generator has time for

    def ratio(self, kind: str, other: str) -> float:
        """How many times the other's rate ours is: the median over the rounds."""
        ours, others = self.rounds[kind]["ours"], self.rounds[kind][other]
        return median(a.rate / b.rate for a, b in zip(ours, others, strict=True))

    @property
    def storm_ratio(self) -> float:
        return median(self.storm_p99) / median(self.idle_p99)

    def gates(self) -> list["Gate"]:
        gates = []
        for kind in READS:
            gates.append(Gate(f"{kind}, times bare", self.ratio(kind, "bare"), 0.3, 0.5))
            gates.append(Gate(f"{kind}, times usual", self.ratio(kind, "usual"), 2, 3))
        storm = "p99 of GET /posts/{id} in a login storm, times idle"
        return [*gates, Gate(storm, self.storm_ratio, 3, is_lower_better=True)]

    def as_json(self) -> dict[str, Any]:
        medians = {
            kind: {name: asdict(Figures.median_of(rounds)) for name, rounds in by_name.items()}
            for kind, by_name in self.rounds.items()
        }
        gates = [asdict(gate) | {"holds": gate.holds} for gate in self.gates()]
        return asdict(self) | {"medians": medians, "gates": gates}


@dataclass(frozen=True)
class Gate:
    """A ratio that has to hold, and how far one would like to get."""

    name: str
    value: float
    limit: float
    stretch: float | None = None
    is_lower_better: bool = False

    @property
    def holds(self) -> bool:
        return self.value < self.limit if self.is_lower_better else self.value >= self.limit

    def __str__(self) -> str:
        sign = "<" if self.is_lower_better else "at least"
        stretch = f", stretch {self.stretch:g}" if self.stretch else ""
        verdict = "PASS" if self.holds else "FAIL"
        return f"{verdict}  {self.name}: {self.value:.2f} ({sign} {self.limit:g}{stretch})"


def print_results(results: Results) -> None:
    """Tables for people."""
    print(f"The load generator has time for {results.ceiling:,.0f} requests a second.\n")
    print(f"{'':<18}{'requests/s':>12}{'p50':>10}{'p99':>10}{'CPU':>11}{'of its core':>13}")
    for kind, by_name in results.rounds.items():
        print(kind)
        for name, rounds in by_name.items():
            figures = Figures.median_of(rounds)
            ratio = ""
            if name == "ours":
                bare, usual = (results.ratio(kind, other) for other in ("bare", "usual"))
                ratio = f"   {bare:.2f} × bare, {usual:.1f} × usual"
            print(
                f"  {name:<16}{figures.rate:>12,.0f}{figures.p50:>7.1f} ms{figures.p99:>7.1f} ms"
                f"{figures.cpu:>8,.0f} µs{figures.busy:>12.0%} {ratio}"
            )
    _print_layers(results)
    _print_session_check(results)
    idle, storm = median(results.idle_p99), median(results.storm_p99)
    print(
        f"\nGET /posts/{{id}} at a steady rate: p99 {idle:.1f} ms; "
        f"beside {median(results.logins):.0f} logins a second: {storm:.1f} ms.\n"
    )
    for gate in results.gates():
        print(gate)


def _print_layers(results: Results) -> None:
    print("\nWhere the time of GET /posts/{id} goes, by the application's CPU time:")
    before = 0.0
    for name, what in LAYERS.items():
        cpu = Figures.median_of(results.layers[name]).cpu
        print(f"  {what:<40}{cpu - before:>+8.0f} µs{cpu:>8.0f} µs")
        before = cpu


def _print_session_check(results: Results) -> None:
    rest, cpu = (Figures.median_of(rounds).cpu for rounds in results.token_flat_out.values())
    without, p50 = (1000 * Figures.median_of(rounds).p50 for rounds in results.token_alone.values())
    print(
        f"\nWhat the check of a token adds to {READ}: {cpu - rest:+.0f} µs of CPU, "
        f"{p50 - without:+.0f} µs of time\n"
        f"{'':<42}{'CPU, flat out':>16}{'time, one at a time':>22}\n"
        f"  {'without a token':<40}{rest:>13.0f} µs{without:>19.0f} µs\n"
        f"  {'with a token':<40}{cpu:>13.0f} µs{p50:>19.0f} µs\n"
        f"Called directly, one check after another:"
    )
    for name, part in results.session_parts.items():
        print(f"  {name:<40}{part['cpu']:>13.0f} µs{part['time']:>19.0f} µs")


def _values(figures: Figures) -> list[float]:
    return list(asdict(figures).values())
