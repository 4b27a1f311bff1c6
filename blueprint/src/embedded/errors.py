"""The one error of the embedded services, and the advice that closes its messages."""

ADVICE = "Or run servers of your own and set DATABASE_URL and REDIS_URL."


class EmbeddedServicesError(RuntimeError):
    """The services cannot run here. The message says why and what to do next."""
