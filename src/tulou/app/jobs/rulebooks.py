"""What a draft of a rulebook turns in a city: worked out as a job, with it and without it, for a kept check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tulou.app import checking
from tulou.app.jobs.record import Job
from tulou.app.own_rulebooks import Shelf
from tulou.app.whatif_laws import NEAR
from tulou.indicators.evaluate.checks import Outcome, run_checks
from tulou.indicators.rulebook.revised import DEFINITION, revised, worked_otherwise
from tulou.kernel.errors import BadUse
from tulou.kernel.progress import Progress
from tulou.plan.whatif.comparing import compare_rules
from tulou.publish.whatif.machine import law_document
from tulou.publish.whatif.telling import summary

NAME = "effect"
MOST_LINES = 500
"""Lines of each list that are told; counts tell of all."""
LISTS = ("flips", "crossings", "moves", "findings")


def effect(job: Job, progress: Progress) -> None:
    """Work out which units and findings a draft turns."""
    given = job.asked.given
    kept = checking.kept(job.city, str(given.get("check") or ""))
    shelf, name, over = Shelf(Path(str(given["home"]))), str(given.get("name") or ""), tuple(given["over"])
    before = shelf.below(name, over)
    after, written, faults = revised(shelf.base(name, over), str(given["definition"]), str(given["parameters"]))
    faults.raise_any()
    asked = worked_otherwise(before, after)
    if not asked:
        raise BadUse("nothing is worked out or judged otherwise", where=DEFINITION)
    day = kept.check.day
    compared = compare_rules(kept.state, (before, day), (after, day), near=NEAR, indicators=asked, progress=progress)
    document: dict[str, Any] = law_document(compared) | {"what": "draft", "indicators": list(asked)}
    is_same = before.digest == kept.rulebook.digest
    document["check"] = {"id": kept.check.id, "day": day.isoformat(), "same_rules": is_same}
    says = summary(compared.outcome)
    document["says"] = {"zh": says.zh, "en": says.en}
    document["checks"] = [_outcome(one) for one in run_checks(after, [written.id] if written else [])]
    document |= {name: document[name][:MOST_LINES] for name in LISTS}
    document["near_the_mark"]["answers"] = document["near_the_mark"]["answers"][:MOST_LINES]
    job.out.mkdir(exist_ok=True)
    text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    (job.out / f"{NAME}.json").write_text(text, "utf-8")


def _outcome(one: Outcome) -> dict[str, Any]:
    """How a check worked by hand came out under the draft."""
    return {
        "name": one.name,
        "line": int(one.where.rpartition(":")[2] or 0),
        "ok": one.ok,
        "expected": {key: str(value) for key, value in one.expected.items()},
        "got": {key: str(value) for key, value in one.got.items()},
        "error": one.error,
    }
