"""Read a rulebook and run its hand-worked checks: ``python -m tulou.indicators.try_checks rulebooks/china [ID …]``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tulou.indicators.evaluate.checks import Outcome, run_checks
from tulou.indicators.rulebook.read import read_partly
from tulou.kernel.errors import TulouError
from tulou.measures.catalogue import all_measures

USAGE = "python -m tulou.indicators.try_checks RULEBOOK [INDICATOR …]"


def main(arguments: Sequence[str]) -> int:
    """Print each check and how it came out; 0 when all agree, 1 when one does not, 3 when the rulebook is faulty."""
    if not arguments:
        sys.stderr.write(f"{USAGE}\n")
        return 4
    try:
        rulebook, faults = read_partly(arguments[0], all_measures())
        outcomes = run_checks(rulebook, [name for name in arguments[1:] if name in rulebook.indicators] or None)
    except TulouError as error:
        sys.stdout.write(f"{error}\n")
        return 3
    for outcome in outcomes:
        sys.stdout.write(told(outcome))
    asked = [fault for fault in faults.found if not arguments[1:] or any(name in fault.where for name in arguments[1:])]
    for fault in asked:
        sys.stdout.write(f"FAULT {fault}\n")
    wrong = sum(not outcome.ok for outcome in outcomes)
    sys.stdout.write(
        f"{len(outcomes)} checks of {len(rulebook.indicators)} indicators, {wrong} wrong; {len(faults.found)} faults\n"
    )
    return 3 if faults.found else 1 if wrong else 0


def told(outcome: Outcome) -> str:
    """One outcome in words; what was expected and what came out only where they differ."""
    lines = [f"{'ok   ' if outcome.ok else 'WRONG'} {outcome.indicator}: {outcome.name} ({outcome.where})"]
    if not outcome.ok:
        lines.append(f"      expected: {dict(outcome.expected)}")
        lines.append(
            f"      got:      {dict(outcome.got)}" if not outcome.error else f"      error:    {outcome.error}"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
