"""What a page costs in a real browser: `scripts/page-timing.mjs`, which the extension's own tests use too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def measure(models: Path) -> list[dict[str, Any]]:
    """A row for each test page; raises SystemExit when the browser or the extension's build is missing."""
    command = ["node", str(ROOT / "scripts" / "page-timing.mjs")]
    environment = {**os.environ, "TELLTALE_MODELS": str(models.absolute())}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit("bench: the browser could not be measured; scripts/setup builds what it needs.")
    return [json.loads(line) for line in done.stdout.splitlines()]


if __name__ == "__main__":
    print(measure(Path(sys.argv[1])))
