"""``tulou case``: open, move, show, list, prove and migrate cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tulou.app.cli.options import (
    Commands,
    city_argument,
    format_option,
    formats_of,
    language_option,
    languages_of,
    parse_period,
    period_option,
    rulebook_option,
)
from tulou.app.screen import language, say
from tulou.app.wiring import RULEBOOKS
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words

if TYPE_CHECKING:
    from tulou.app.casework import Casework
    from tulou.operations.cases.domain.events import Event
    from tulou.operations.cases.domain.fields import Field
    from tulou.operations.cases.domain.responsibility import Suggestion
    from tulou.operations.cases.handlers.acting import Act

by_option = click.option("--by", required=True, help="Id of the body that does it.")
date_option = click.option(
    "--date", "on", help="When it happened, e.g. 2026-11-27T09:30 on the city's clock; now by default."
)
who_option = click.option("--who", default="", help="Office or person that signs for the body.")
text_option = click.option("--text", default="", help="What is said: what it is about, or the reason.")
field_option = click.option(
    "--field", "pairs", multiple=True, help="NAME=VALUE for a field that the flow or class declares. Repeatable."
)
store_option = click.option(
    "--store", default="", help="Address of the record; TULOU_STORE, or the file beside the city, by default."
)
at_option = click.option("--at", "at", help="Day or moment to look at; now by default.")
json_option = click.option("--json", "is_json", is_flag=True, help="Answer in JSON.")


class CaseCommands(Commands):
    """Commands of cases."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """Names in the order in which they are used."""
        return list(self.commands)


@click.group(cls=CaseCommands)
def case() -> None:
    """Cases: every finding and report gets an owner, a time limit and an end."""


def _opened(city: Path, rulebooks: tuple[str, ...], store: str = "") -> Casework:
    from tulou.app.casework import open_casework  # loads storage and rulebooks

    return open_casework(city, rulebooks or RULEBOOKS, store=store)


def _act(work: Casework, words: dict[str, Any], **facts: object) -> Act:
    from tulou.operations.cases.handlers.acting import Act

    given = {key: value for key, value in facts.items() if value not in {None, ""}}
    return Act(words["by"], work.moment(words["on"], "--date"), words["who"].strip(), given)


def _fields(declared: Mapping[str, Field], pairs: tuple[str, ...]) -> dict[str, Any]:
    from tulou.operations.cases.domain.fields import NOT_DECLARED, value_of

    found = {}
    for pair in pairs:
        name, mark, value = pair.partition("=")
        if not mark:
            raise BadUse("fields are stated as NAME=VALUE", where="--field", found=pair, allowed=tuple(declared))
        if name not in declared:
            raise BadUse(NOT_DECLARED, where="--field", found=name, allowed=tuple(declared) or ("none",))
        found[name] = value_of(declared[name], value)
    return found


def _told(work: Casework, event: Event) -> None:
    from tulou.app.case_lines import event_line
    from tulou.operations.cases.handlers.acting import case_of

    say(event_line(event, *case_of(work.store, event.case)))


@case.command()
@city_argument
@store_option
@rulebook_option
def flows(city: Path, *, store: str, rulebooks: tuple[str, ...]) -> None:
    """List the flows of CITY: versions, states, classes with their limits."""
    from tulou.app.case_lines import flow_lines

    say("\n".join(flow_lines(_opened(city, rulebooks, store).flows, language())))


@case.command("open")
@city_argument
@click.option("--flow", default="", help="Id of the flow; city_management, or hidden_danger for a finding, by default.")
@click.option("--finding", default="", help="Id of a finding of the newest check.")
@click.option("--class", "kind", default="", help="Class of the case, which sets its limits.")
@click.option("--place", default="", help="Where it is: id of a unit, or an address.")
@click.option("--evidence", type=click.Path(path_type=Path), help="File; a copy is kept beside the city.")
@field_option
@text_option
@by_option
@who_option
@date_option
@store_option
@rulebook_option
def open_command(city: Path, *, flow: str, finding: str, kind: str, place: str, **words: Any) -> None:  # noqa: ANN401
    """Open a case in CITY: about a matter that is reported, or a finding of the newest check with its chain."""
    from tulou.operations.cases.handlers.acting import Subject

    work = _opened(city, words["rulebooks"], words["store"])
    act = _act(work, words)
    if finding:
        given = {"--class": kind, "--place": place, "--field": words["pairs"], "--evidence": words["evidence"]}
        for option, value in given.items():
            if value:
                raise BadUse("a finding says this itself", where=option, found=str(value))
        _told(work, work.open_finding(flow or "hidden_danger", finding, act, words["text"].strip()))
        return
    name = flow or "city_management"
    declared = work.flows.on(name, act.happened.date()).fields_of(kind)
    subject = Subject(words["text"], kind, place, fields=_fields(declared, words["pairs"]))
    _told(work, work.open_matter(name, subject, act, words["evidence"]))


@case.command("do")
@city_argument
@click.argument("name", metavar="CASE")
@click.argument("transition")
@click.option("--to", "body", default="", help="Body the case is given to.")
@click.option("--within", default="", help='Time limit, e.g. "15 working_day".')
@click.option("--more", type=float, help="Extension, in the unit of the limit.")
@click.option("--milestone", default="", help="Milestone that was reached.")
@click.option("--evidence", type=click.Path(path_type=Path), help="File; a copy is kept beside the city.")
@field_option
@text_option
@by_option
@who_option
@date_option
@store_option
@rulebook_option
def do(city: Path, name: str, transition: str, **words: Any) -> None:  # noqa: ANN401
    """Make a TRANSITION of CASE in CITY; ``show`` says which may be made now, and by whom."""
    from tulou.app.case_rules import dispatched
    from tulou.app.casework import parse_limit
    from tulou.operations.cases.handlers.acting import case_of

    work = _opened(city, words["rulebooks"], words["store"])
    limit = vars(parse_limit(words["within"])) if words["within"] else None
    if words["more"] is not None and words["more"] <= 0:
        raise BadUse("an extension is above zero", where="--more", found=words["more"], allowed=("2",))
    act = _act(
        work, words, reason=words["text"].strip(), body=words["body"], more=words["more"], milestone=words["milestone"]
    )
    if limit:
        act = replace(act, facts={**act.facts, "limit": limit})
    if words["pairs"]:
        case, held = case_of(work.store, name)
        act = replace(act, fields=_fields(held.fields_of(case.case_class), words["pairs"]))
    act, found = dispatched(work, name, transition, act)
    event = work.do(name, transition, act, words["evidence"])
    _told(work, event)
    if found is not None:
        _say_rule(found, event)


def _say_rule(found: Suggestion, event: Event) -> None:
    """Which rule gave the body, or would have given another."""
    from tulou.app.case_rule_lines import suggestion_line

    say(suggestion_line(found, event))


@case.command()
@city_argument
@at_option
@json_option
@store_option
@rulebook_option
def rules(city: Path, *, at: str | None, is_json: bool, store: str, rulebooks: tuple[str, ...]) -> None:
    """List who answers for what in CITY: rules in force, their conflicts, rules that settled disputes propose."""
    from tulou.app.case_lines import text_of
    from tulou.app.case_rule_lines import plain_rules, rule_lines
    from tulou.app.case_rules import Rules

    work = _opened(city, rulebooks, store)
    found = Rules(work, work.moment(at, "--at"))
    say(text_of(plain_rules(found)) if is_json else "\n".join(rule_lines(found, language())))


@case.command()
@city_argument
@click.argument("proposal")
@click.argument("answer", type=click.Choice(["adopt", "refuse"]))
@text_option
@by_option
@who_option
@date_option
@store_option
@rulebook_option
def decide(city: Path, proposal: str, answer: str, **words: Any) -> None:  # noqa: ANN401
    """Adopt or refuse a PROPOSAL of ``rules`` in CITY; an adopted rule suggests the body from then on."""
    from tulou.app.case_rules import Rules

    work = _opened(city, words["rulebooks"], words["store"])
    act = _act(work, words, reason=words["text"].strip())
    _told(work, Rules(work, act.happened).decide(proposal, answer, act)[-1])


@case.command()
@city_argument
@click.argument("name", metavar="CASE")
@at_option
@json_option
@store_option
@rulebook_option
def show(city: Path, name: str, *, at: str | None, is_json: bool, store: str, rulebooks: tuple[str, ...]) -> None:
    """Show CASE of CITY: where it stands, what is due, what may be done now and by whom, its history."""
    from tulou.app.case_lines import plain, show_lines, text_of

    work = _opened(city, rulebooks, store)
    one, flow, events = work.standing(name, work.moment(at, "--at"))
    say(text_of(plain(one, flow)) if is_json else "\n".join(show_lines(one, flow, events, language())))


@case.command("list")
@city_argument
@click.option("--overdue", is_flag=True, help="Only what is overdue.")
@click.option("--all", "is_all", is_flag=True, help="Also cases that are over.")
@click.option("--flow", default="", help="Only of this flow.")
@click.option("--state", default="", help="Only in this state.")
@click.option("--body", default="", help="Only handled by this body.")
@at_option
@json_option
@store_option
@rulebook_option
def list_command(city: Path, *, overdue: bool, is_all: bool, is_json: bool, **words: Any) -> None:  # noqa: ANN401
    """List the cases of CITY that are open: state, body, what is due, what is overdue."""
    from tulou.app.case_lines import list_lines, plain, text_of

    work = _opened(city, words["rulebooks"], words["store"])
    wanted = {"flow": words["flow"], "state": words["state"], "body": words["body"]}
    found = [
        one
        for one in work.standings(work.moment(words["at"], "--at"))
        if (is_all or one.case.ended is None)
        and (not overdue or one.is_overdue)
        and all(not value or getattr(one.case, key) == value for key, value in wanted.items())
    ]
    kept = {one.case.digest: work.store.flow(one.case.digest) for one in found}
    if is_json:
        say(text_of([plain(one, kept[one.case.digest]) for one in found]))
        return
    say("\n".join(list_lines(found, kept, language())))


@case.command()
@city_argument
@click.option("--noted", default="", help="Digest of an event, as noted or printed earlier.")
@store_option
@rulebook_option
def verify(city: Path, *, noted: str, store: str, rulebooks: tuple[str, ...]) -> None:
    """Prove the record of CITY: no event changed or left out, each allowed when it was made, evidence as given."""
    from tulou.app.case_lines import shown

    events, cases, digest = _opened(city, rulebooks, store).verify(noted)
    say(
        Words(
            f"{cases:,} 件案件、{events:,} 条记录相连无误，逐条重放均合规则；末条摘要 {shown(digest)}",
            f"{cases:,} cases, {events:,} events in one chain, each allowed when replayed; last digest {shown(digest)}",
        )
    )


@case.command("call")
@city_argument
@click.option(
    "--send",
    "way",
    default="",
    help="How messages go: folder:PATH, command:PROGRAM or webhook:https://…; they wait by default.",
)
@click.option("--try", "is_trial", is_flag=True, help="Say what is due and change nothing.")
@json_option
@store_option
@rulebook_option
def call_command(
    city: Path, *, way: str, is_trial: bool, is_json: bool, store: str, rulebooks: tuple[str, ...]
) -> None:
    """Remind and call whoever must act in CITY, once for each time limit; send what waits, and again what failed."""
    from tulou.app.case_call_lines import call_lines, called_lines, plain_called, plain_calls
    from tulou.app.case_calls import call, calls
    from tulou.app.case_lines import text_of
    from tulou.operations.cases.adapters.senders import sender_of

    work = _opened(city, rulebooks, store)
    if is_trial:
        due = calls(work)
        say(text_of(plain_calls(due)) if is_json else "\n".join(call_lines(due, work.store, language())))
        return
    done = call(work, sender_of(way) if way else None)
    say(text_of(plain_called(done)) if is_json else "\n".join(called_lines(done, work.store, language())))


@case.command()
@city_argument
@click.option("--all", "is_all", is_flag=True, help="Also messages that were sent.")
@json_option
@store_option
@rulebook_option
def messages(city: Path, *, is_all: bool, is_json: bool, store: str, rulebooks: tuple[str, ...]) -> None:
    """List messages of CITY about calls: what waits, what failed and when it is tried again, what was given up."""
    from tulou.app.case_call_lines import message_lines, plain_messages
    from tulou.app.case_lines import text_of

    found = [one for one in _opened(city, rulebooks, store).store.messages() if is_all or one.state != "sent"]
    say(text_of(plain_messages(found)) if is_json else "\n".join(message_lines(found, language())))


@case.command()
@city_argument
@period_option
@click.option("--flow", default="", help="Only of this flow.")
@click.option("--public", "is_public", is_flag=True, help="For the public: counts only, and small ones hidden.")
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder to write to; CITY/reports by default.")
@format_option("html")
@language_option
@store_option
@rulebook_option
def report(city: Path, *, is_public: bool, folder: Path | None, **words: Any) -> None:  # noqa: ANN401
    """Write the daily or monthly paper of the cases of CITY: received, ended, in time, overdue; pauses with reasons."""
    from tulou.app.case_reports import FOLDER, local_time_of, material_of, write_report

    work = _opened(city, words["rulebooks"], words["store"])
    period = parse_period(words["period"], work.clock(), local_time_of(work))
    if words["flow"]:
        work.flows.on(words["flow"], work.clock().date())
    found = material_of(work, period, flow=words["flow"], is_public=is_public)
    name = "-".join(part for part in ("cases", words["flow"], period.name, "public" if is_public else "") if part)
    formats, languages = formats_of(words["formats"]), languages_of(words["spoken"])
    for path in write_report(found, name, folder or city / FOLDER, formats, languages):
        say(Words(f"写出：{path}", f"Written: {path}"))


@case.command("migrate")
@city_argument
@click.option("--flow", required=True, help="Id of the flow.")
@click.option("--to", "version", required=True, help="Version that running cases move to.")
@click.option("--map", "pairs", multiple=True, help="OLD=NEW for a state that the version no longer has. Repeatable.")
@text_option
@by_option
@who_option
@date_option
@store_option
@rulebook_option
def migrate_command(city: Path, *, flow: str, version: str, pairs: tuple[str, ...], **words: Any) -> None:  # noqa: ANN401
    """Move all running cases of a flow in CITY to another version of its rules, or none; with proof."""
    from tulou.app.case_lines import shown

    work = _opened(city, words["rulebooks"], words["store"])
    wrong = [pair for pair in pairs if pair.count("=") != 1]
    if wrong:
        raise BadUse("states are mapped as OLD=NEW", where="--map", found=wrong[0], allowed=("checking=fed_back",))
    before = work.store.digest()
    act = _act(work, words, reason=words["text"].strip())
    proof = work.migrate(flow, version, act, dict(pair.split("=") for pair in pairs))
    work.verify(before)
    counted = [", ".join(f"{name} {count}" for name, count in table.items()) for table in (proof.before, proof.after)]
    moved, settled = len(proof.events), proof.settled
    say(
        Words(
            f"已将 {moved:,} 件移至 {version}；{settled:,} 件原样不动",
            f"{moved:,} cases moved to {version}; {settled:,} stay",
        )
    )
    say(Words(f"  移动前：{counted[0]}", f"  before: {counted[0]}"))
    say(Words(f"  移动后：{counted[1]}", f"  after:  {counted[1]}"))
    say(
        Words(
            f"  核验：全部重放无误；摘要 {shown(before)} → {shown(work.store.digest())}",
            f"  proof: all replayed and sound; digest {shown(before)} → {shown(work.store.digest())}",
        )
    )
