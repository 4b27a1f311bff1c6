"""Endpoints of domains, for projects that `fastwright new` makes."""

from fastwright.scaffolds.endpoints.adding import add_endpoint

__all__ = ["add_endpoint"]
