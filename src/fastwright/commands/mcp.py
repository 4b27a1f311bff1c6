"""`fastwright mcp`."""

from pathlib import Path

import click

_EPILOG = """\
\b
A client's configuration:
  {"mcpServers": {"fastwright": {"command": "fastwright", "args": ["mcp"]}}}

\b
Examples:
  fastwright mcp --root projects/shop
  fastwright mcp --http --port 8765
"""


@click.command(short_help="Serve coding agents over MCP.", epilog=_EPILOG)
@click.option(
    "--root",
    "roots",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    multiple=True,
    metavar="FOLDER",
    help="A folder that may be read and written, unless the client grants others; by default, the"
    " working directory. May be repeated.",
)
@click.option("--http", is_flag=True, help="Serve streamable HTTP on 127.0.0.1 instead.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="N",
    help="With --http; by default a free one, which is told on standard error.",
)
def mcp(roots: tuple[Path, ...], http: bool, port: int) -> None:
    """Serve the verbs as tools of the Model Context Protocol, on standard input and output.

    Tools: review, explain, project_model, contract, fix, new, add_domain, add_field, add_endpoint,
    add_client and undo. Each practice and pattern is a resource, and three prompts show how the
    tools go together. What writes shows a plan first, and is carried out when it is called again
    with the plan's id. review, explain and project_model only read; the others may import or run
    the project. Nothing outside of the granted folders is touched.
    """
    from fastwright.mcp import server

    own = roots or (Path.cwd(),)
    if http:
        server.serve_http(own, port)
    else:
        server.serve(own)
