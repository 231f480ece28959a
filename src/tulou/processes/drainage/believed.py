"""Whether a run of SWMM is believed: no more water lost or made than the rules allow."""

from __future__ import annotations

from tulou.kernel.errors import NotEnoughData
from tulou.processes.drainage.engine import Simulated
from tulou.processes.drainage.rules import rule


def believe(run: Simulated, name: str) -> None:
    """Refuse a run whose water is lost or made.

    Args:
        run: The run.
        name: How messages call it.

    Raises:
        NotEnoughData: When one of its balances is further from closing than ``rules.yaml`` allows.
    """
    most = rule("doubtful_balance")
    for error in (run.routing_error, run.runoff_error):
        if not abs(error) <= most / 100:
            raise NotEnoughData(
                "the water balance of this run does not close; its results are not assessed",
                where=name,
                found=f"{100 * error:.1f} %",
                allowed=(f"at most {most:g} %, e.g. by a shorter ROUTING_STEP",),
            )
