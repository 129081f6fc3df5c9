"""Nothing gets out: whatever a dependency may try, this process talks to this computer alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache
from ipaddress import ip_address
from typing import Any

# Libraries that would look for models or send counts of their use unless told not to; each by its own documentation.
VARIABLES = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "RAY_USAGE_STATS_ENABLED": "0",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",  # no telemetry, but its warning at a fork is noise
}


class OutboundRefused(OSError):
    """Something in this process asked for another computer; the message is one sentence that names it."""


@cache
def stay_home() -> None:
    """Force the variables above and refuse every socket to another computer, and every look-up of a name.

    For the rest of the process. A look-up is refused too: the name that is asked for would tell what is read. Python's
    own sockets are held; that native code opens none is shown by a test without a network.
    """
    os.environ.update(VARIABLES)
    sys.addaudithook(_refuse_outbound)


def _refuse_outbound(event: str, arguments: tuple[Any, ...]) -> None:
    host_of = _HOSTS.get(event)
    if host_of is None:
        return
    host = host_of(arguments)
    if not is_here(host):
        raise OutboundRefused(f"Telltale does not connect to {host}: it talks to this computer alone.")


def is_here(host: object) -> bool:
    """Whether a host, as sockets have it, is this computer: loopback, or no internet address at all."""
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    try:
        return ip_address(host.decode() if isinstance(host, bytes) else str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def _of_address(arguments: tuple[Any, ...]) -> object:
    """The host of (socket, address). Addresses of Unix sockets are text or bytes, those of the internet are tuples."""
    address = arguments[1]
    return address[0] if isinstance(address, tuple) else None


def _first(arguments: tuple[Any, ...]) -> object:
    return arguments[0]


_HOSTS: dict[str, Callable[[tuple[Any, ...]], object]] = {
    "socket.connect": _of_address,
    "socket.sendto": _of_address,
    "socket.sendmsg": _of_address,
    "socket.getaddrinfo": _first,
    "socket.gethostbyname": _first,
}
