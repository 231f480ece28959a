"""Read a rulebook and run its hand-worked checks: ``python -m tulou.indicators.try_checks rulebooks/china [ID …]``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from tulou.indicators.evaluate.checks import Outcome, run_checks
from tulou.indicators.rulebook.read import read_partly
from tulou.kernel.errors import Fault, TulouError
from tulou.measures.catalogue import all_measures

BAD_INPUT, BAD_USE = 3, 4
"""Exit codes, as the command line has them."""

USAGE = "python -m tulou.indicators.try_checks RULEBOOK [INDICATOR …]"


def main(arguments: Sequence[str]) -> int:
    """Print each check and how it came out; 0 when all agree, 1 when one does not, 3 when the rulebook is faulty."""
    if not arguments:
        sys.stderr.write(f"{USAGE}\n")
        return BAD_USE
    try:
        rulebook, faults = read_partly(arguments[0], all_measures())
        outcomes = run_checks(rulebook, [name for name in arguments[1:] if name in rulebook.indicators] or None)
    except TulouError as error:
        sys.stdout.write(f"{error}\n")
        return BAD_INPUT
    sys.stdout.writelines(map(told, outcomes))
    sys.stdout.writelines(f"FAULT {fault}\n" for fault in _asked(faults.found, arguments[1:]))
    wrong = sum(not outcome.ok for outcome in outcomes)
    sys.stdout.write(
        f"{len(outcomes)} checks of {len(rulebook.indicators)} indicators, {wrong} wrong; {len(faults.found)} faults\n"
    )
    return BAD_INPUT if faults.found else int(bool(wrong))


def _asked(faults: Iterable[Fault], names: Sequence[str]) -> list[Fault]:
    """The faults of the indicators asked about; all when none is named."""
    return [fault for fault in faults if not names or any(name in fault.where for name in names)]


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
