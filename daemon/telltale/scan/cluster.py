"""The engine of many machines: the same stage on Ray Data. Ray reads the parts and the pages; rows come back here in order.

Each part is read by one task, and its batches go to all readers; all machines must see the files and the model folder under
the same paths.
"""

from __future__ import annotations

import logging
import pickle
import warnings
from collections.abc import Iterator
from typing import Any

from . import inputs
from .raw import Done, Part, Position, ScanError
from .stage import Stage, StageSettings

GPU_SHARE = 0.25  # of a GPU for each reader that is to use one: what extracts the text between two readings are cores
# What a task that reads files takes. Another than the readers', for Ray makes one stage of two that take the same, and then
# each file has one reader.
FILE_CPUS = 0.5
MOST_TRIES = 2  # again for a batch whose reader died; Ray alone would try for ever


class Cluster:
    """Ray at an address: `local` starts one here, `auto` finds the one that runs here, else `ray://HOST:PORT`."""

    def __init__(self, told: StageSettings, workers: int | None, address: str) -> None:
        """Connect; `workers` are as many as the cluster has room for unless told. Raises ScanError."""
        self._told, self._ray = told, _ray()
        options: dict[str, Any] = {"num_cpus": workers + 1} if workers and address == "local" else {}
        try:
            self._ray.init(address, log_to_driver=False, include_dashboard=None, logging_level="ERROR", **options)
        except (ConnectionError, ValueError, RuntimeError) as error:
            raise ScanError(f"No Ray cluster answers at '{address}' ({error}).") from None
        self._gpus = GPU_SHARE if told.device.startswith("cuda") else 0
        try:
            self._workers = workers_in(self._ray.cluster_resources(), self._gpus, workers)
        except ScanError:
            self._ray.shutdown()
            raise

    def run(self, parts: list[Part], first: int, after: Position | None) -> Iterator[Done]:
        """See run.Engine. What Ray says is told in a sentence, and what the stage says as it is."""
        errors = (self._ray.exceptions.RayError, self._ray.data.exceptions.SystemException)
        try:
            for row in self._found(parts, first, after).iter_rows():
                done: Done = pickle.loads(row["done"])
                yield done
        except errors as error:
            raise _told(error) from None

    def _found(self, parts: list[Part], first: int, after: Position | None) -> Any:
        warnings.filterwarnings("ignore", "`ray_remote_args`")  # Ray 2.60 has no other way to tell max_task_retries
        data = self._ray.data
        context = data.DataContext.get_current()
        context.execution_options.preserve_order = True
        context.enable_progress_bars = False
        context.raise_original_map_exception = True  # else the sentence of the stage is lost on its way here
        context.target_max_block_size = 1  # a batch a block: what lies in one block has one reader
        places = [{"part": n, "after": pickle.dumps(after if n == first else None)} for n in range(first, len(parts))]
        return (
            data.from_items(places, override_num_blocks=len(places) or 1)
            .map_batches(_read, batch_size=1, fn_kwargs={"parts": pickle.dumps(parts)}, num_cpus=FILE_CPUS)
            .map(
                _Reads,
                fn_constructor_args=(pickle.dumps(self._told),),
                compute=data.ActorPoolStrategy(size=self._workers),
                num_cpus=1,
                num_gpus=self._gpus,
                max_task_retries=MOST_TRIES,
            )
        )

    def close(self) -> None:
        """Let the cluster go; one that was started here ends."""
        self._ray.shutdown()


def workers_in(resources: dict[str, float], gpus: float, told: int | None) -> int:
    """How many readers a cluster gets: as many as it has room for unless `told`. Raises ScanError where those do not fit: they
    would take the place of what reads the files, and all would wait for ever."""
    room = room_for(resources, gpus)
    if told and told > room:
        raise ScanError(
            f"The Ray cluster has room for {room} readers, not for {told}; --workers must be at most {room}."
        )
    return told or room


def room_for(resources: dict[str, float], gpus: float) -> int:
    """How many readers a cluster has room for, with a core left for what reads the files. Raises ScanError if none."""
    room = int(resources.get("CPU", 0)) - 1
    if gpus:
        room = min(room, int(resources.get("GPU", 0) / gpus))
    if room < 1:
        raise ScanError("The Ray cluster has no room for a reader: it takes two CPUs, and with --device cuda a GPU.")
    return room


def _told(error: Exception) -> ScanError:
    causes: list[BaseException] = [error]
    while (cause := getattr(causes[-1], "cause", None) or causes[-1].__cause__) and cause not in causes:
        causes.append(cause)
    # Ray's own are of the cause's type too, and say its traceback: the innermost is what was raised.
    if isinstance(causes[-1], ScanError):
        return ScanError(str(causes[-1]).partition("\n")[0])  # Ray adds advice of its own below
    line = str(error).strip().partition("\n")[0]
    return ScanError(
        f"Ray could not go on ({type(error).__name__}: {line}); the same command goes on, and without --ray it names a record "
        "that ends the process which reads it."
    )


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
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)  # its tracebacks are of what is told here in a sentence
    return ray
