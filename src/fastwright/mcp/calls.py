"""What all tools have in common: the types of their arguments, and how they answer."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, TextContent
from pydantic import BaseModel, Field

from fastwright.errors import FastwrightError
from fastwright.mcp import work

_HALF = 0.5

Text = Annotated[str, Field(max_length=2000)]
Names = Annotated[list[Annotated[str, Field(max_length=200)]] | None, Field(max_length=100)]
Where = Annotated[
    str, Field(description="A file or folder of the project; relative to the granted folder")
]
Cursor = Annotated[
    str | None, Field(max_length=1000, description="`next_cursor` of the page before")
]
Budget = Annotated[
    int, Field(ge=1000, le=50_000, description="About how many tokens the answer may take")
]


@contextmanager
def told() -> Iterator[None]:
    """Make an error that a model can act on of what a verb refuses."""
    try:
        yield
    except FastwrightError as error:
        instead = f" Try: {error.suggestion}" if error.suggestion else ""
        raise ToolError(f"[{error.code}] {error.message}{instead}") from error


def report_to(context: Context) -> work.Report:
    """Return what tells the client how far the work is: reading is the first half of it."""
    furthest = 0.0

    async def report(what: str, done: int, of: int) -> None:
        nonlocal furthest
        share = _HALF * done / max(of, 1) + (0.0 if what == "reading" else _HALF)
        if share > furthest:
            furthest = share
            await context.report_progress(share, 1.0, f"{what}: {done} of {of}")

    return report


def structured(answer: BaseModel) -> CallToolResult:
    """Return an answer as an object, and as compact text for clients that know no objects."""
    document = answer.model_dump(mode="json")
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return CallToolResult(
        content=[TextContent(type="text", text=text)], structured_content=document
    )
