"""What of an address says only how a reader came to the page, and which addresses are AMP copies of others.

Most of it comes from `addresses.json`, made by `scripts/tracking.mjs` from the rules of tidy-url, which others keep up.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# What the list lacks: click numbers and prefixes, each documented by the service that adds it.
_ALSO = frozenset(
    "dclid gbraid wbraid gad_source gad_campaignid msclkid yclid ysclid twclid ttclid igshid igsh _ga _gl wickedid "
    "li_fat_id epik ref_src at_medium at_campaign smid wt_mc xtor usqp".split()
)
_PREFIXES = ("utm_", "pk_", "mtm_", "hsa_", "_hs", "amp_")
# How two publishing systems ask themselves for the AMP copy: WordPress (`?amp=1`) and Arc (`?outputType=amp`).
_AMP_VALUES = {"amp": ("", "1", "true"), "outputtype": ("amp",)}
# Copies that search engines keep: `/amp/s/` and the host that is meant; in caches `/c/s/` (content) or `/v/s/` (viewer).
_VIEWER_HOST = re.compile(r"www\.google\.(com?\.)?[a-z]{2,3}|www\.bing\.com")
_CACHE_HOST = re.compile(r"([a-z0-9-]+\.)?(cdn\.ampproject\.org|bing-amp\.com)")
_COPY = re.compile(r"/(?:amp|[cv])/(s/)?([^/]+\.[^/]+)(/.*)?")


@dataclass(frozen=True, slots=True)
class Amp:
    """At a site, `text` in an address without its scheme is replaced by `instead`; or its path ends in `end`, cut off."""

    site: str
    text: str = ""
    instead: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """Names of parameters in lower case: at all sites, and at a site with all hosts under it; and the AMP copies."""

    everywhere: frozenset[str]
    sites: dict[str, frozenset[str]]
    amp: tuple[Amp, ...]


@cache
def rules() -> Rules:
    """The list that comes with the package."""
    data = json.loads((Path(__file__).parent / "addresses.json").read_text(encoding="utf-8"))
    sites = {site: frozenset(map(str.lower, names)) for site, names in data["sites"].items()}
    amp = tuple(Amp(r["site"], r.get("text", ""), r.get("with", ""), r.get("end", "")) for r in data["amp"])
    return Rules(frozenset(map(str.lower, data["everywhere"])) | _ALSO, sites, amp)


def tracks(host: str, name: str, value: str) -> bool:
    """Whether a parameter of an address at a host only tracks, or asks for the AMP copy."""
    name = name.lower()
    if name in rules().everywhere or name.startswith(_PREFIXES) or value.lower() in _AMP_VALUES.get(name, ()):
        return True
    return any(name in names for site, names in rules().sites.items() if _within(host, site))


def original(host: str, path: str) -> tuple[str, str, str] | None:
    """Scheme, host and path of the page that a search engine's address shows a copy of; None for all other addresses."""
    if not (_VIEWER_HOST.fullmatch(host) and path.startswith("/amp/") or _CACHE_HOST.fullmatch(host)):
        return None
    found = _COPY.fullmatch(path)
    return ("https" if found[1] else "http", found[2], found[3] or "/") if found else None


def without_amp(host: str, path: str) -> tuple[str, str]:
    """Host and path of the article that an outlet's own AMP address is a copy of, by what is known of the outlet."""
    for rule in rules().amp:
        if _within(host, _domain(rule.site)):
            host, path = _applied(rule, host, path)
    return host, path


def _applied(rule: Amp, host: str, path: str) -> tuple[str, str]:
    if rule.end:
        end = rule.end if rule.end[0] in "/." else f"/{rule.end}"
        while path.endswith(end) and path != end:
            path = path.removesuffix(rule.end)
        return host, path
    whole = f"{host}{path}"
    while rule.text in whole:
        whole = whole.replace(rule.text, rule.instead)
    host, slash, path = whole.partition("/")
    return host, slash + path


def _domain(site: str) -> str:
    """Where a rule of `amp.news.example` holds: its replacement may lead to any host of the domain."""
    return ".".join(site.split(".")[1:]) if site.startswith(("amp.", "m.")) else site


def _within(host: str, site: str) -> bool:
    return host == site or host.endswith(f".{site}")
