"""A port that is taken, and two daemons on one folder."""

from __future__ import annotations

import socket

from .daemon import Daemon, one_sentence, tell
from .pages import page
from .plan import Outcome, Plan, outcome


def taken_port(plan: Plan) -> Outcome:
    """Start where another program listens, and where another Telltale does."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        stranger = _run(plan, other.getsockname()[1])
    with Daemon(plan.folder / "first", plan.models) as daemon:
        daemon.pair().ready()
        telltale = _run(plan, daemon.port)
        unharmed = daemon.send(page(1))[0] == 200
    return outcome(
        f"“{stranger.removeprefix('telltale: ').strip()}” “{telltale.removeprefix('telltale: ').strip()}”",
        another_program_named="taken by another program" in stranger and one_sentence(stranger),
        another_telltale_named="Telltale runs already" in telltale and one_sentence(telltale),
        the_first_goes_on=unharmed,
    )


def _run(plan: Plan, port: int) -> str:
    return tell("run", "--port", str(port), "--data", str(plan.folder / "second")).stderr


def shared_folder(plan: Plan) -> Outcome:
    """Start a second daemon on the folder of one that runs, and one on that of one that was killed."""
    data = plan.folder / "data"
    with Daemon(data, plan.models) as daemon:
        daemon.pair().ready()
        second = tell("run", "--port", "0", "--data", str(data))
        unharmed = daemon.send(page(1))[0] == 200
        token = daemon.token
    with Daemon(data, plan.models) as daemon:
        daemon.token = token
        after_the_kill = daemon.ready().send(page(2))[0] == 200
    return outcome(
        f"the second ends with “{second.stderr.removeprefix('telltale: ').strip()}”; a killed one leaves no lock",
        the_second_says_one_sentence=second.returncode == 1 and one_sentence(second.stderr),
        the_first_goes_on=unharmed,
        a_killed_one_leaves_no_lock=after_the_kill,
    )
