"""Which addresses may be reached: those of the public network, as plainly written, on the ports of the web.

A name is looked up once, every address it has is judged, and the connection goes to one of those judged: a name that
points elsewhere a moment later gains nothing. A redirect is a new address and is judged anew.
"""

import ipaddress
import re
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from ..captured import Unreached

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_LONGEST: Final = 4096
_PORTS: Final = {"http": 80, "https": 443}
_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST: Final = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*\.?", re.ASCII)
_NUMBER: Final = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.ASCII)

# Special-purpose and reserved: IANA's registries for IPv4 and IPv6 (RFC 6890 and what updates it).
_NOT_PUBLIC_4: Final = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
)
# Everything global lies in 2000::/3. Addresses that hold an IPv4 address (6to4, Teredo, NAT64, mapped) do not count:
# who answers is behind a translator.
_PUBLIC_6: Final = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_6: Final = tuple(
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)


class NotReached(Exception):
    """Nothing was connected to. ``reason`` says why."""

    def __init__(self, reason: Unreached) -> None:
        super().__init__(f"the address was not reached: {reason.replace('_', ' ')}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Reach:
    """What else may be reached than the public network: nothing, but where a test runs servers of its own."""

    networks: tuple[Network, ...] = ()
    ports: frozenset[int] = frozenset({80, 443, 8080, 8443})


@dataclass(frozen=True, slots=True)
class Place:
    """An address taken apart: ``host`` in ASCII and lower case, ``path`` with its query, ready to be asked for."""

    tls: bool
    host: str
    port: int
    path: str


PUBLIC: Final = Reach()
Lookup = Callable[[str, int], Sequence[str]]


def place_of(address: str) -> Place:
    """Take an address apart. Raises `NotReached`: it is not one of the web, or hides which host it means."""
    if len(address) > _LONGEST or any(ord(one) <= 32 or ord(one) == 127 or one == "\\" for one in address):
        raise NotReached(Unreached.NO_ADDRESS)
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise NotReached(Unreached.NO_ADDRESS) from None
    if parts.scheme not in _PORTS or not host or parts.username is not None or parts.password is not None:
        raise NotReached(Unreached.NO_ADDRESS)
    path = quote(parts.path or "/", safe="/%:=&~+!$,;'@()*[]|-._")
    if parts.query:
        path += "?" + quote(parts.query, safe="/%:=&~+!$,;'@()*[]|-._?")
    standard = _PORTS[parts.scheme]
    return Place(parts.scheme == "https", _host(host), standard if port is None else port, path)


def _host(host: str) -> str:
    if ":" in host:
        try:
            return str(ipaddress.IPv6Address(host))  # a zone, as in fe80::1%eth0, is judged with the rest
        except ValueError:
            raise NotReached(Unreached.NO_ADDRESS) from None
    try:
        plain = host.encode("idna").decode("ascii").lower() if not host.isascii() else host.lower()
    except UnicodeError:
        raise NotReached(Unreached.NO_ADDRESS) from None
    if not _HOST.fullmatch(plain):
        raise NotReached(Unreached.NO_ADDRESS)
    if _NUMBER.fullmatch(plain.rstrip(".").rpartition(".")[2]):
        # 2130706433, 0x7f.1, 0177.0.0.1 and 127.1 are 127.0.0.1 to the system: only the plain form is taken.
        try:
            return str(ipaddress.IPv4Address(plain))
        except ValueError:
            raise NotReached(Unreached.REFUSED_ADDRESS) from None
    return plain


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public network, as it is written and not by what it stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not any(address in network for network in _NOT_PUBLIC_4)
    return (
        address.scope_id is None
        and address.is_global
        and address in _PUBLIC_6
        and not any(address in network for network in _NOT_PUBLIC_6)
    )


def connect(place: Place, *, reach: Reach, until: float, lookup: Lookup | None = None) -> tuple[socket.socket, str]:
    """A connection, and the numeric address it goes to. ``until`` is of `time.monotonic`.

    Raises `NotReached`. Where one of a name's addresses may not be reached, none is.
    """
    if place.port not in reach.ports:
        raise NotReached(Unreached.REFUSED_ADDRESS)
    found = _look_up(place, until, lookup or addresses_of)
    for one in found:
        address = ipaddress.ip_address(one)
        if not is_public(address) and not any(address in network for network in reach.networks):
            raise NotReached(Unreached.REFUSED_ADDRESS)
    reason = Unreached.NO_ANSWER
    for one in dict.fromkeys(found):
        left = until - time.monotonic()
        if left <= 0:
            raise NotReached(Unreached.TIME)
        family = socket.AF_INET6 if ":" in one else socket.AF_INET
        line = socket.socket(family, socket.SOCK_STREAM)
        try:
            line.settimeout(min(left, 15))
            line.connect((one, place.port))  # a number: nothing is looked up again
            line.settimeout(None)
        except TimeoutError:
            reason = Unreached.TIME
            line.close()
        except OSError:
            line.close()
        else:
            return line, one
    raise NotReached(reason)


def addresses_of(host: str, port: int) -> list[str]:
    """Every address of a name, by the system's own resolver. Raises `OSError`."""
    return [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _look_up(place: Place, until: float, lookup: Lookup) -> list[str]:
    """The resolver cannot be interrupted, so it runs beside and is left behind where it takes too long."""
    answer: list[Sequence[str]] = []

    def ask() -> None:
        try:
            answer.append(lookup(place.host, place.port))
        except (OSError, UnicodeError):
            answer.append(())

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(max(0.0, until - time.monotonic()))
    if not answer:
        raise NotReached(Unreached.TIME)
    if not answer[0]:
        raise NotReached(Unreached.NO_NAME)
    return list(answer[0])
