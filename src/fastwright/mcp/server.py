"""The server: the tools, resources and prompts put together, over standard streams or HTTP."""

import logging
import socket
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import uvicorn
from mcp.server import MCPServer
from mcp.server.mcpserver.tools import Tool
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import ToolAnnotations

from fastwright.errors import UsageError
from fastwright.mcp import prompts, resources, work
from fastwright.mcp.adding import AddingTools
from fastwright.mcp.streams import postponed, stoppable_input
from fastwright.mcp.tools import Tools

_HOST = "127.0.0.1"
_NAMES = (_HOST, "localhost", "[::1]")
_INSTRUCTIONS = (
    "fastwright reviews and explains FastAPI codebases; it is deterministic and has no model "
    "inside. Before you change a project call `project_model`; after a change call `review` with "
    "diff='HEAD'; ask `explain` about a finding's practice or a question of design. A new subject "
    "(comments, orders) is best begun with `add_domain`, which writes all of it. Findings say "
    "what to write instead; what stayed unknown is counted in the summary, and is for you to read."
)
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
_RUNS = ToolAnnotations(
    read_only_hint=False, destructive_hint=True, idempotent_hint=True, open_world_hint=True
)
_WRITES = ToolAnnotations(
    read_only_hint=False, destructive_hint=False, idempotent_hint=False, open_world_hint=True
)


def create(own: tuple[Path, ...]) -> MCPServer:
    """Return a server that stays within these folders, unless its client grants others."""
    tools, adding = Tools(own), AddingTools(own)
    server = MCPServer(
        "fastwright",
        title="fastwright",
        instructions=_INSTRUCTIONS,
        version=version("fastwright"),
        log_level="WARNING",
        tools=[
            _tool(tools.review, "Review a FastAPI codebase", _READS),
            _tool(tools.explain, "Explain a practice or pattern", _READS),
            _tool(tools.project_model, "Show the application", _READS),
            _tool(tools.contract, "What clients rely on", _RUNS),
            _tool(tools.fix, "Mend what a review finds", _RUNS),
            _tool(tools.new, "Create a FastAPI project", _WRITES),
            _tool(adding.add_domain, "Add a domain", _RUNS),
            _tool(adding.add_field, "Add a field", _RUNS),
            _tool(adding.add_endpoint, "Add an endpoint", _RUNS),
            _tool(adding.add_client, "Add a client of a service", _RUNS),
            _tool(adding.undo, "Undo the last addition", _RUNS),
        ],
    )
    for prompt in (
        prompts.review_my_change,
        prompts.add_a_feature,
        prompts.why_is_this_endpoint_slow,
    ):
        server.prompt(name=prompt.__name__.replace("_", "-"))(prompt)
    resources.add(server, own)
    return server


def _tool(run: Callable[..., Any], title: str, annotations: ToolAnnotations) -> Tool:
    """Return a tool that refuses arguments which it does not have, instead of leaving them out."""
    made = Tool.from_function(run, title=title, annotations=annotations)
    arguments = made.fn_metadata.arg_model
    arguments.model_config["extra"] = "forbid"
    arguments.model_rebuild(force=True)
    return made.model_copy(update={"parameters": arguments.model_json_schema(by_alias=True)})


def serve(own: tuple[Path, ...]) -> None:
    """Serve over standard input and output until the input ends.

    Raises `UsageError` where standard input or output is closed from the start.
    """
    if sys.stdin is None or sys.__stdout__ is None:
        raise UsageError(
            "Standard input or output is closed: there is no client.",
            suggestion="fastwright mcp --http",
        )
    if sys.stdin.isatty():
        sys.stderr.write("fastwright waits for a client on standard input; Ctrl-C ends it.\n")
    with stoppable_input(), work.ended_with_the_server():
        work.prepare()
        create(own).run("stdio")


def serve_http(own: tuple[Path, ...], port: int) -> None:
    """Serve streamable HTTP on the loopback address; port 0 takes a free one.

    Raises `UsageError` where the port is taken.
    """
    work.prepare()
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((_HOST, port))
        listening.listen()  # whoever reads the address below may come before the server runs
    except OSError as error:
        raise UsageError(f"Port {port} cannot be used: {error.strerror}.") from error
    port = listening.getsockname()[1]
    # A web page that was made to resolve to this address must not get through.
    security = TransportSecuritySettings(
        allowed_hosts=[f"{name}:{port}" for name in _NAMES],
        allowed_origins=[f"http://{name}:{port}" for name in _NAMES],
    )
    app = create(own).streamable_http_app(transport_security=security, host=_HOST)
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    serving = uvicorn.Server(config)
    # Calls that are ended with the server are no faults of it.
    logging.getLogger("uvicorn.error").addFilter(lambda _record: not serving.should_exit)

    def stop() -> None:
        serving.should_exit = True

    with postponed(stop), work.ended_with_the_server():
        sys.stderr.write(f"fastwright listens at http://{_HOST}:{port}/mcp\n")
        serving.run(sockets=[listening])
