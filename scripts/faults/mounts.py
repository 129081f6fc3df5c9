"""A file system of an experiment's own: a small tmpfs that only the experiment's process sees."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from .daemon import environment
from .plan import Outcome, Plan, Skipped

_WAYS = (["unshare", "-rm"], ["unshare", "-m"])  # as any user where that is allowed, or as root
_MOUNTED = 'mount -t tmpfs -o size="$1",mode=700 none "$2" && shift 2 && exec "$@"'


def on_tmpfs(plan: Plan, module: str, name: str, size: str) -> Outcome:
    """What `inside` prints when it is run with the plan's folder on a tmpfs of a size. Raises Skipped."""
    program = [
        sys.executable,
        "-m",
        f"faults.{module}",
        name,
        str(plan.folder),
        str(plan.short),
        str(plan.models or ""),
    ]
    mounted = ["sh", "-ec", _MOUNTED, "sh", size, str(plan.folder)]
    told = subprocess.run([*_way(), *mounted, *program], env=environment(), capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    found = json.loads(told.stdout.splitlines()[-1])
    return Outcome(found["says"], tuple(found["wrong"]))


def inside(experiments: dict[str, Callable[[Plan], Outcome]]) -> None:
    """Run the experiment that the command line names, which is that of `on_tmpfs`, and print its outcome."""
    name, folder, short, models = sys.argv[1:]
    plan = Plan(Path(folder), short == "True", Path(models) if models else None)
    print(json.dumps(asdict(experiments[name](plan))))


def remount(folder: Path, options: str) -> None:
    """Change a mounted file system, as in `ro` and `size=4m`; only inside."""
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)


def _way() -> list[str]:
    for way in _WAYS:
        try:
            if subprocess.run([*way, "sh", "-c", "mount -t tmpfs none /mnt"], capture_output=True).returncode == 0:
                return way
        except OSError:
            break
    raise Skipped("nothing can be mounted here: needs Linux with unshare, and user namespaces or root")
