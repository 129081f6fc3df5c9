"""How fast a corpus is scanned, and in how much memory: `scripts/bench --part scan`, or
`python -m benchmarks.scan [--json] [--stream GB]`.

All rows are of one run on the same distinct pages. A rate is of all records over all the time behind a first batch for each worker,
so that loading and starting hardly count (a quick worker may read a late one's first batch too); the stock pipeline is given the
same sentences, in one process and one thread. The stream goes through a pipe into the command as a person starts it, with --sample,
so that most of its records are parsed and left out.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from telltale.scan.local import Workers
from telltale.scan.raw import Batch, Raw
from telltale.scan.stage import Reads, StageSettings, load_reader

from .memory import MB, Watch, family_of, memory_of
from .stock import Stock
from .web import WebMaker

ROOT = Path(__file__).resolve().parents[2]
BATCH = 32
EACH = 8  # batches for each worker at least, so that it counts little which of them ends last
STOCK_PAGES = 24
STREAM_SAMPLE = 0.001


@dataclass(frozen=True, slots=True)
class Corpus:
    """The same pages as JSON lines of their text and as HTML, no two with a sentence in common."""

    texts: list[Raw]
    pages: list[Raw]


def corpus(count: int, seed: int = 26) -> Corpus:
    """Ordinary pages, one in twenty with notes. Each paragraph begins with a word of its own, for the articles repeat in
    the corpus, and what was read once is not read again."""
    maker = WebMaker(seed)
    texts, pages = [], []
    for n in range(count):
        page = maker.page(noted=n % 20 == 0, mark=f"{n}")
        text = "\n".join(block.text for block in page.article.blocks)
        line = {"url": page.url, "title": page.article.title, "text": text}
        texts.append(Raw(n, "json", json.dumps(line).encode(), n))
        pages.append(Raw(n, "html", page.html.encode(), n, url=page.url, charset="utf-8"))
    return Corpus(texts, pages)


def batches(raws: list[Raw], size: int = BATCH) -> Iterator[Batch]:
    """As the engine is handed them."""
    return (Batch(0, raws[at : at + size]) for at in range(0, len(raws), size))


def rate(models: Path, raws: list[Raw], workers: int, load: Callable[[Path, str, str], Reads] = load_reader) -> float:
    """Records a second with so many workers, all that are left when as many batches as workers were read."""
    running = Workers(StageSettings(models, load=load), workers)
    size = max(1, min(BATCH, len(raws) // (workers * (EACH + 1))))
    first = size * workers
    try:
        for _ in running.run(batches(raws[:first], size)):
            pass
        began = time.perf_counter()
        count = sum(len(found.rows) for found in running.run(batches(raws[first:], size)))
        return count / (time.perf_counter() - began)
    finally:
        running.close()


def stock_rate(models: Path, raws: list[Raw]) -> float:
    """Records a second of a loop over transformers' pipeline, a sentence at a time, one thread."""
    from telltale.reader import quotes_of, sentences_of
    from telltale.scan.records import document_of, record_of

    taken = []
    with closing(Stock(models, threads=1)) as stock:
        for raw in raws[:STOCK_PAGES]:
            began = time.perf_counter()
            places, texts = sentences_of(document_of(record_of(raw, {})).page)
            stock.one_at_a_time(quotes_of(places, texts))
            taken.append(time.perf_counter() - began)
    return 1 / statistics.fmean(taken[2:])  # the first prepare its kernels


def shared(models: Path, raws: list[Raw], workers: int) -> dict[str, Any]:
    """What the workers take, with the model loaded once and shared, measured after each has read."""
    running = Workers(StageSettings(models), workers)
    try:
        for _ in running.run(batches(raws)):
            pass
        found = [memory for pid in family_of(os.getpid())[1:] if (memory := memory_of(pid))]
        readers = sorted(found, key=lambda m: -m.rss)[: workers + 1]  # and the process they were forked from
        return {
            "workers": workers,
            "rss_mb": round(sum(m.rss for m in readers) / MB),
            "pss_mb": round(sum(m.pss for m in readers) / MB),
            "own_mb": [round(m.own / MB) for m in readers],
        }
    finally:
        running.close()


