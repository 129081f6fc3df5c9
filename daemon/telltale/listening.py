"""The sockets that the daemon listens on: loopback, and nothing else."""

from __future__ import annotations

import errno
import socket
from http.client import HTTPConnection, HTTPException

_NO_IPV6 = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT)


class StartError(Exception):
    """The daemon cannot run; the message is one sentence that says why."""


def listen(port: int) -> list[socket.socket]:
    """Sockets on 127.0.0.1 and, where there is IPv6, ::1; port 0 takes any free one. Raises StartError.

    Both, because a browser may take either for `localhost`, and another program must not answer in our place.
    """
    sockets: list[socket.socket] = []
    try:
        sockets.append(socket.create_server(("127.0.0.1", port)))
        sockets += _on_ipv6(sockets[0].getsockname()[1])
    except OSError as error:
        for sock in sockets:
            sock.close()
        raise StartError(_sentence(port, error)) from error
    return sockets


def answers(port: int) -> bool:
    """Whether a Telltale answers on the port. No proxy is asked, whatever the environment names."""
    connection = HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", "/v1/health")
        return connection.getresponse().read(100).replace(b" ", b"") == b'{"ok":true}'
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _on_ipv6(port: int) -> list[socket.socket]:
    try:
        return [socket.create_server(("::1", port), family=socket.AF_INET6)]
    except OSError as error:
        if error.errno in _NO_IPV6:
            return []
        raise


def _sentence(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        who = "Telltale runs already on port {}" if answers(port) else "Port {} is taken by another program"
        return f"{who.format(port)}; stop it or choose --port."
    return f"Port {port} cannot be listened on: {error.strerror}."
