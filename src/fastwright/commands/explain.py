"""`fastwright explain`."""

import sys

import click


@click.command(
    short_help="Tell what a practice asks for, and why.",
    epilog="Example: fastwright explain async_routes/no-blocking-call",
)
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for errors too.")
def explain(name: str | None, as_json: bool) -> None:
    """Tell what a practice asks for and why, with bad and good code; without NAME, list them all.

    NAME is a practice such as async_routes/no-blocking-call, as findings show it, or a topic such
    as async_routes; `fastwright review` takes both with --only and --ignore.
    """
    from fastwright.reports import json
    from fastwright.reports.text import explanation as text
    from fastwright.verbs import explain as verb

    practices = verb.explain(name)
    if as_json:
        sys.stdout.write(json.text(json.practices(practices)))
    elif name in practices:
        text.one(name, practices[name])
    else:
        text.all_of(practices)
