"""Clients of outside services, for projects that `fastwright new` makes."""

from fastwright.scaffolds.clients.adding import add_client

__all__ = ["add_client"]
