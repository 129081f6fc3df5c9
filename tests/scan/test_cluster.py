"""A scan on a local Ray cluster of several processes gives what the engine of one machine gives; one file has many readers, and
a record that none survives ends the scan with a sentence."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import fake_reader
import pytest
from telltale.scan import cluster
from telltale.scan.raw import ScanError
from telltale.scan.stage import StageSettings

# In a process of its own: what Ray leaves open when it ends is warned of, and warnings are errors here.
SCRIPT = """
import sys
from pathlib import Path
import fake_reader
from telltale.scan.cluster import Cluster
from telltale.scan.raw import ScanError
from telltale.scan.run import Local, Told, run
from telltale.scan.stage import StageSettings
if __name__ == "__main__":
    folder = Path(sys.argv[1])
    stage = StageSettings(Path("models"), load=fake_reader.load)
    for name, engine in (("one", lambda s: Local(s, 1)), ("many", lambda s: Cluster(s, 2, "local"))):
        assert run(Told(sorted(folder.glob("?.jsonl")), folder / name, stage, quiet=True), engine).finished
    slow = StageSettings(Path("models"), load=fake_reader.load_slow)
    run(Told([folder / "long.jsonl"], folder / "long", slow, quiet=True), lambda s: Cluster(s, 2, "local"))
    try:
        run(Told([folder / "deadly.jsonl"], folder / "deadly", stage, quiet=True), lambda s: Cluster(s, 1, "local"))
    except ScanError as error:
        print(error)
"""


def test_a_cluster_gives_what_one_machine_gives(tmp_path):
    for n in range(3):
        texts = [fake_reader.LEAK if i % 5 == 0 else f"Story {n} {i}." for i in range(90)]
        lines = [json.dumps({"id": f"{n}-{i}", "text": text}) for i, text in enumerate(texts)]
        (tmp_path / f"{n}.jsonl").write_text("\n".join([*lines, "no json"]), encoding="utf-8")
    stories = [json.dumps({"id": n, "text": f"Story {n}."}) for n in range(320)]
    (tmp_path / "long.jsonl").write_text("\n".join(stories), encoding="utf-8")
    (tmp_path / "deadly.jsonl").write_text(json.dumps({"id": 1, "text": fake_reader.DEADLY}), encoding="utf-8")
    (tmp_path / "script.py").write_text(SCRIPT, encoding="utf-8")
    ran = subprocess.run([sys.executable, tmp_path / "script.py", tmp_path], check=True, capture_output=True, text=True)
    one, many = ([json.loads(x) for x in (tmp_path / n).read_text("utf-8").splitlines()] for n in ("one", "many"))
    assert len(many) == 270
    assert [{**r, "same_text": 0} for r in many] == [{**r, "same_text": 0} for r in one]
    assert len((tmp_path / "many.errors.ndjson").read_text("utf-8").splitlines()) == 3
    assert len({json.loads(x)["model"] for x in (tmp_path / "long").read_text("utf-8").splitlines()}) == 2
    assert "Ray could not go on (Actor" in ran.stdout
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("resources", "gpus", "room"),
    [({"CPU": 64.0}, 0, 63), ({"CPU": 64.0, "GPU": 2.0}, 0.25, 8), ({"CPU": 4.0, "GPU": 2.0}, 0.25, 3)],
)
def test_as_many_readers_as_a_cluster_has_room_for(resources, gpus, room):
    assert cluster.room_for(resources, gpus) == room


@pytest.mark.parametrize(("resources", "gpus"), [({"CPU": 1.0}, 0), ({"CPU": 64.0}, 0.25), ({}, 0)])
def test_a_cluster_without_room_is_refused(resources, gpus):
    with pytest.raises(ScanError, match=r"no room for a reader.*\.$"):
        cluster.room_for(resources, gpus)


@pytest.mark.parametrize(("told", "workers"), [(None, 3), (2, 2), (3, 3)])
def test_readers_are_as_many_as_told_and_leave_room_for_reading_files(told, workers):
    assert cluster.workers_in({"CPU": 4.0}, 0, told) == workers


def test_a_cluster_that_has_no_room_for_the_workers_told_is_let_go(monkeypatch):
    calls = []
    ray = SimpleNamespace(
        init=lambda *_, **__: calls.append("init"),
        cluster_resources=lambda: {"CPU": 4.0},
        shutdown=lambda: calls.append("shutdown"),
    )
    monkeypatch.setattr(cluster, "_ray", lambda: ray)
    with pytest.raises(ScanError, match=r"room for 3 readers, not for 4; --workers must be at most 3\.$"):
        cluster.Cluster(StageSettings(Path("models")), 4, "auto")
    assert calls == ["init", "shutdown"]


def test_what_the_stage_says_is_told_and_not_what_ray_makes_of_it():
    class Wrapped(Exception):
        cause = ScanError("The machine could not go on reading.\nRay advises.")

    assert str(cluster._told(Wrapped("a traceback"))) == "The machine could not go on reading."