def streamed(models: Path, gigabytes: float) -> dict[str, Any]:
    """The memory of `telltale scan -` while so much runs through its standard input."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "out.ndjson"
        command = [sys.executable, "-c", "from telltale.cli import main; main()", "scan", "-", "-o", output, "--quiet"]
        command += ["--models", models, "--sample", str(STREAM_SAMPLE)]
        began = time.perf_counter()
        with subprocess.Popen(command, stdin=subprocess.PIPE) as process, Watch(process.pid) as watch:
            assert process.stdin
            records, size = pour(process.stdin, int(gigabytes * 1e9))
            process.stdin.close()
            if process.wait():
                raise RuntimeError(f"The scan of the stream ended with status {process.returncode}.")
        seconds = time.perf_counter() - began
        rows = sum(1 for _ in output.open("rb"))
    third = watch.seen[: max(1, len(watch.seen) // 3)]
    return {"gb": size / 1e9, "records": records, "read": rows, "seconds": seconds, "mb_per_second": size / 1e6 / seconds,
            "peak_mb": round(max(watch.seen) / MB), "peak_of_first_third_mb": round(max(third) / MB),
            "last_mb": round(watch.seen[-1] / MB)}  # fmt: skip


def pour(pipe: Any, size: int) -> tuple[int, int]:
    """Write JSON lines of news pages' length, made as they are written, until they are so many bytes."""
    article = " ".join(json.loads(raw.payload)["text"] for raw in corpus(8).texts).replace("\n", " ")
    records = written = 0
    while written < size:
        line = json.dumps(
            {"url": f"https://outlet{records % 997}.example/{records}", "text": f"{records}. {article}"}
        ).encode()
        written += pipe.write(line + b"\n")
        records += 1
    return records, written


def measure(models: Path, count: int, gigabytes: float) -> dict[str, Any]:
    """Every figure."""
    cores = len(os.sched_getaffinity(0))
    made = corpus(count)
    copies = [raw for raw in made.texts[: count // 10] for _ in range(10)]
    result: dict[str, Any] = {"cores": cores, "pages": count, "stock": stock_rate(models, made.texts)}
    for name, raws in (("text", made.texts), ("html", made.pages), ("text, each ten times", copies)):
        result[name] = {str(workers): rate(models, raws, workers) for workers in sorted({1, cores})}
    result["memory"] = [shared(models, made.texts, workers) for workers in (1, 2, 4)]
    if gigabytes:
        result["stream"] = streamed(models, gigabytes)
    return result


def table(result: dict[str, Any]) -> str:
    """The figures for a person."""
    cores, stock = result["cores"], result["stock"]
    lines = [f"{result['pages']} pages, {cores} cores; records a second", "",
             f"| | 1 worker | {cores} workers | a core, times stock | of linear |", "|---|---|---|---|---|",
             f"| stock pipeline, text | {stock:.2f} | | 1 | |"]  # fmt: skip
    for name in ("text", "html", "text, each ten times"):
        one, all_of_them = result[name]["1"], result[name][str(cores)]
        times = f"{one / stock:.1f}" if name == "text" else ""
        lines.append(f"| {name} | {one:.1f} | {all_of_them:.1f} | {times} | {all_of_them / one / cores:.0%} |")
    lines += ["", "| workers | RSS | PSS | of its own, each |", "|---|---|---|---|"]
    lines += [f"| {m['workers']} | {m['rss_mb']} MB | {m['pss_mb']} MB | {m['own_mb']} |" for m in result["memory"]]
    if stream := result.get("stream"):
        lines += ["", "{gb:.1f} GB streamed, {records} records, {read} read, {mb_per_second:.0f} MB/s; at most {peak_mb} MB, "
                  "{peak_of_first_third_mb} MB in the first third, {last_mb} MB at the end.".format(**stream)]  # fmt: skip
    return "\n".join(lines)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1600)
    parser.add_argument("--stream", type=float, default=1.0, metavar="GB", help="how much is streamed; 0 for none")
    parser.add_argument("--models", type=Path, default=ROOT / "models")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = measure(options.models.resolve(), options.pages, options.stream)
    print(json.dumps(result, indent=1) if options.json else table(result))


if __name__ == "__main__":
    main()
