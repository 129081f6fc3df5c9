"""A scan on a local Ray cluster of several processes gives what the engine of one machine gives."""

from __future__ import annotations

import json
import subprocess
import sys

import fake_reader

# In a process of its own: what Ray leaves open when it ends is warned of, and warnings are errors here.
SCRIPT = """
import sys
from pathlib import Path
import fake_reader
from telltale.scan.cluster import Cluster
from telltale.scan.run import Local, Told, run
from telltale.scan.stage import StageSettings
if __name__ == "__main__":
    folder = Path(sys.argv[1])
    stage = StageSettings(Path("models"), load=fake_reader.load)
    for name, engine in (("one", lambda s: Local(s, 1)), ("many", lambda s: Cluster(s, 2, "local"))):
        assert run(Told(sorted(folder.glob("*.jsonl")), folder / name, stage, quiet=True), engine).finished
"""


def test_a_cluster_gives_what_one_machine_gives(tmp_path):
    for n in range(3):
        texts = [fake_reader.LEAK if i % 5 == 0 else f"Story {n} {i}." for i in range(90)]
        lines = [json.dumps({"id": f"{n}-{i}", "text": text}) for i, text in enumerate(texts)]
        (tmp_path / f"{n}.jsonl").write_text("\n".join([*lines, "no json"]), encoding="utf-8")
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    subprocess.run([sys.executable, tmp_path / "script.py", tmp_path], check=True)
    one, many = ([json.loads(x) for x in (tmp_path / n).read_text("utf-8").splitlines()] for n in ("one", "many"))
    assert len(many) == 270
    assert [{**r, "same_text": 0} for r in many] == [{**r, "same_text": 0} for r in one]
    assert len((tmp_path / "many.errors.ndjson").read_text("utf-8").splitlines()) == 3
