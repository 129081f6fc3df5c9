"""Nothing gets out: refused in Python, and impossible in a network namespace that has loopback alone."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from telltale.offline import VARIABLES, is_here

TRY = """
import asyncio, os, socket, sys, urllib.request
from telltale.offline import OutboundRefused, stay_home
stay_home()
async def stream():
    await asyncio.open_connection("192.0.2.1", 80)
tries = {
    "connect": lambda: socket.create_connection(("192.0.2.1", 80), timeout=1),
    "connect6": lambda: socket.socket(socket.AF_INET6).connect(("2001:db8::1", 80)),
    "datagram": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53)),
    "name": lambda: socket.getaddrinfo("news.example", 443),
    "old name": lambda: socket.gethostbyname("news.example"),
    "stream": lambda: asyncio.run(stream()),
    "url": lambda: urllib.request.urlopen("http://192.0.2.1/", timeout=1),
}
try:
    tries[sys.argv[1]]()
except OutboundRefused as error:
    print(error)
except OSError as error:
    print(error.reason if isinstance(getattr(error, "reason", None), OutboundRefused) else f"not by us: {error!r}")
"""


@pytest.mark.parametrize("way", ["connect", "connect6", "datagram", "name", "old name", "stream", "url"])
def test_no_way_of_python_leads_to_another_computer(way):
    told = subprocess.run([sys.executable, "-W", "ignore", "-c", TRY, way], capture_output=True, text=True)
    assert told.stdout.startswith("Telltale does not connect to "), (told.stdout, told.stderr)


HOME = """
import os, socket, sys
from telltale.offline import stay_home
stay_home()
with socket.create_server(("127.0.0.1", 0)) as server:
    socket.create_connection(server.getsockname()).close()
socket.getaddrinfo("localhost", 80)
left, right = socket.socketpair()
for sock in (left, right): sock.close()
print(*[f"{name}={os.environ[name]}" for name in sys.argv[1:]])
"""


def test_this_computer_can_still_be_reached_and_libraries_are_told_to_stay_home():
    told = subprocess.run([sys.executable, "-c", HOME, *VARIABLES], capture_output=True, text=True, check=True)
    assert told.stdout.split() == [f"{name}={value}" for name, value in VARIABLES.items()]


@pytest.mark.parametrize("host", [None, "", "localhost", "127.0.0.1", "127.8.8.8", "::1", b"127.0.0.1"])
def test_what_is_this_computer(host):
    assert is_here(host)


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "10.0.0.1", "192.0.2.1", "::", "2001:db8::1", "fe80::1%1", "localhost.example", "127.1.example", 7],
)
def test_what_is_not(host):
    assert not is_here(host)


ALONE = """
set -e
ip link set lo up
echo links: $(ip -o link show | wc -l)
exec "$@"
"""


def namespaces() -> bool:
    """Whether this computer lets a process have a network of its own."""
    try:
        return subprocess.run(["unshare", "-rn", "ip", "link", "set", "lo", "up"], capture_output=True).returncode == 0
    except OSError:
        return False


@pytest.mark.skipif(not namespaces(), reason="needs Linux with user namespaces, and iproute2")
def test_the_daemon_works_where_there_is_no_network_but_loopback(tmp_path):
    told = subprocess.run(
        ["unshare", "-rn", "sh", "-ec", ALONE, "sh", sys.executable, "-c", ALL, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.split("\n")[:1] == ["links: 1"]
    assert "paired, read, listed and opened" in told.stdout


# A client and a daemon in the same lonely network: pair, read a page, list it, open the history.
ALL = """
import json, signal, subprocess, sys
from http.client import HTTPConnection
from process import listening_port, telltale
data = sys.argv[1]
with telltale("run", "--port", "0", "--data", data) as process:
    port = listening_port(process)
    def ask(method, path, body=None, **headers):
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        raw = None if body is None else json.dumps(body)
        connection.request(method, path, raw, {"Content-Type": "application/json", **headers} if body is not None else headers)
        answer = connection.getresponse()
        found = answer.read().decode()
        connection.close()
        assert answer.status == 200, (path, answer.status, found)
        return found
    code = telltale("pair", "--data", data).communicate()[0].split("code: ")[1].strip()
    token = json.loads(ask("POST", "/v1/pair", {"code": code, "name": "Test"}))["token"]
    me = {"Authorization": f"Bearer {token}"}
    page = {"url": "https://news.example/a", "title": "A title", "blocks": [{"text": "Words."}]}
    assert json.loads(ask("POST", "/v1/pages", page, **me))["page_id"] == 1
    assert "https://news.example/a" in ask("GET", "/v1/pages", **me)
    url = json.loads(ask("POST", "/v1/tickets", {}, **me))["url"]
    assert "History" in ask("GET", url.partition(str(port))[2])
    process.send_signal(signal.SIGTERM)
    assert process.wait() == 0
print("paired, read, listed and opened")
"""
