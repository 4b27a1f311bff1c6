"""The server: the tools, resources and prompts put together, over standard streams or HTTP."""

import logging
import socket
import sys
from importlib.metadata import version
from pathlib import Path

import uvicorn
from mcp.server import MCPServer
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
    server = MCPServer(
        "fastwright",
        title="fastwright",
        instructions=_INSTRUCTIONS,
        version=version("fastwright"),
        log_level="WARNING",
    )
    tools = Tools(own)
    server.add_tool(tools.review, title="Review a FastAPI codebase", annotations=_READS)
    server.add_tool(tools.explain, title="Explain a practice or pattern", annotations=_READS)
    server.add_tool(tools.project_model, title="Show the application", annotations=_READS)
    server.add_tool(tools.contract, title="What clients rely on", annotations=_RUNS)
    server.add_tool(tools.fix, title="Mend what a review finds", annotations=_RUNS)
    server.add_tool(tools.new, title="Create a FastAPI project", annotations=_WRITES)
    adding = AddingTools(own)
    server.add_tool(adding.add_domain, title="Add a domain", annotations=_RUNS)
    server.add_tool(adding.add_field, title="Add a field", annotations=_RUNS)
    server.add_tool(adding.add_endpoint, title="Add an endpoint", annotations=_RUNS)
    server.add_tool(adding.add_client, title="Add a client of a service", annotations=_RUNS)
    server.add_tool(adding.undo, title="Undo the last addition", annotations=_RUNS)
    for prompt in (
        prompts.review_my_change,
        prompts.add_a_feature,
        prompts.why_is_this_endpoint_slow,
    ):
        server.prompt(name=prompt.__name__.replace("_", "-"))(prompt)
    resources.add(server, own)
    return server


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
