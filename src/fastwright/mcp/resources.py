"""Resources: the explanations as pages, and what is understood of the project."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ResourceError
from mcp.server.mcpserver.resources import FunctionResource
from mcp_types import InputRequiredResult, ListRootsRequest, ListRootsResult

from fastwright import catalogue
from fastwright.errors import FastwrightError, UsageError
from fastwright.mcp import answers, calls, grants, tasks, work
from fastwright.mcp.pages import Part
from fastwright.reports import pages
from fastwright.verbs.explain import examples

_MARKDOWN = "text/markdown"
_BUDGET = 8000  # tokens
_OVERVIEW = "overview"
# From here on a server asks for roots by its answer, not by a request of its own.
_BY_ANSWER = "2026-07-28"


def add(server: MCPServer, own: tuple[Path, ...]) -> None:
    """Add all resources to a server, which was started with folders of its own."""
    for name in catalogue.names():
        what = f"What {name} asks for, why, when not, and what to write instead"
        _add_page(server, f"practice/{name}", name, what, partial(_practice, name))
    for name in catalogue.patterns():
        what = f"How {name.replace('-', ' ')} is built, with the code of a whole backend"
        _add_page(server, f"pattern/{name}", name, what, partial(_pattern, name))

    @server.resource(
        "fastwright://model{?section}",
        name="model",
        description="What is understood of the project: an overview, or a section such as routes",
        mime_type="application/json",
    )
    async def model(context: Context, section: str = _OVERVIEW) -> str | InputRequiredResult:
        roots = await _roots(context)
        if isinstance(roots, InputRequiredResult):
            return roots
        try:
            return await _model(section, grants.granted(roots, own), context)
        except FastwrightError as error:
            raise ResourceError(f"[{error.code}] {error.message}") from error


def _add_page(server: MCPServer, path: str, name: str, what: str, text: Callable[[], str]) -> None:
    uri = f"fastwright://{path}"
    server.add_resource(
        FunctionResource.from_function(
            text, uri=uri, name=name, description=what, mime_type=_MARKDOWN
        )
    )


def _practice(name: str) -> str:
    return pages.page(name, catalogue.find(name))


def _pattern(name: str) -> str:
    pattern = catalogue.patterns()[name]
    return pages.pattern(name, pattern, examples(pattern))


async def _roots(context: Context) -> ListRootsResult | InputRequiredResult | None:
    """Return what the client grants, or the answer that asks it."""
    asked = grants.ask_for_roots(context)
    if asked is None:
        return None
    if (context.protocol_version or "") < _BY_ANSWER:
        roots: ListRootsResult = await context.session.send_request(
            ListRootsRequest(), ListRootsResult
        )
        return roots
    answers = context.input_responses or {}
    if "roots" not in answers:
        return InputRequiredResult(input_requests={"roots": ListRootsRequest()})
    return ListRootsResult.model_validate(answers["roots"].model_dump())


async def _model(section: str, granted: grants.Grants, context: Context) -> str:
    chosen = None if section == _OVERVIEW else section
    if chosen is not None and chosen not in answers.SECTIONS:
        raise UsageError(f"There is no such section; there are {', '.join(answers.SECTIONS)}.")
    place = granted.place(".")
    found = await work.run(tasks.model, place.path, place.within, report=calls.report_to(context))
    page = answers.model(found, str(place.path), chosen, None, Part(None, "", _BUDGET))
    return page.model_dump_json()
