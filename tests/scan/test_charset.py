"""A page's word for its charset: as browsers take it, and whatever it is, the page is read."""

from __future__ import annotations

import pytest
from telltale.scan.records import decoded


@pytest.mark.parametrize("charset", ["undefined", "punycode", "idna", "unicode_escape", "utf-7", "utf\0-8", "\ud800", "hex", "x" * 999, " "])  # fmt: skip
def test_a_charset_that_is_none_leaves_the_page_to_be_read(charset):
    assert decoded("Größe \\u0041 +AEE-".encode(), charset, html=True) == "Größe \\u0041 +AEE-"


@pytest.mark.parametrize(
    ("charset", "raw", "text"),
    [
        ("iso-8859-1", b"\x93It\x92s\x94 \x80", "“It’s” €"),
        ("US-ASCII", b"caf\xe9", "café"),
        ("gb2312", "镕".encode("gbk"), "镕"),
        ("euc-kr", "뷁".encode("cp949"), "뷁"),
        (" utf-8 ", "ß".encode(), "ß"),
        ("koi8-r", "Да".encode("koi8-r"), "Да"),
        ("iso-8859-1", b"caf\xe9 \x81\x8d\x8f\x90\x9d \x80", "café \x81\x8d\x8f\x90\x9d €"),
        ("tis-620", b"\xa1\x81\xdb", "ก\x81\ufffd"),
        ("iso-8859-1", "Ý".encode(), "Ý"),  # what it leaves undefined, and UTF-8 does not
    ],
)
def test_a_charset_is_read_as_browsers_read_it(charset, raw, text):
    assert decoded(raw, charset, html=True) == text
