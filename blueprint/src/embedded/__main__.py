"""The supervisor's process: `python -m src.embedded DATA_DIR [--disposable]`.

`acquire` starts it by itself. Run by hand it serves, too, and ends when nobody uses it.
"""

import argparse
import asyncio
import logging
import os
import sys
from pathlib import Path

from src.embedded.errors import EmbeddedServicesError
from src.embedded.folder import open_folder
from src.embedded.supervisor import supervise

logger = logging.getLogger(__name__)

GRACE = 10.0  # seconds: for a restart of the application, or the next command of a Makefile
DISPOSABLE_GRACE = 0.5


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m src.embedded", description=__doc__)
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("--disposable", action="store_true")
    arguments = parser.parse_args()
    disposable: bool = arguments.disposable
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO, stream=sys.stderr)
    os.umask(0o077)
    try:
        folder = open_folder(arguments.data_dir, disposable=disposable)
        with folder.try_lock(folder.lock.name) as lock:
            if lock is None:
                return 0  # another supervisor was faster
            grace = DISPOSABLE_GRACE if disposable else GRACE
            asyncio.run(supervise(folder, lock=lock, grace=grace))
    except EmbeddedServicesError as error:
        logger.critical("%s", error)
        return 1
    return 0


sys.exit(main())
