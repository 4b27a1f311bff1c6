"""A process's use of the services."""

import logging
import threading
from pathlib import Path

from src.embedded.connection import Connection, connect
from src.embedded.errors import EmbeddedServicesError
from src.embedded.sockets import VALKEY_SOCKET

logger = logging.getLogger(__name__)

RECONNECT_TIMEOUT = 60.0  # seconds
FIRST_PAUSE = 0.1  # seconds, doubled with each failure
LONGEST_PAUSE = 30.0


def acquire(data_dir: Path, *, disposable: bool = False, timeout: float = 60) -> "EmbeddedServices":
    """Use the services of `data_dir`; start them if nobody else has. They are ready on return.

    A `disposable` folder is for tests: its servers trade safety for speed, and it is deleted when
    its last user has gone. `timeout` is in seconds.

    Raises:
        EmbeddedServicesError: the services cannot run here; the message says what to do.
    """
    connection = connect(data_dir, disposable=disposable, timeout=timeout)
    return EmbeddedServices(data_dir, disposable=disposable, connection=connection)


class EmbeddedServices:
    """The services of one data folder, in use by this process until `release` or its end.

    The URLs stay the same when a server or the supervisor has to be started again.
    """

    def __init__(self, data_dir: Path, *, disposable: bool, connection: Connection) -> None:
        self.database_url = f"postgresql+asyncpg://postgres@/app?host={connection.run}"
        self.redis_url = f"unix://{connection.run / VALKEY_SOCKET}?db=0"
        self._data_dir = data_dir.absolute()
        self._disposable = disposable
        self._connection = connection
        self._is_released = threading.Event()
        self._lock = threading.Lock()
        threading.Thread(target=self._watch, name="embedded-services", daemon=True).start()

    def release(self) -> None:
        """Give up this process's use of the services. It may be called again."""
        with self._lock:
            self._is_released.set()
            self._connection.close()

    def _watch(self) -> None:
        """Start a new supervisor when ours was killed. It takes the servers over."""
        pause = FIRST_PAUSE
        while True:
            self._connection.wait_until_lost()
            if self._is_released.is_set():
                return
            logger.warning("The supervisor of the embedded services has ended; starting another.")
            try:
                self._reconnect()
                pause = FIRST_PAUSE
            except (EmbeddedServicesError, OSError):
                logger.exception("The embedded services are away; trying again in %.1f s.", pause)
                self._is_released.wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    def _reconnect(self) -> None:
        self._connection.close()
        connection = connect(
            self._data_dir,
            disposable=self._disposable,
            timeout=RECONNECT_TIMEOUT,
            sockets=self._connection.run,
        )
        if connection.run != self._connection.run:
            logger.error("The embedded services have moved to %s: restart.", connection.run)
        with self._lock:
            self._connection = connection
            if self._is_released.is_set():
                connection.close()
