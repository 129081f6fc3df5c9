"""Whose an address is, and when two addresses are one page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telltale import tracking
from telltale.outlets import AddressError, address_of, outlet_of


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
        ("https://news.example/a?amp=1&outputType=amp&id=2", "https://news.example/a?id=2"),
        ("https://news.example/?amp=240v", "https://news.example/?amp=240v"),
        ("https://news.example/a?msclkid=1&elqTrackId=2&INTCMP=3", "https://news.example/a?INTCMP=3"),
        ("https://www.theguardian.com/a?INTCMP=3&page=2", "https://www.theguardian.com/a?page=2"),
        ("https://nottheguardian.com/a?INTCMP=3", "https://nottheguardian.com/a?INTCMP=3"),
        ("https://news.example/#/story/7", "https://news.example/#/story/7"),
        ("https://news.example/#!story:~:text=words", "https://news.example/#!story"),
        ("https://news.example/a#:~:text=words", "https://news.example/a"),
    ],
)
def test_what_does_not_change_the_page_is_dropped(url, canonical):
    assert address_of(url).url == canonical


@pytest.mark.parametrize(
    ("copy", "article"),
    [
        ("https://www.google.com/amp/s/news.example/a", "https://news.example/a"),
        (
            "https://www.google.co.uk/amp/s/news.example/a?p=2&usqp=mq331&amp_js_v=0.1#aoh=1",
            "https://news.example/a?p=2",
        ),
        ("https://www.google.com/amp/news.example/a", "http://news.example/a"),
        ("https://www.bing.com/amp/s/news.example/a", "https://news.example/a"),
        ("https://news-example.cdn.ampproject.org/c/s/news.example/a", "https://news.example/a"),
        ("https://news-example.cdn.ampproject.org/v/s/news.example/a?amp_js_v=a6", "https://news.example/a"),
        ("https://cdn.ampproject.org/c/s/news.example", "https://news.example/"),
        ("https://www.google.com/amp/s/x.cdn.ampproject.org/c/s/amp.cnn.com/cnn/a", "https://www.cnn.com/a"),
        ("https://amp.cnn.com/cnn/2026/11/24/a", "https://www.cnn.com/2026/11/24/a"),
        ("https://www.mirror.co.uk/news/a.amp", "https://www.mirror.co.uk/news/a"),
        ("https://www.the-sun.com/news/1/a/amp/", "https://www.the-sun.com/news/1/a/"),
    ],
)
def test_of_an_amp_copy_the_article_is_kept(copy, article):
    assert address_of(copy) == address_of(article) and address_of(copy).url == article


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/amp/s/",
        "https://www.google.com/search?q=amp/s/news.example",
        "https://www.google.evil.example/amp/s/news.example/a",
        "https://ampproject.org.evil.example/c/s/news.example/a",
        "https://evil.example/c/s/news.example/a",
        "https://evil.example/amp.cnn.com/cnn/a",
        "https://www.the-sun.com/news/1/camp/",
    ],
)
def test_no_other_page_can_pass_for_a_copy(url):
    assert address_of(url).url == url


def test_no_rule_for_amp_leads_to_another_outlet():
    for rule in tracking.rules().amp:
        if rule.text and "/" in rule.text and rule.instead:
            assert address_of(f"https://{rule.text}").outlet == outlet_of(rule.instead.partition("/")[0])


def test_the_list_names_its_source_and_its_licence():
    data = json.loads((Path(tracking.__file__).parent / "addresses.json").read_text())
    assert data["from"].startswith("tidy-url 1.") and data["licence"].startswith("MIT License")
    assert {"utm_source", "fbclid", "gclid"} <= set(data["everywhere"])


@pytest.mark.parametrize(
    "name", ["id", "p", "page", "article", "story", "q", "date", "section", "lang", "source", "ref"]
)
def test_what_may_choose_a_page_is_never_dropped_everywhere(name):
    assert not tracking.tracks("news.example", name, "7")


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


AWKWARD = st.sampled_from(
    ["https://www.google.com/amp/s/{}", "https://x.cdn.ampproject.org/c/s/{}", "https://amp.cnn.com/cnn/{}", "https://the-sun.com/{}amp/",
     "https://gadgets360.com/{}/amp/amp", "https://elprogreso.es/{}.amp.amp.html.html", "https://amp.amp.dw.com/{}", "https://news.example/{}"]
)  # fmt: skip


@given(st.text(max_size=80) | st.builds(str.format, AWKWARD, st.text(max_size=60)))
def test_any_text_is_an_address_or_refused_and_canonical_is_final(text):
    try:
        found = address_of(text)
    except AddressError:
        return
    assert address_of(found.url) == found
    assert found.url.partition("#")[2][:1] in ("", "/", "!") and found.url.startswith(("http://", "https://"))


@given(st.from_regex(r"([a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?\.){0,4}[a-z]{2,8}", fullmatch=True))
def test_the_outlet_of_an_outlet_is_itself_and_ends_its_host(host):
    outlet = address_of(f"https://{host}/").outlet
    assert address_of(f"https://{outlet}/").outlet == outlet
    assert f".{host}".endswith(f".{outlet}")
