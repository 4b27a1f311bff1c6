"""An S3 on a free port of this machine: moto's server, spoken to over HTTP."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2

BUCKET = "inkwell-tests"


@contextmanager
def running_s3() -> Iterator[str]:
    """The URL of a server that has an empty `BUCKET`, and is gone after the block."""
    from moto.server import ThreadedMotoServer  # noqa: PLC0415  (slow, and few tests need it)

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        url = f"http://{host}:{port}"
        httpx2.put(f"{url}/{BUCKET}").raise_for_status()
        yield url
    finally:
        server.stop()
