"""Files as pages: blocks with their place in the given text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telltale.documents import DocumentError, from_bytes, from_text


@given(st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("\r\n \u2028a"))))
def test_each_block_lies_in_the_text_where_it_says(text: str) -> None:
    document = from_text(text)
    for block, start in zip(document.page.blocks, document.starts, strict=True):
        assert text[start : start + len(block.text)] == block.text


@given(st.binary())
def test_any_bytes_are_a_document_or_one_sentence(raw: bytes) -> None:
    try:
        from_bytes(raw)
    except DocumentError as error:
        assert str(error).endswith(".") and len(str(error)) < 200


@pytest.mark.parametrize("raw", [b"", b"  \n", b"\xff\xfe\x00", b"\x89PNG\r\n\x1a\n\x00\x00", b"a\x00b"])
def test_what_is_no_text_is_refused(raw: bytes) -> None:
    with pytest.raises(DocumentError):
        from_bytes(raw)


def test_html_becomes_its_readable_text() -> None:
    story = (
        "<p>The council voted on Tuesday to repair the old bridge, which has been closed since the flood in spring.</p>"
    )
    html = f"<!doctype html><html><head><title>Bridge to reopen</title></head><body><article><h1>Bridge to reopen</h1>{story * 4}</article></body></html>"
    page = from_bytes(html.encode()).page
    assert page.title == "Bridge to reopen"
    assert any("voted on Tuesday" in block.text for block in page.blocks)
