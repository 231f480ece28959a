"""``tulou track``: what the clauses of the opinion promise, who does it, what shows it, and what is late."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from tulou.app.cli import track_entries
from tulou.app.cli.options import (
    Commands,
    city_argument,
    count_option,
    day_option,
    format_option,
    formats_of,
    language_option,
    languages_of,
    parse_option_day,
    progress_bar,
    rulebook_option,
)
from tulou.app.screen import language, say
from tulou.kernel.errors import BadInput, BadUse
from tulou.kernel.words import Words

if TYPE_CHECKING:
    from tulou.operations.tracker.domain.grouping import Way

SOON = 30
WAYS = ("clause", "body", "due")
OVERVIEW = "overview"

as_of_option = click.option(
    "--as-of", default="", help="Record: number of an entry, day or moment; everything known by default."
)
json_option = click.option("--json", "is_json", is_flag=True, help="Answer in JSON.")
soon_option = count_option("--soon", SOON, "Days ahead that count as soon.")


class TrackCommands(Commands):
    """Commands of the tracker; ``tulou track CITY`` without one of them is the overview."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the first word names; a city stands for its overview.

        Raises:
            BadUse: When the first word is neither a command nor a city.
        """
        names = self.list_commands(ctx)
        if args[0] in names:
            return super().resolve_command(ctx, args)
        if args[0][:1] != "-" and not Path(args[0]).exists():
            cities = sorted(one.parent.as_posix() for one in Path().glob("*/city.json"))
            raise BadUse(
                "there is neither such a command nor such a city",
                where=ctx.command_path,
                found=args[0],
                allowed=[*names, *cities],
            )
        return OVERVIEW, self.commands[OVERVIEW], args

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """Names in the order in which they are used."""
        return list(self.commands)


@click.group(
    cls=TrackCommands,
    context_settings={"ignore_unknown_options": True},
    subcommand_metavar="CITY | COMMAND CITY [ARGS]...",
)
def track() -> None:
    """Track what each clause promises: who leads, by when, with what evidence. ``track CITY`` is the overview."""


@track.command(OVERVIEW)
@city_argument
@click.option("--by", "way", type=click.Choice(WAYS), default="clause", show_default=True, help="How to group.")
@day_option
@as_of_option
@soon_option
@json_option
@rulebook_option
def overview(
    city: Path, *, way: str, at: str | None, as_of: str, soon: int, is_json: bool, rulebooks: tuple[str, ...]
) -> None:
    """Count the commitments of CITY by standing: all, overdue, due soon."""
    from tulou.app import tracking_json, tracking_lines  # loads the rulebooks

    tracker = track_entries.opened(city, rulebooks)
    seen = tracker.seen(parse_option_day(at, "--at"), as_of)
    if is_json:
        say(tracking_json.text_of(tracking_json.overview(tracker, seen, _way(way), soon)))
        return
    say("\n".join(tracking_lines.overview_lines(tracker, seen, _way(way), soon, language())))


@track.command()
@city_argument
@click.argument("commitment")
@day_option
@as_of_option
@json_option
@rulebook_option
def show(city: Path, commitment: str, *, at: str | None, as_of: str, is_json: bool, rulebooks: tuple[str, ...]) -> None:
    """Show one COMMITMENT of CITY: what is set and by whom, evidence, progress, history."""
    from tulou.app import tracking_json, tracking_lines  # loads the rulebooks

    tracker = track_entries.opened(city, rulebooks)
    seen = tracker.seen(parse_option_day(at, "--at"), as_of)
    one = seen.agenda.commitment(commitment)
    if is_json:
        say(tracking_json.text_of(tracking_json.commitment(tracker, seen, one)))
        return
    say("\n".join(tracking_lines.show_lines(tracker, seen, one, language())))


@track.command()
@city_argument
@click.option(
    "--to", "file", type=click.Path(path_type=Path), default=Path("tracking.yaml"), show_default=True,
    help="File to write.",
)  # fmt: skip
@rulebook_option
def page(city: Path, *, file: Path, rulebooks: tuple[str, ...]) -> None:
    """Write the page in which CITY sets what the policy left open: bodies, days, targets, milestones."""
    from tulou.kernel.atomic import write_text
    from tulou.operations.tracker.adapters.template import template_text

    tracker = track_entries.opened(city, rulebooks)
    if file.exists():
        raise BadInput("something stands here already", where=str(file), allowed=("--to another file",))
    newest = tracker.page
    write_text(file, newest or template_text(tracker.agenda))
    kind = Words("现行设定", "as set now") if newest else Words("空白模板", "blank")
    say(Words(f"已写出（{kind.zh}）：{file}", f"Wrote ({kind.en}): {file}"))


@track.command("set")
@city_argument
@click.argument("file", metavar="PAGE", type=click.Path(path_type=Path))
@track_entries.by_option
@track_entries.date_option
@track_entries.who_option
@rulebook_option
def set_page(city: Path, file: Path, *, by: str, on: str | None, who: str, rulebooks: tuple[str, ...]) -> None:
    """Take a PAGE of settings into the record of CITY; what it moves stays visible."""
    track_entries.take_page(city, file, by=by, on=on, who=who, rulebooks=rulebooks)


track_entries.add_to(track)


@track.command()
@city_argument
@day_option
@as_of_option
@json_option
@rulebook_option
def upward(city: Path, *, at: str | None, as_of: str, is_json: bool, rulebooks: tuple[str, ...]) -> None:
    """List the matters of CITY that go upward: which, to whom, since when, by which sentence."""
    from tulou.app import tracking_json, tracking_lines  # loads the rulebooks

    tracker = track_entries.opened(city, rulebooks)
    seen = tracker.seen(parse_option_day(at, "--at"), as_of)
    if is_json:
        say(tracking_json.text_of(tracking_json.matters(tracker, seen)))
        return
    say("\n".join(tracking_lines.upward_lines(tracker, seen, language())))


@track.command()
@city_argument
@click.option("--noted", default="", help="Digest of an entry, as noted or printed earlier.")
@json_option
@rulebook_option
def verify(city: Path, *, noted: str, is_json: bool, rulebooks: tuple[str, ...]) -> None:
    """Prove that no entry of CITY was changed, moved or left out, and that every copy of evidence is as given."""
    from tulou.app import tracking_json  # loads the rulebooks
    from tulou.operations.tracker.domain.telling import journal_line

    tracker = track_entries.opened(city, rulebooks)
    events = tracker.audit(noted)
    copies = sum(event.kind == "evidence" for event in events)
    if is_json:
        last = events[-1] if events else None
        found: dict[str, Any] = {
            "sound": True,
            "entries": len(events),
            "digest": last and last.digest,
            "evidence": copies,
        }
        say(tracking_json.text_of(found))
        return
    line = journal_line(events)
    say(
        Words(
            f"{line.zh}；{len(events)} 条相连无误，{copies} 份证据与所给一致",
            f"{line.en}; {len(events)} entries in one chain, {copies} pieces of evidence as given",
        )
    )


@track.command()
@city_argument
@click.option("--by", "way", type=click.Choice([*WAYS, "all"]), default="all", show_default=True, help="How to group.")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), help="Folder to write to; the tracker's own by default."
)
@format_option("html,docx,xlsx,pdf")
@language_option
@day_option
@as_of_option
@soon_option
@rulebook_option
def publish(city: Path, **words: Any) -> None:  # noqa: ANN401  (options of several kinds)
    """Write the pages of the tracker of CITY: by clause, by body, by the day things are due."""
    from tulou.app.tracking_papers import write_pages  # loads the writers

    wanted = formats_of(words["formats"])
    tracker = track_entries.opened(city, words["rulebooks"])
    seen = tracker.seen(parse_option_day(words["at"], "--at"), words["as_of"])
    ways = [_way(name) for name in WAYS if words["way"] in {name, "all"}]
    with progress_bar() as bar:
        written = write_pages(
            tracker, seen, ways, wanted, languages_of(words["spoken"]), folder=words["folder"], soon=words["soon"],
            progress=bar,
        )  # fmt: skip
    for path in written:
        say(str(path))


def _way(name: str) -> Way:
    return cast("Way", name)  # click has checked the word
