"""The engine of many machines: the same stage on Ray Data. Ray reads the parts and the pages; rows come back here in order.

Each part is read by one task, so a corpus of many files spreads well; all machines must see the files and the model folder
under the same paths.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

from . import inputs
from .raw import Done, Part, Position, ScanError
from .stage import Stage, StageSettings

GPU_SHARE = 0.25  # of a GPU for each reader that is to use one: what extracts the text between two readings are cores


class Cluster:
    """Ray at an address: `local` starts one here, `auto` finds the one that runs here, else `ray://HOST:PORT`."""

    def __init__(self, told: StageSettings, workers: int, address: str) -> None:
        self._told, self._workers = told, workers
        self._ray = _ray()
        options: dict[str, Any] = {"num_cpus": workers + 1} if address == "local" else {}
        try:
            self._ray.init(address, log_to_driver=False, include_dashboard=None, logging_level="ERROR", **options)
        except (ConnectionError, ValueError, RuntimeError) as error:
            raise ScanError(f"No Ray cluster answers at '{address}' ({error}).") from None

    def run(self, parts: list[Part], first: int, after: Position | None) -> Iterator[Done]:
        """See run.Engine."""
        data = self._ray.data
        context = data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        places = [{"part": n, "after": pickle.dumps(after if n == first else None)} for n in range(first, len(parts))]
        found = (
            data.from_items(places, override_num_blocks=len(places) or 1)
            .map_batches(_read, batch_size=1, fn_kwargs={"parts": pickle.dumps(parts)})
            .map(
                _Reads,
                fn_constructor_args=(pickle.dumps(self._told),),
                compute=data.ActorPoolStrategy(size=self._workers),
                num_cpus=1,
                num_gpus=GPU_SHARE if self._told.device.startswith("cuda") else 0,
            )
        )
        for row in found.iter_rows():
            done: Done = pickle.loads(row["done"])
            yield done

    def close(self) -> None:
        """Let the cluster go; one that was started here ends."""
        self._ray.shutdown()


def _read(places: dict[str, Any], parts: bytes) -> Iterator[dict[str, list[bytes]]]:
    """The batches of one part, each as one opaque value: Ray need not know what a record is."""
    number, known = int(places["part"][0]), pickle.loads(parts)
    for batch in inputs.batches(known[number], number, pickle.loads(places["after"][0])):
        yield {"batch": [pickle.dumps(batch)]}


class _Reads:
    """The stage as an actor: one for each worker, its model loaded once."""

    def __init__(self, told: bytes) -> None:
        from dataclasses import replace

        # The file of known texts lies on one machine; each actor knows the texts that it has read itself.
        self._stage = Stage(replace(pickle.loads(told), known=None))

    def __call__(self, row: dict[str, Any]) -> dict[str, bytes]:
        return {"done": pickle.dumps(self._stage(pickle.loads(row["batch"])))}


def _ray() -> Any:
    try:
        import ray
        import ray.data
    except ImportError:
        raise ScanError("--ray needs Ray; install telltale-daemon with its extra 'ray' (docs/install.md).") from None
    return ray
