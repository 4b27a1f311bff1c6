"""Calls every tool with the official inspector's command line, which npm brings.

    python benchmarks/serving/inspector.py

It needs a network and Node. Ends with 1 if the inspector does not get what it asks for.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

_PACKAGE = "@modelcontextprotocol/inspector"
_CALLS = {
    "review": ["path=."],
    "explain": ["topic=How should I structure my authentication dependencies?"],
    "project_model": ["section=routes"],
    "contract": ["path=."],
    "fix": ["path=."],
    "new": ["name=shop"],
}
_CODE = "from fastapi import FastAPI\n\napp = FastAPI(openapi_url=None)\n"


def main() -> None:
    """List and call what there is."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("This needs npm.")
    with tempfile.TemporaryDirectory() as place:
        subprocess.run([npm, "install", "--silent", "--prefix", place, _PACKAGE], check=True)  # noqa: S603
        inspector = str(Path(place, "node_modules/.bin/mcp-inspector"))
        project = Path(place, "project")
        project.mkdir()
        (project / "main.py").write_text(_CODE)
        served = [sys.executable, "-m", "fastwright", "mcp", "--root", str(project)]
        listed = _ask(inspector, served, "--method", "tools/list")
        names = {each["name"] for each in listed["tools"]}
        if names != set(_CALLS):
            raise SystemExit(f"listed {sorted(names)}")
        for name, arguments in _CALLS.items():
            given = [part for each in arguments for part in ("--tool-arg", each)]
            answer = _ask(inspector, served, "--method", "tools/call", "--tool-name", name, *given)
            if answer.get("isError") or not answer.get("structuredContent"):
                raise SystemExit(f"{name}: {answer}")
            print(f"{name:16} {', '.join(answer['structuredContent'])[:70]}")
        prompts = _ask(inspector, served, "--method", "prompts/list")["prompts"]
        resources = _ask(inspector, served, "--method", "resources/list")["resources"]
        print(f"{len(prompts)} prompts, {len(resources)} resources")


def _ask(inspector: str, served: list[str], *asked: str) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 - its own commands
        [inspector, "--cli", *served, *asked], check=True, capture_output=True, text=True
    )
    document: dict[str, Any] = json.loads(done.stdout)
    return document


if __name__ == "__main__":
    main()
