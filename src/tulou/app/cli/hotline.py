"""``tulou hotline``: requests taken in, suggestions, dispatch by a person, duplicates, rates, reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tulou.app.cli.options import (
    Commands,
    city_argument,
    count_option,
    format_option,
    formats_of,
    language_option,
    languages_of,
    parse_option_day,
    period_option,
    progress_bar,
    receipts_option,
    rulebook_option,
)
from tulou.app.screen import language, say
from tulou.app.wiring import RULEBOOKS
from tulou.kernel.errors import BadUse
from tulou.kernel.words import Words

if TYPE_CHECKING:
    from tulou.app.hotline import Hotline
    from tulou.operations.cases.domain.events import Event
    from tulou.operations.cases.handlers.acting import Act

SHOWN = 20
DECISIONS = ("accept", "consult", "decline", "refer")

file_argument = click.argument("file", type=click.Path(path_type=Path))
mapping_option = click.option(
    "--mapping", required=True, type=click.Path(path_type=Path), help="How the columns become requests."
)
by_option = click.option("--by", default="hotline_centre", show_default=True, help="Id of the body that does it.")
who_option = click.option("--who", default="", help="Office or person that signs for the body.")
text_option = click.option("--text", default="", help="The answer or the reason.")
date_option = click.option("--date", "on", help="When it happened, e.g. 2026-11-27T09:30; now by default.")


class HotlineCommands(Commands):
    """Commands of the hotline."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """Names in the order in which they are used."""
        return list(self.commands)


@click.group(cls=HotlineCommands)
def hotline() -> None:
    """Hotline 12345: take in, suggest, dispatch, find duplicates, count the three rates, report."""


def _opened(city: Path, rulebooks: tuple[str, ...]) -> Hotline:
    from tulou.app.hotline import open_hotline  # loads storage and rulebooks

    return open_hotline(city, rulebooks or RULEBOOKS)


def _act(held: Hotline, words: dict[str, Any]) -> Act:
    from tulou.operations.cases.handlers.acting import Act

    facts = {"reason": words["text"].strip()} if words.get("text", "").strip() else {}
    return Act(words["by"], held.work.moment(words["on"], "--date"), words["who"].strip(), facts)


def _told(held: Hotline, event: Event) -> None:
    from tulou.app.case_lines import event_line
    from tulou.operations.cases.handlers.acting import case_of

    say(event_line(event, *case_of(held.work.store, event.case)))


@hotline.command("import")
@city_argument
@file_argument
@mapping_option
@click.option("--replay", is_flag=True, help="Record them as cases too, with the limits their own due moments set.")
@receipts_option
@rulebook_option
def import_command(
    city: Path, file: Path, mapping: Path, *, replay: bool, receipts: Path | None, rulebooks: tuple[str, ...]
) -> None:
    """Take the requests of FILE into CITY; who asked is sealed apart, or dropped."""
    from tulou.app.messages import spoken
    from tulou.app.requesters import may_write_receipts, write_receipts
    from tulou.app.requesters_lines import put_away_lines

    held = _opened(city, rulebooks)
    if receipts is not None:
        may_write_receipts(receipts, city)
    found = held.take_in(file, mapping)
    quality = found.quality
    if receipts is not None and found.requesters.receipts:
        write_receipts(receipts, found.requesters.receipts)
    say(
        Words(
            f"读入 {quality.read:,}，采用 {quality.kept:,}；城市现有 {len(held.requests):,} 件诉求",
            f"read {quality.read:,}, kept {quality.kept:,}; {len(held.requests):,} requests on record",
        )
    )
    for remark in quality.remarks:
        say(f"  {remark.rows:>7,}  {spoken(remark.text, language())}")
    for line in put_away_lines(found.requesters, receipts):
        say(line)
    if replay:
        events = held.replay(found.requests, file.name)
        say(
            Words(
                f"已补录 {len(found.requests):,} 件、{len(events):,} 条记录",
                f"{len(found.requests):,} cases recorded, {len(events):,} events",
            )
        )


@hotline.command()
@city_argument
@file_argument
@mapping_option
@click.option("--date", "on", help="Day written beside what is learnt; today by default.")
@rulebook_option
def learn(city: Path, file: Path, mapping: Path, *, on: str | None, rulebooks: tuple[str, ...]) -> None:
    """Learn from FILE where requests belong, measure it on texts not learnt from, and keep it for CITY."""
    from tulou.app.hotline import learn_from
    from tulou.app.hotline_lines import learnt_lines

    held = _opened(city, rulebooks)
    day = parse_option_day(on, "--date") or held.today
    with progress_bar() as bar:
        found, digest = learn_from(held, file, mapping, day, bar)
    say("\n".join(learnt_lines(found, digest, language())))


@hotline.command()
@city_argument
@click.argument("request", default="")
@click.option("--text", default="", help="A text instead of a request on record.")
@rulebook_option
def suggest(city: Path, request: str, *, text: str, rulebooks: tuple[str, ...]) -> None:
    """Suggest what to do with REQUEST of CITY: acceptance list, three categories with probability and reasons."""
    from tulou.app.hotline_lines import suggested_lines
    from tulou.operations.hotline.domain.masking import masked
    from tulou.operations.hotline.domain.request import Request

    held = _opened(city, rulebooks)
    if bool(request) == bool(text.strip()):
        raise BadUse("either a request or a text is looked at", where="REQUEST", found=request, allowed=("--text …",))
    one = held.request(request) if request else Request("–", datetime.now(UTC), text=masked(text)[0])
    found = held.suggested([one])
    told = suggested_lines(one, held.judged(one), found[0] if found else None, held.rules.bodies, language())
    say("\n".join(told))


@hotline.command()
@city_argument
@click.argument("request")
@click.option("--decision", type=click.Choice(DECISIONS), help="What is decided; what the list proposes by default.")
@click.option("--class", "kind", default="", help="emergency, lifeline, general, complex or consultation.")
@by_option
@who_option
@text_option
@date_option
@rulebook_option
def accept(city: Path, request: str, *, decision: str | None, kind: str, **words: Any) -> None:  # noqa: ANN401
    """Decide on REQUEST of CITY by the acceptance list and open its case: accept, consult, decline or refer."""
    from tulou.operations.hotline.domain.acceptance import ACCEPTED

    held = _opened(city, words["rulebooks"])
    one = held.request(request)
    told, act = held.judged(one), _act(held, words)
    chosen = decision or told.decision
    item = told.item if told.item and told.item.decision == chosen else None
    if chosen in {"consult", "decline", "refer"} and "reason" not in act.facts and item:
        act = replace(act, facts={**act.facts, "reason": item.told.zh})
    name = next(name for name in DECISIONS if name == chosen)
    rule = item.id if item else ACCEPTED
    _told(held, held.accept(one, name, act, rule=rule, case_class=kind))  # type: ignore[arg-type]


@hotline.command()
@city_argument
@click.argument("case")
@click.option("--to", "body", required=True, help="Body that leads.")
@click.option("--with", "others", multiple=True, help="Body that co-handles. Repeatable.")
@by_option
@who_option
@date_option
@rulebook_option
def dispatch(city: Path, case: str, *, body: str, others: tuple[str, ...], **words: Any) -> None:  # noqa: ANN401
    """Dispatch CASE of CITY to the body that leads; what was suggested is kept beside what was decided."""
    held = _opened(city, words["rulebooks"])
    act = _act(held, words)
    fields = {"co_bodies": list(others)} if others else {}
    _told(held, held.dispatch(case, replace(act, facts={**act.facts, "body": body}, fields=fields)))


@hotline.command()
@city_argument
@click.option("--metres", type=click.FloatRange(min=0), help="Distance instead of that for citizens.")
@count_option("--top", SHOWN, "Pairs shown.")
@rulebook_option
def duplicates(city: Path, *, metres: float | None, top: int, rulebooks: tuple[str, ...]) -> None:
    """Find requests of CITY that may be one matter: by distance, time, category and text, with why."""
    from tulou.app.hotline_lines import pair_lines

    held = _opened(city, rulebooks)
    say("\n".join(pair_lines(held.duplicates(metres), held.requests, top, language())))


@hotline.command()
@city_argument
@click.option("--fewest", type=click.IntRange(min=2), help="Requests that make a theme.")
@count_option("--top", SHOWN, "Themes shown.")
@rulebook_option
def themes(city: Path, *, fewest: int | None, top: int, rulebooks: tuple[str, ...]) -> None:
    """Propose themes of the month from the requests of CITY: groups that are one problem, with the evidence."""
    from tulou.app.hotline_lines import theme_lines

    held = _opened(city, rulebooks)
    say("\n".join(theme_lines(held.themes(fewest), top, language())))


@hotline.command()
@city_argument
@period_option
@rulebook_option
def rates(city: Path, *, period: str, rulebooks: tuple[str, ...]) -> None:
    """Count the three rates of CITY by body: denominators, intervals, tiers instead of a false order.

    A month is the assessed one that ends in it; a day is the window that ends on it.
    """
    from tulou.app.hotline_lines import rate_lines

    held = _opened(city, rulebooks)
    told = held.period(period)
    flow = held.work.flows.versions["hotline"][-1]
    names = {name: one.title.say(language()) for name, one in flow.bodies.items()}
    say("\n".join(rate_lines(held.tallies(told), held.rate_rule(told.start.date()), names, language())))


@hotline.command()
@city_argument
@click.option("--fewest", type=click.IntRange(min=1), help="Requests below which nothing is said.")
@rulebook_option
def contrast(city: Path, *, fewest: int | None, rulebooks: tuple[str, ...]) -> None:
    """Show where an indicator of the newest check of CITY passes and the hotline says no."""
    from tulou.app.hotline_contrast import contrasts_of
    from tulou.app.hotline_lines import contrast_lines

    held = _opened(city, rulebooks)
    say("\n".join(contrast_lines(contrasts_of(held, fewest), language())))


@hotline.command()
@city_argument
@period_option
@click.option(
    "--public", is_flag=True, help="For publication: small counts are hidden, so that none can be worked out."
)
@format_option("html,docx,xlsx,pdf")
@language_option
@click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder; hotline/reports of the city by default.")
@rulebook_option
def report(city: Path, *, period: str, public: bool, formats: str, **words: Any) -> None:  # noqa: ANN401
    """Write the daily or monthly report of the hotline of CITY.

    A month is the assessed one that ends in it; a day is the window that ends on it.
    """
    from tulou.app.hotline_papers import write_report

    held = _opened(city, words["rulebooks"])
    written = write_report(
        held,
        held.period(period),
        formats_of(formats),
        languages_of(words["spoken"]),
        folder=words["folder"],
        is_public=public,
    )
    for path in written:
        say(Words(f"写出：{path}", f"Written: {path}"))
