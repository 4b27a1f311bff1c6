"""Where requests come from, for lists of sessions, for limits, and for notices."""

from dataclasses import dataclass
from ipaddress import IPv4Address, ip_address, ip_network


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from, as far as can be told."""

    address: str
    device: str  # what the program says of itself

    @property
    def network(self) -> str:
        """What limits go by: one host has all of an IPv6 network's addresses to itself."""
        try:
            address = ip_address(self.address)
        except ValueError:
            return self.address
        if isinstance(address, IPv4Address):
            return str(address)
        # An IPv4 client of a server that listens on both.
        return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
