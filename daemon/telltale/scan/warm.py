"""Imported by the process that the workers are forked from: it loads the model once, and they share its memory."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

VARIABLE = "TELLTALE_SCAN_WARM"  # [models, precision] as JSON

if VARIABLE in os.environ:
    os.environ["TOKENIZERS_PARALLELISM"] = "false"  # its threads would not survive the fork
    with contextlib.suppress(Exception):  # a worker that finds no model says so
        from .stage import load_reader

        folder, precision = json.loads(os.environ[VARIABLE])
        load_reader(Path(folder), precision)
