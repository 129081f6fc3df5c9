"""Whose an address is, and when two addresses are one page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telltale.outlets import AddressError, address_of


@pytest.mark.parametrize(
    ("host", "outlet"),
    [
        ("www.news.example", "news.example"),
        ("news.example", "news.example"),
        ("edition.cnn.com", "cnn.com"),
        ("www.bbc.co.uk", "bbc.co.uk"),
        ("someone.github.io", "someone.github.io"),
        ("a.someone.substack.com", "substack.com"),
        ("github.io", "github.io"),
        ("co.uk", "co.uk"),
        ("WWW.News.Example.", "news.example"),
        ("www.bücher.de", "xn--bcher-kva.de"),
        ("www.xn--bcher-kva.de", "xn--bcher-kva.de"),
        ("localhost", "localhost"),
        ("127.0.0.1:8000", "127.0.0.1"),
        ("[2001:db8:0::1]", "2001:db8::1"),
        ("news_room.example.com", "example.com"),
    ],
)
def test_an_outlet_is_the_registrable_domain(host, outlet):
    assert address_of(f"https://{host}/a").outlet == outlet


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://News.Example/A/b?B=c", "https://news.example/A/b?B=c"),
        ("https://news.example", "https://news.example/"),
        ("https://news.example/a#part", "https://news.example/a"),
        ("https://news.example:443/a", "https://news.example/a"),
        ("http://news.example:443/a", "http://news.example:443/a"),
        ("https://me:secret@news.example/a", "https://news.example/a"),
        ("https://news.example/a?id=1&utm_source=x&UTM_medium=y&fbclid=z&p=2", "https://news.example/a?id=1&p=2"),
        ("https://news.example/a?utm%5Fsource=x", "https://news.example/a"),
        ("https://news.example/a?b=2&a=1", "https://news.example/a?b=2&a=1"),
        ("https://news.example/%C3%A9?q=a%20b+c", "https://news.example/%C3%A9?q=a%20b+c"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
    ],
)
def test_what_does_not_change_the_page_is_dropped(url, canonical):
    assert address_of(url).url == canonical


@pytest.mark.parametrize(
    "url",
    [
        "",
        "news.example",
        "ftp://news.example/",
        "https:///a",
        "https://a b/",
        "https://a..b/",
        "https://[::1/",
        "https://x:99999/",
    ],
)
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(AddressError, match=r"\.$"):
        address_of(url)


@given(st.text(max_size=80) | st.text(max_size=60).map("https://news.example/{}".format))
def test_any_text_is_an_address_or_refused_and_canonical_is_final(text):
    try:
        found = address_of(text)
    except AddressError:
        return
    assert address_of(found.url) == found
    assert "#" not in found.url and found.url.startswith(("http://", "https://"))


@given(st.from_regex(r"([a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?\.){0,4}[a-z]{2,8}", fullmatch=True))
def test_the_outlet_of_an_outlet_is_itself_and_ends_its_host(host):
    outlet = address_of(f"https://{host}/").outlet
    assert address_of(f"https://{outlet}/").outlet == outlet
    assert f".{host}".endswith(f".{outlet}")
