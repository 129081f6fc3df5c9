"""Addresses of pages: whose they are (the outlet), and when two are the same page."""

from __future__ import annotations

import re
from functools import cache
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import SplitResult, unquote_plus, urlsplit, urlunsplit

import idna
from publicsuffixlist import PublicSuffixList

from .tracking import original, tracks, without_amp

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")


class AddressError(ValueError):
    """The text is no address of a web page; the message is one sentence."""


class Address(NamedTuple):
    """A page's address: the canonical URL and its outlet."""

    url: str
    outlet: str


def address_of(url: str) -> Address:
    """The canonical URL and the outlet of an http or https URL. Raises AddressError.

    Canonical: no credentials, default port or tracking parameters; no fragment but one that the site chooses its page by
    (`#/story/7`, `#!story`); scheme and host in lower case; of an AMP copy the article that it copies. The order and
    spelling of what remains is kept, because servers may tell them apart.
    """
    parts = _original(_split(url))
    host, path = without_amp(host_of(parts.hostname or ""), parts.path or "/")
    netloc = f"[{host}]" if ":" in host else host
    if parts.port is not None and parts.port != _DEFAULT_PORTS[parts.scheme]:
        netloc += f":{parts.port}"
    kept = (parts.scheme, netloc, path, _without_tracking(host, parts.query), _route(parts.fragment))
    return Address(urlunsplit(kept), outlet_of(host))


def _original(parts: SplitResult) -> SplitResult:
    """The page itself, when the address is that of a copy with a search engine."""
    while found := original(host_of(parts.hostname or ""), parts.path):
        parts = _split(urlunsplit((*found, parts.query, "")))
    return parts


def _route(fragment: str) -> str:
    """The fragment if it chooses a page, without the words to scroll to that a link may add to it."""
    return fragment.partition(":~:")[0] if fragment.startswith(("/", "!")) else ""


def _split(url: str) -> SplitResult:
    if any(c <= " " or c == "\x7f" or "\ud800" <= c <= "\udfff" for c in url):
        raise AddressError("The url holds spaces or control characters; a web address has none.")
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  reading it is what checks it
    except ValueError:
        raise AddressError("The url is not a web address.") from None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise AddressError("The url must begin with http:// or https:// and name a host.")
    return parts


def _without_tracking(host: str, query: str) -> str:
    return "&".join(p for p in query.split("&") if not _tracks(host, p))


def _tracks(host: str, parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return bool(name) and tracks(host, unquote_plus(name), value)


def host_of(host: str) -> str:
    """A host as it is looked up: lower case, punycode, no trailing dot, IPs compressed. Raises AddressError."""
    host = host.lower().removesuffix(".")
    try:
        return ip_address(host).compressed
    except ValueError:
        pass
    try:
        plain = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        plain = ""
    if len(plain) > 253 or not _HOST.fullmatch(plain):
        raise AddressError("The url names no valid host.")
    return plain


def outlet_of(host: str) -> str:
    """The outlet of a host: its registrable domain by the public suffix list, private section included.

    IPs, single labels such as `localhost`, and hosts that are a public suffix themselves are their own outlet.
    """
    if ":" in host or "." not in host or host.rsplit(".", 1)[-1].isdigit():
        return host
    return _suffixes().privatesuffix(host) or host


@cache
def _suffixes() -> PublicSuffixList:
    """The list that comes with the package: 40 ms to parse, no network. Private section included by default."""
    return PublicSuffixList()
