"""Matters to be reported upward: which, to whom, since when, by which sentence of the policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tulou.operations.tracker.domain.commitment import Agenda, Commitment
from tulou.operations.tracker.domain.standing import Standing

Stage = Literal["candidate", "duty", "waiting", "answered"]
"""A commitment that stands badly and might be a matter of weight; a duty of the policy under which nothing went yet; a
matter that went and waits; one that was answered."""


@dataclass(frozen=True)
class Upgoing:
    """One line of the list of matters.

    Args:
        stage: Where it is.
        under: The commitment by which it goes upward.
        about: The commitment that it is about; empty when it is about none.
        title: What it is about, as whoever sent it said; empty for a duty or candidate.
        way: ``report`` or ``apply``.
        to: Bodies it goes to; empty where the policy names none.
        by: Body that sent it; empty when nobody has.
        since: Day since when it waits: sent, past due, or refused; None for a duty without a day.
        number: Number of its entry; 0 when it has none.
        answer: What came back.
        answered: When.
    """

    stage: Stage
    under: Commitment
    about: str = ""
    title: str = ""
    way: str = ""
    to: tuple[str, ...] = ()
    by: str = ""
    since: date | None = None
    number: int = 0
    answer: str = ""
    answered: date | None = None


def upgoing(agenda: Agenda, standings: Mapping[str, Standing]) -> tuple[Upgoing, ...]:
    """All matters: what waits first, the longest first; then candidates and duties; then what was answered.

    The policy does not say which matters are of weight. A commitment past its day, or refused by its second party, is
    offered as a candidate under the duty to report; a person decides.
    """
    sent = list(_sent(agenda, standings))
    waiting = sorted(
        (one for one in sent if one.stage == "waiting"), key=lambda one: (one.since or date.max, one.number)
    )
    answered = sorted((one for one in sent if one.stage == "answered"), key=lambda one: one.number)
    told = {one.about for one in sent}
    candidates = [one for one in _candidates(agenda, standings) if one.about not in told]
    return (*waiting, *candidates, *_duties(agenda, standings), *answered)


def _sent(agenda: Agenda, standings: Mapping[str, Standing]) -> Iterator[Upgoing]:
    for name, standing in standings.items():
        for one in standing.matters:
            yield Upgoing(
                "answered" if one.answer else "waiting",
                agenda.commitments[name],
                one.about,
                one.title,
                one.way,
                one.to,
                one.by,
                one.sent,
                one.number,
                one.answer,
                one.answered,
            )


def _candidates(agenda: Agenda, standings: Mapping[str, Standing]) -> Iterator[Upgoing]:
    under = next((one for one in agenda.commitments.values() if one.upward and one.upward.way == "report"), None)
    if under is None or under.upward is None:
        return
    for name, standing in standings.items():
        since = _bad_since(standing)
        if since is not None:
            yield Upgoing("candidate", under, name, "", under.upward.way, under.upward.to, "", since)


def _bad_since(standing: Standing) -> date | None:
    """Since when a commitment stands badly; None when it does not."""
    days = []
    if standing.is_overdue and standing.commitment.due is not None:
        days.append(standing.commitment.due)
    if "refused" in standing.lacks and standing.verification is not None:
        days.append(standing.verification.happened)
    return min(days, default=None)


def _duties(agenda: Agenda, standings: Mapping[str, Standing]) -> Iterator[Upgoing]:
    for name, one in agenda.commitments.items():
        if one.upward is not None and not standings[name].matters:
            yield Upgoing("duty", one, "", "", one.upward.way, one.upward.to)
