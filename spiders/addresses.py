"""Which addresses may be reached: private ranges are refused however they are written and whatever a name resolves to."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from typing import ClassVar

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred

from spiders.parse.links import on_same_site
from spiders.refusal import RequestRefusedError
from store.stages import HarvestState

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
OWN_NAMES = (".localhost", ".local", ".internal", ".home.arpa")
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits


def is_private(host: str) -> bool:
    """Whether a host is written as an address that is not public; a name is judged when it is resolved.

    Every form a system reads counts: 127.1, 0x7f000001, 2130706433, [::ffff:7f00:1].
    """
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(OWN_NAMES):
        return True
    address = _address(name)
    return address is not None and not is_public(address)


def is_public(address: Address) -> bool:
    """Whether an address lies in the open network; one that carries another inside is judged by both."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = _carried(address)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast


def _address(name: str) -> Address | None:
    try:
        return ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(name))  # what connect() would make of it
    except OSError:
        return None


def _carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


class PublicResolver(CachingThreadedResolver):
    """Resolves names and refuses those that lead into a private network.

    The connection is made to the very address that was judged here, so a name that answers otherwise a moment later gains
    nothing. Names on the site of a host in `allowed` may lead anywhere: those of the process's sources with `allow_private`,
    which Guard enters here. There is one resolver a process.
    """

    allowed: ClassVar[set[str]] = set()

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 - Twisted's name
        """The IPv4 address of a name; fails with RequestRefusedError where it is not public and not allowed."""
        found = super().getHostByName(name, timeout)
        if any(on_same_site(f"http://{name}", f"http://{host}") for host in self.allowed):
            return found
        return found.addCallback(_judged)


def _judged(address: str) -> str:
    if is_private(address):
        raise RequestRefusedError(HarvestState.UNREACHABLE, "域名指向内网或本机地址，未获允许（allow_private）")
    return address
