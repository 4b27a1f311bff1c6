"""A real PostgreSQL and a real Valkey for local work and tests, run from installed wheels.

One supervisor process per data folder runs both servers for all processes that use them, and stops
them after the last user has gone. Production brings its own servers and never comes here.
"""

from src.embedded.client import EmbeddedServices, acquire
from src.embedded.errors import EmbeddedServicesError

__all__ = ["EmbeddedServices", "EmbeddedServicesError", "acquire"]
