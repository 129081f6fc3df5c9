"""What the figures of `scripts/bench` are made from: the pages, the percentiles, the page of tables."""

from __future__ import annotations

from benchmarks.articles import ONE_WITH_A_NOTE_IN, SENTENCES, articles, long_article
from benchmarks.browser import newspaper
from benchmarks.report import markdown
from benchmarks.timing import WARM_UP, in_turns, summary
from telltale.reader import sentences_of
from telltale.settings import default_models_dir


def test_pages_are_whole_articles_that_differ_and_come_again_with_their_seed():
    pages = articles(ONE_WITH_A_NOTE_IN)
    assert pages == articles(ONE_WITH_A_NOTE_IN)
    assert len({page.title for page in pages}) == len(pages)
    assert all(len(sentences_of(page)[0]) >= SENTENCES for page in pages)


def test_a_long_article_is_as_long_as_asked():
    size = sum(len(block.text) for block in long_article(20_000).blocks)
    assert 20_000 <= size < 30_000


def test_percentiles_are_times_that_were_measured():
    assert summary([float(n) for n in range(1, 101)]) == {"mean": 50.5, "p50": 50.0, "p95": 95.0, "p99": 99.0}


def test_rows_take_turns_and_the_first_things_are_not_counted():
    done: list[str] = []
    times = in_turns({"a": lambda n: done.append(f"a{n}"), "b": lambda n: done.append(f"b{n}")}, range(WARM_UP + 2))
    assert done[:4] == ["a0", "b0", "a1", "b1"]
    assert [len(taken) for taken in times.values()] == [2, 2]


def test_the_page_of_a_newspaper_is_large_and_comes_again():
    page = newspaper(default_models_dir())
    assert len(page) > 80_000
    assert newspaper(default_models_dir()) == page


def test_only_what_was_measured_is_told():
    row = {"page": "leak.html", "badgeMs": 81.2, "slowestMs": 90.5, "longestMs": 4.0, "totalMs": 9.1, "shift": 0}
    text = markdown({"browser": [row]})
    assert "| leak.html | 81.2 | 90.5 | 4.0 | 9.1 | 0 |" in text
    assert "Starting, memory" not in text


def test_each_part_says_which_model_it_was_measured_with_but_the_history_which_has_none():
    taken = {part: {"model": "telltale-4", "when": "2026-11-30 23:00 UTC"} for part in ("browser", "history")}
    history = {"pages": 10, "bytes_a_page": 900, "cores": 2, "ms": {}}
    text = markdown({"history": history, "browser": [], "taken": taken})
    assert text.count("\nMeasured 2026-11-30 23:00 UTC.") == text.count("\nMeasured with telltale-4, ") == 1
