"""The command that reads a file, `telltale check`. No web code is imported here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from .cli import json_option, models_option
from .reasons import reason
from .settings import default_models_dir
from .terminal import fail, printable

if TYPE_CHECKING:
    from .documents import Document
    from .domain import Reading
    from .reader import Reader

LARGEST_FILE = 64 * 1024 * 1024  # bytes; one document, not a corpus: `scan` streams


@click.command()
@click.argument("file", type=click.Path(allow_dash=True))
@json_option
@models_option
def check(file: str, as_json: bool, models: Path | None) -> None:
    """Read one FILE (text or HTML, - for standard input) and say which words are notes left by AI.

    Exit status: 0 when it was read, 2 when it cannot be read.
    """
    from .documents import DocumentError, from_bytes

    raw = _bytes_of(file)
    try:
        document = from_bytes(raw)
    except DocumentError as error:
        fail(f"{file}: {error}")
    reading = load_reader(models).read(document.page)
    click.echo(json.dumps(document.result(reading), ensure_ascii=False) if as_json else report(document, reading))


def load_reader(models: Path | None) -> Reader:
    """The reader of a model folder, or a sentence and exit status 2."""
    from .classifier.weights import ModelError
    from .reader import Reader

    try:
        return Reader.load(models or default_models_dir())
    except ModelError as error:
        fail(str(error))


def report(document: Document, reading: Reading) -> str:
    """The reading for a person: the verdict, then each note with its place, family, words and reason."""
    lines = [f"{reading.verdict.value} ({reading.sentences} sentences read by {reading.model})"]
    for note in map(document.note, reading.notes):
        place = note.get("where", f"line {document.text.count(chr(10), 0, note['start']) + 1}")
        lines.append(
            f"- {place}: {note['kind']}, {note['family']} ({note['confidence']:.0%}): “{printable(note['quote'])}”"
        )
        lines.append(f"  {reason(note['family'])}")
    return "\n".join(lines)


def _bytes_of(file: str) -> bytes:
    with _opened(file) as stream:
        raw: bytes = stream.read(LARGEST_FILE + 1)
    if len(raw) > LARGEST_FILE:
        fail(f"{file} is larger than {LARGEST_FILE // 2**20} MB; split it, or use `telltale scan` for a corpus.")
    return raw


def _opened(file: str) -> IO[Any]:
    try:
        return click.open_file(file, "rb")
    except OSError as error:
        fail(f"{file} cannot be opened: {error.strerror}.")
