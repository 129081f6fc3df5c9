"""The command, with a reader that waits at two gates: named pipes in the folder TELLTALE_GATES.

`load` holds the loading of the model, `read` every page; at most one page waits behind the one that is read. Who opens a
pipe for writing lets one through, who puts a file in its place lets all through.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from telltale import app, cli

GATES = Path(os.environ["TELLTALE_GATES"])
real_reader, init_app = app.real_reader, app.init_app


def wait_at(gate: str) -> None:
    with open(GATES / gate):
        pass


def gated_reader(settings):
    load = real_reader(settings)

    def loaded():
        wait_at("load")
        reader = load()
        steps = reader.steps

        def gated(page):
            wait_at("read")
            yield from steps(page)

        reader.steps = gated
        return reader

    return loaded


app.real_reader = gated_reader
app.init_app = lambda settings, *others: init_app(replace(settings, queue=1), *others)
cli.main()
