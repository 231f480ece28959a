"""A decision of owners from end to end: read, counted, told on the screen, as JSON, and as a certificate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from tulou.app.wiring import RULEBOOKS
from tulou.kernel.words import Language
from tulou.operations.communities.adapters.laws import read_decisions
from tulou.operations.communities.adapters.motions import Motion, read_motion
from tulou.operations.communities.domain.majorities import Counting, Law, Silence
from tulou.operations.communities.domain.voting import Condition, Count, conditions_of, count_ballots

FORMAT = 1


@dataclass(frozen=True)
class Decided:
    """A motion with its count.

    Args:
        motion: The motion.
        law: The law that holds on the last day of voting.
        counting: The rules of counting of that day.
        silence: What silence meant.
        count: The ballots, counted.
        tests: The conditions.
    """

    motion: Motion
    law: Law
    counting: Counting
    silence: Silence
    count: Count
    tests: tuple[Condition, ...]

    @property
    def is_adopted(self) -> bool:
        """Whether every condition of the count is met."""
        return all(test.is_met for test in self.tests)

    @property
    def has_notice(self) -> bool | None:
        """Whether the notice came early enough; None when its day is not known."""
        return self.motion.timing.has_notice(self.counting.notice_days)


def decide(path: Path, names: Sequence[str] = RULEBOOKS) -> Decided:
    """What did the owners decide?

    Args:
        path: Page of the motion.
        names: Rulebooks.

    Raises:
        BadInput: When a file cannot be read as it is.
        BadUse: For a matter that the law of the day does not name.
    """
    motion = read_motion(path)
    law, counting = read_decisions(list(names)).on(motion.timing.ends)
    law.matter(motion.matter)
    silence = cast("Silence", motion.silence or counting.silence[0])
    count = count_ballots(motion.units, motion.ballots, counting, silence, motion.timing)
    return Decided(motion, law, counting, silence, count, conditions_of(count, law, motion.matter))


def write_certificate(
    found: Decided, folder: Path, formats: Sequence[str], languages: Sequence[Language]
) -> list[Path]:
    """Write the certificate of a decision.

    Args:
        found: The decision.
        folder: Where to.
        formats: ``html``, ``docx``, ``xlsx``, ``pdf``.
        languages: Languages to write in.

    Raises:
        MissingExtra: When a format needs a library that is not installed.
    """
    from tulou.publish.communities.certificate import Decision, certificate_of
    from tulou.publish.paper.write import write_papers

    motion = found.motion
    objections = tuple((one.day, one.source, one.text, one.answer) for one in motion.objections)
    decision = Decision(
        motion.title, motion.community, motion.buildings, motion.matter, found.law, found.counting, found.silence,
        motion.silence_basis, motion.timing, found.count, found.tests, objections, motion.digests,
    )  # fmt: skip
    papers = {spoken: certificate_of(decision, spoken) for spoken in languages}
    return write_papers(papers, "certificate", folder, formats)


def document_of(found: Decided) -> dict[str, Any]:
    """All of a decision for programs; exact numbers as text, no name of an owner."""
    motion, count = found.motion, found.count
    return {
        "format": FORMAT,
        "what": "owners_decision",
        "community": motion.community,
        "title": {"zh": motion.title.zh, "en": motion.title.en},
        "matter": motion.matter,
        "law": found.law.version,
        "adopted": found.is_adopted,
        "notice_in_time": found.has_notice,
        "begins": str(motion.timing.begins),
        "ends": str(motion.timing.ends),
        "silence": found.silence,
        "total": {"area": str(count.total.area), "heads": count.total.heads},
        "sides": {side: {"area": str(one.area), "heads": one.heads} for side, one in count.sides.items()},
        "silent": {"area": str(count.silent.area), "heads": count.silent.heads},
        "units": dict(count.units),
        "late": list(count.late),
        "tests": [
            {"name": one.name, "by": one.by, "share": one.share.say(), "have": str(one.have), "of": str(one.whole),
             "needed": str(one.needed), "lacking": str(one.lacking), "met": one.is_met}
            for one in found.tests
        ],
        "objections": len(motion.objections),
        "digests": dict(motion.digests),
    }  # fmt: skip
