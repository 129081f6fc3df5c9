"""A record is read as the daemon reads the page: the reader is handed the same words, so it gives the same verdict."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from telltale.protocol import parse_page
from telltale.reader import sentences_of
from telltale.scan.raw import Raw
from telltale.scan.records import document_of, record_of

TEXT = st.text(st.characters(codec="utf-8") | st.sampled_from("\0\t\n\u2028\ufeff\u202e. ?"), max_size=80)
PAGES = st.fixed_dictionaries(
    {"title": TEXT, "byline": TEXT, "lang": TEXT, "blocks": st.lists(TEXT, min_size=1, max_size=6)}
)


@settings(deadline=None)  # a busy machine is no failure
@given(PAGES)
def test_blocks_are_the_sentences_that_the_daemon_reads(told):
    url = "https://www.news.example/a?utm_source=x"
    body = {**told, "url": url, "blocks": [{"text": t, "role": "paragraph"} for t in told["blocks"]]}
    page = parse_page(body, 5_000).page
    scanned = document_of(record_of(Raw(0, "json", json.dumps({**told, "url": url}).encode(), 0), {})).page
    assert (scanned.url, scanned.title, scanned.byline, scanned.lang) == (page.url, page.title, page.byline, page.lang)
    assert sentences_of(scanned) == sentences_of(page)
