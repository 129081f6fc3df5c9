"""The history pages: what a person sees, and that what pages say can do nothing there."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from telltale.domain import FAMILIES, Verdict
from telltale.views.links import at_words
from telltale.views.setup import FAMILIES as FAMILY_WORDS
from telltale.views.setup import VERDICTS, percent, weblink

LEAK = "Here is the rewritten article."
DISCLOSURE = "This article was written by AI."
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"
TEMPLATES = Path(__file__).parents[2] / "daemon" / "telltale" / "views" / "templates"


class Tags(HTMLParser):
    """What a page is made of: its tags, its attributes and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data

    def links(self) -> list[str]:
        return [value for name, value in self.attributes if name == "href"]


@pytest.mark.parametrize(
    "path", ["/", "/outlets", "/outlets/news.example", "/pages/1", "/pages/2", "/review", "/figures"]
)
async def test_without_a_session_a_page_says_how_to_come_and_nothing_else(daemon, path):
    await daemon.read(LEAK, url="https://news.example/a")
    text = Tags(await daemon.page(path)).text
    assert "telltale open" in text and "telltale pair" in text
    assert LEAK not in text and "news.example" not in text


async def test_a_made_up_cookie_opens_nothing(daemon):
    await daemon.read(LEAK)
    headers = {"Cookie": f"telltale-{daemon.client.port}=made-up"}
    assert LEAK not in await (await daemon.client.get("/", headers=headers)).text()


async def test_an_empty_history_says_so(daemon):
    await daemon.open_history()
    assert "Nothing was recorded yet" in await daemon.page("/")


async def test_the_history_lists_outlets_and_pages_with_their_notes(daemon):
    await daemon.read("Words.", LEAK, url="https://www.news.example/a", title="A leak")
    await daemon.read(DISCLOSURE, url="https://www.news.example/b", title="Told")
    await daemon.open_history()
    text = Tags(await daemon.page("/")).text
    for words in ("2 pages read, of 1 outlet", "1 of 2 with notes left in (95 % interval", "1 of 2 disclosed"):
        assert words in " ".join(text.split())
    for words in ("A leak", "Told", LEAK, DISCLOSURE):
        assert words in text
    assert "2026-11-24 13:00 UTC" in text


async def test_a_page_shows_its_evidence_in_context_and_what_changed(daemon):
    await daemon.read("The words before.", LEAK, "The words after.")
    daemon.clock.now += 86_400
    await daemon.read("The words before.", "The words after.")
    await daemon.open_history()
    html = await daemon.page("/pages/1")
    text = " ".join(Tags(html).text.split())
    assert f"The words before. {LEAK} The words after." in text
    assert f"<mark>{LEAK}</mark>" in html
    assert "Between 2026-11-24 13:00 UTC and 2026-11-25 13:00 UTC 1 note was removed from the text." in text
    assert (
        "A model announcing its answer; in the text; the model's confidence was 98%; removed from the text since."
        in text
    )


async def test_an_outlet_shows_its_tally_and_its_pages_alone(daemon):
    await daemon.read(LEAK, url="https://news.example/a", title="Here")
    await daemon.read(LEAK, url="https://other.example/a", title="Elsewhere")
    await daemon.open_history()
    text = Tags(await daemon.page("/outlets/news.example")).text
    assert "1 of 1 page read here with notes left in" in text and "Here" in text and "Elsewhere" not in text


async def test_long_lists_go_on(daemon):
    for i in range(51):
        daemon.clock.now += 1
        await daemon.read("Words.", url=f"https://news.example/{i}", title=f"Title {i}.")
    await daemon.open_history()
    first = await daemon.page("/?show=all")
    assert "Title 50." in first and "Title 0." not in first
    older = next(link for link in Tags(first).links() if "after=" in link)
    assert "Title 0." in await daemon.page(older)


@pytest.mark.parametrize("path", ["/", "/pages/1", "/outlets/news.example"])
async def test_what_a_page_says_is_only_ever_text(daemon, path):
    url = "https://news.example/a?x=" + HOSTILE.replace(" ", "")
    fields = {"title": HOSTILE + LEAK, "byline": HOSTILE + LEAK, "published": HOSTILE}
    await daemon.read(HOSTILE + LEAK + HOSTILE, url=url, **fields)
    await daemon.open_history()
    page = Tags(await daemon.page(path))
    assert not page.tags & {"script", "img", "style", "iframe"}
    assert all(
        value.startswith(("/notes/", "/pages/1/", "/outlets/news.example/"))
        for name, value in page.attributes
        if name == "action"
    )
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "style"]
    assert HOSTILE in page.text
    assert all(
        link.startswith(
            ("/", "#", "https://news.example/", "https://web.archive.org/web/20261124130000/https://news.example/")
        )
        for link in page.links()
    )


async def test_links_out_give_nothing_away(daemon):
    await daemon.read(LEAK)
    await daemon.open_history()
    page = await daemon.page("/pages/1")
    assert 'href="https://news.example/a" rel="noreferrer noopener external"' in page
    assert page.count("https://") - page.count(">https://") == page.count('rel="noreferrer noopener external"') + 1


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//news.example", ""])
def test_only_web_addresses_become_links(url):
    assert weblink(url) == ""


@pytest.mark.parametrize("path", ["/outlets/nobody.example", "/pages/99", "/pages/x", "/pages/999999999999999999"])
async def test_what_was_not_recorded_is_404(daemon, path):
    await daemon.open_history()
    assert (await daemon.client.get(path)).status == 404


async def test_a_made_up_part_of_a_list_is_refused(daemon):
    await daemon.open_history()
    assert (await daemon.client.get("/?after=nonsense")).status == 422


def test_every_verdict_and_family_has_words():
    assert (set(VERDICTS), set(FAMILY_WORDS)) == (set(Verdict), set(FAMILIES))


def test_shares_are_shown_with_a_digit_that_matters():
    assert [percent(s) for s in (0, 0.0181, 0.2065, 1)] == ["0%", "1.8%", "21%", "100%"]


def test_no_template_steps_around_escaping():
    for template in TEMPLATES.glob("*.html"):
        assert "|safe" not in template.read_text().replace(" ", "") and "autoescape" not in template.read_text()


def test_words_are_pointed_at_in_a_page_that_its_fragment_chooses_too():
    assert (
        at_words("https://news.example/#/story/7", "Two words") == "https://news.example/#/story/7:~:text=Two%20words"
    )
    assert at_words("https://news.example/a", "Two words") == "https://news.example/a#:~:text=Two%20words"


async def test_a_removal_whose_note_was_lost_with_a_damaged_file_is_left_out(daemon):
    await daemon.open_history()
    await daemon.read("Here is the rewritten article.")
    daemon.clock.now += 3600
    await daemon.read("Words.")
    assert "Still there at" in await daemon.page("/")
    await daemon.history.write(lambda db: db.execute("DELETE FROM notes"))
    assert (await daemon.get("/", Accept="text/html")).status == 200
    assert "Still there at" not in await daemon.page("/")
