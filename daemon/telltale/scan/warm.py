"""Imported by the process that the workers are forked from: it imports the stage and loads the model once, and they share
its memory. What is to be computed on a GPU each worker loads for itself: a GPU's state does not survive a fork."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import cast

# sqlite-utils imports pandas wherever it is installed: half a second and 70 MB that no worker has a use for.
sys.modules.setdefault("pandas", cast(ModuleType, None))

from .local import VARIABLE  # noqa: E402
from .stage import load_reader  # noqa: E402

if VARIABLE in os.environ:
    os.environ["TOKENIZERS_PARALLELISM"] = "false"  # its threads would not survive the fork
    os.environ["PYTORCH_NVML_BASED_CUDA_CHECK"] = "1"  # looks for a GPU without beginning to use it
    with contextlib.suppress(Exception):  # a worker that finds no model says so
        from .device import device_of

        folder, precision, device = json.loads(os.environ[VARIABLE])
        if device_of(device) == "cpu":
            load_reader(Path(folder), precision, device)
