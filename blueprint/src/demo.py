"""Serve with demo data and say what to open: `python -m src.demo`, which `make demo` runs.

Migrates, seeds, starts the server, waits until it is ready, and stops it with Ctrl-C.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from src.config import ROOT, database_settings, redis_settings, settings
from src.seed import DEMO_PASSWORD, DEMO_USERNAME

HOST = "127.0.0.1"
START_TIMEOUT = 60.0  # seconds

WELCOME = """
  {name} is running, on {servers}.

{pages}

    Demo login          {username} / {password}
                        (in /docs press "Authorize")

  Stop it with Ctrl-C.{data}
"""
PAGES = {
    "API, to try out": "/docs",
    "API, to read": "/redoc",
    "Newest posts": "/posts",  # [posts]
    "Health": "/health/ready",
    "E-mails it sends": "/dev/mailbox",
}
OWN_SERVERS = "a PostgreSQL and a Valkey of its own"
OWN_DATA = " Data stays in .data/ until you delete that folder."
GIVEN_SERVERS = "the PostgreSQL and the Redis that the settings name"


def main() -> int:
    """The exit code: that of the server, or 1 when it cannot start."""
    try:
        port = int(os.environ.get("PORT") or 8000)
    except ValueError:
        sys.exit("PORT has to be a number: make demo PORT=9000")
    if _is_taken(port):
        print(  # noqa: T201
            f"Port {port} is in use. Choose another one: make demo PORT={port + 1}",
            file=sys.stderr,
        )
        return 1
    for step in (["-m", "alembic", "upgrade", "head"], ["-m", "src.seed"]):
        subprocess.run([sys.executable, *step], cwd=ROOT, check=True)  # noqa: S603
    server = subprocess.Popen(  # noqa: S603
        [
            *(sys.executable, "-m", "uvicorn", "src.main:app", "--host", HOST),
            *("--port", str(port), "--no-access-log", "--no-server-header", "--no-proxy-headers"),
        ],
        cwd=ROOT,
    )
    signal.signal(signal.SIGTERM, lambda *_: server.terminate())
    try:
        url = f"http://{HOST}:{port}"
        if _becomes_ready(server, url):
            is_own = not (database_settings.url or redis_settings.url)
            welcome = WELCOME.format(
                name=settings.app_name,
                servers=OWN_SERVERS if is_own else GIVEN_SERVERS,
                data=OWN_DATA if is_own else "",
                pages="\n".join(f"    {name:<19} {url}{path}" for name, path in PAGES.items()),
                username=DEMO_USERNAME,
                password=DEMO_PASSWORD,
            )
            print(welcome, flush=True)  # noqa: T201
        return max(server.wait(), 0)  # ended by a signal of ours is a good end
    except KeyboardInterrupt:
        return max(server.wait(), 0)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def _becomes_ready(server: subprocess.Popen[bytes], url: str) -> bool:
    deadline = time.monotonic() + START_TIMEOUT
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/health/ready", timeout=2) as response:  # noqa: S310
                return bool(json.load(response)["status"])
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    return False


if __name__ == "__main__":
    sys.exit(main())
