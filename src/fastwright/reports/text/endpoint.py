"""Text about one endpoint: its dependency tree, and what stayed unknown in what it reaches."""

from collections.abc import Iterator

from fastwright.reports import phrases
from fastwright.reports.text.terminal import Line, PathShown, plain, printable
from fastwright.reviews.review import Dependency, Endpoint


def lines(endpoint: Endpoint, shown: PathShown) -> Iterator[Line]:
    """Yield the lines that introduce an endpoint."""
    at = endpoint.at
    yield (
        (printable(f"{'|'.join(endpoint.methods)} {endpoint.path}"), "bold"),
        (printable(f"  {endpoint.name}  {shown(at.path)}:{at.line}"), "dim"),
    )
    yield from _tree(endpoint.dependencies, shown, "")
    yield ((f"It reaches {phrases.number(endpoint.reached, 'function')} of the codebase.", "dim"),)
    for step in endpoint.unknown:
        yield ((printable(f"Unknown: {shown(step.path)}:{step.line} {step.text}"), "dim"),)
    yield plain()


def _tree(dependencies: tuple[Dependency, ...], shown: PathShown, indent: str) -> Iterator[Line]:
    for number, each in enumerate(dependencies, 1):
        is_last = number == len(dependencies)
        place = f"  {shown(each.at.path)}:{each.at.line}" if each.at else ""
        yield (
            (f"{indent}{'└─ ' if is_last else '├─ '}", "dim"),
            (printable(each.name), ""),
            (printable(place), "dim"),
        )
        yield from _tree(each.dependencies, shown, f"{indent}{'   ' if is_last else '│  '}")
