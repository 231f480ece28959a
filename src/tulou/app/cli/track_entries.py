"""Commands that add an entry to the tracker: report, evidence, confirm, withdraw, send, answer, set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tulou.app.cli.options import city_argument, parse_option_day, rulebook_option
from tulou.app.screen import language, say
from tulou.app.wiring import RULEBOOKS
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words

if TYPE_CHECKING:
    from tulou.app.tracking import Tracker
    from tulou.operations.tracker.domain.commitment import Commitment
    from tulou.operations.tracker.domain.events import Event
    from tulou.operations.tracker.handlers.requests import Request

F = TypeVar("F", bound=Callable[..., Any])
MOST_MOVES = 20
"""Moves of a page that are listed on the screen."""

commitment_argument = click.argument("commitment")
by_option = click.option("--by", required=True, help="Id of the body that does it.")
date_option = click.option("--date", "on", help="Day on which it happened; today by default.")
who_option = click.option("--who", default="", help="Office or person that signs for the body.")
text_option = click.option("--text", default="", help="What is said.")


def entry_options(function: F) -> F:
    """The options that every entry has."""
    for option in (rulebook_option, who_option, text_option, date_option, by_option):
        function = option(function)
    return function


def opened(city: Path, rulebooks: tuple[str, ...]) -> Tracker:
    """The tracker of a city."""
    from tulou.app.tracking import open_tracker  # loads the rulebooks

    return open_tracker(city, rulebooks or RULEBOOKS)


def add_to(group: click.Group) -> None:
    """Put these commands into the group of the tracker."""
    for command in (report, evidence, confirm, withdraw, send, answer):
        group.add_command(command)


@click.command()
@city_argument
@commitment_argument
@click.option("--state", default="", help="Of not_started, on_track, delayed, done; on_track by default.")
@click.option("--milestone", default="", help="Id of the milestone that was reached.")
@entry_options
def report(city: Path, commitment: str, *, state: str, milestone: str, **words: Any) -> None:  # noqa: ANN401
    """Report how far COMMITMENT of CITY is, or that a milestone was reached."""
    from tulou.operations.tracker.handlers.judging import assess, reach_milestone

    if state and milestone:
        raise BadUse("a report is of a milestone or of a state; make two", where="--milestone", found=milestone)
    tracker = opened(city, words["rulebooks"])
    request = _request(tracker, commitment, words)
    agenda, journal, clock = tracker.agenda, tracker.journal, tracker.clock
    if milestone:
        _told(reach_milestone(agenda, journal, request, milestone, words["text"], clock=clock))
        return
    _told(assess(agenda, journal, request, state or "on_track", words["text"], latest=tracker.latest, clock=clock))


@click.command()
@city_argument
@commitment_argument
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", default="", help="Kind of evidence; the one still lacking by default.")
@click.option("--source", default="", help="Where it comes from.")
@entry_options
def evidence(city: Path, commitment: str, file: Path, *, kind: str, source: str, **words: Any) -> None:  # noqa: ANN401
    """Give FILE as evidence for COMMITMENT of CITY; a copy is kept beside the city."""
    from tulou.operations.tracker.adapters.files import keep, proof_of
    from tulou.operations.tracker.handlers.evidence import add_evidence

    tracker = opened(city, words["rulebooks"])
    request = _request(tracker, commitment, words)
    if words["text"]:
        raise BadUse("evidence speaks for itself; say where it comes from", where="--text", allowed=("--source",))
    one = tracker.agenda.commitment(commitment)
    proof = proof_of(file, kind or _lacking_kind(tracker, one), source)
    event = add_evidence(
        tracker.agenda, tracker.journal, request, proof, clock=tracker.clock,
        keep=lambda: keep(file, proof, tracker.files),
    )  # fmt: skip
    _told(event)


@click.command()
@city_argument
@commitment_argument
@click.option("--refuse", is_flag=True, help="Refuse instead of confirming.")
@entry_options
def confirm(city: Path, commitment: str, *, refuse: bool, **words: Any) -> None:  # noqa: ANN401
    """Confirm, as a second party, that COMMITMENT of CITY is done; or refuse."""
    from tulou.operations.tracker.handlers.judging import verify

    tracker = opened(city, words["rulebooks"])
    request = _request(tracker, commitment, words)
    _told(verify(tracker.agenda, tracker.journal, request, words["text"], confirms=not refuse, clock=tracker.clock))


@click.command()
@city_argument
@commitment_argument
@click.argument("number", type=int)
@entry_options
def withdraw(city: Path, commitment: str, number: int, **words: Any) -> None:  # noqa: ANN401
    """Take entry NUMBER of COMMITMENT of CITY back; it stays on record and no longer counts."""
    from tulou.operations.tracker.handlers.evidence import withdraw as take_back

    tracker = opened(city, words["rulebooks"])
    request = _request(tracker, commitment, words)
    _told(take_back(tracker.agenda, tracker.journal, request, number, words["text"], clock=tracker.clock))


@click.command()
@city_argument
@click.option("--to", multiple=True, help="Body it goes to; those the policy names by default. Repeatable.")
@click.option("--about", default="", help="Commitment that it is about.")
@click.option("--under", default="", help="Commitment by which it goes; the duty to report by default.")
@entry_options
def send(city: Path, *, to: tuple[str, ...], about: str, under: str, **words: Any) -> None:  # noqa: ANN401
    """Record that a matter of CITY went upward."""
    from tulou.operations.tracker.handlers.upward import Letter, send_matter

    tracker = opened(city, words["rulebooks"])
    request = _request(tracker, under or _duty(tracker), words)
    letter = Letter(words["text"], to, about)
    _told(send_matter(tracker.agenda, tracker.journal, request, letter, clock=tracker.clock))


@click.command()
@city_argument
@click.argument("number", type=int)
@entry_options
def answer(city: Path, number: int, **words: Any) -> None:  # noqa: ANN401
    """Record the answer to matter NUMBER of CITY."""
    from tulou.operations.tracker.handlers.upward import answer_matter

    tracker = opened(city, words["rulebooks"])
    sent = {event.number: event.commitment for event in tracker.journal.events() if event.kind == "matter"}
    if number not in sent:
        allowed = [str(known) for known in sent] or ("none is waiting",)
        raise BadUse(
            "there is no such matter waiting for an answer", where="NUMBER", found=str(number), allowed=allowed
        )
    request = _request(tracker, sent[number], words)
    _told(answer_matter(tracker.agenda, tracker.journal, request, number, words["text"], clock=tracker.clock))


def take_page(city: Path, file: Path, *, by: str, on: str | None, who: str, rulebooks: tuple[str, ...]) -> None:
    """Take a page of settings into the record, and tell what it moved."""
    from tulou.operations.tracker.domain.moves import moves
    from tulou.operations.tracker.domain.telling import move_words
    from tulou.operations.tracker.handlers.setting import set_page

    tracker = opened(city, rulebooks)
    text = _page_text(file)
    before, after = tracker.agenda_before(), tracker.agenda_of(text, file.name)
    tracker.check_baselines(after, file.name)
    event = set_page(
        before, after, tracker.journal, text, by=by, happened=_day(tracker, on), who=who, clock=tracker.clock
    )
    _told(event)
    found = moves(before, after)
    for move in found[:MOST_MOVES]:
        say(f"  {move.commitment}  {move_words(move).say(language())}")
    if len(found) > MOST_MOVES:
        say(Words(f"  共 {len(found)} 处", f"  {len(found)} in all"))


def _page_text(file: Path) -> str:
    from tulou.kernel.documents import read_document

    if not file.is_file():
        raise BadInput("nothing stands here", where=str(file), found=file.name, allowed=("tulou track page",))
    read_document(file, file.name)  # Refuses what is too large, not UTF-8, or not YAML.
    return file.read_text("utf-8")


def _request(tracker: Tracker, commitment: str, words: dict[str, Any]) -> Request:
    from tulou.operations.tracker.handlers.requests import Request

    return Request(commitment, words["by"], _day(tracker, words["on"]), words["who"])


def _day(tracker: Tracker, on: str | None) -> date:
    return parse_option_day(on, "--date") or tracker.clock().astimezone().date()


def _lacking_kind(tracker: Tracker, one: Commitment) -> str:
    """The one kind of evidence that still lacks; asks when there are several."""
    lacking = tracker.seen(date.max).standings[one.id].lacking or one.needs
    if len(lacking) != 1:
        raise BadUse("evidence of several kinds is asked for; say which this is", where="--kind", allowed=lacking)
    return lacking[0]


def _duty(tracker: Tracker) -> str:
    agenda = tracker.agenda
    found = [one.id for one in agenda.commitments.values() if one.upward and one.upward.way == "report"]
    if not found:
        raise BadUse("no policy asks to report upward; say under which commitment it goes", where="--under")
    return found[0]


def _told(event: Event) -> None:
    """Say that an entry stands, with what to note of it."""
    from tulou.operations.tracker.domain.events import SHOWN

    mark = event.digest[:SHOWN]
    say(Words(f"已记录第 {event.number} 条，摘要 {mark}", f"Entry {event.number} is on record, digest {mark}"))
