"""``tulou manage``: city management: the unit grid, parts and events, indicators, places where cases recur."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

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
    period_option,
    rulebook_option,
)
from tulou.app.screen import language, say, table
from tulou.app.wiring import RULEBOOKS
from tulou.kernel.words import Words

if TYPE_CHECKING:
    from tulou.app.city_management import Docket
    from tulou.app.city_management_grid import Grid

F = TypeVar("F", bound=Callable[..., Any])

to_option = click.option("--to", "folder", type=click.Path(path_type=Path), help="Folder to write to.")


class ManageCommands(Commands):
    """Commands of city management."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """Names in the order in which they are used."""
        return list(self.commands)


@click.group(cls=ManageCommands)
def manage() -> None:
    """City management (数字城管): grid, parts and events, indicators, recurrence, daily and monthly report."""


@manage.group(cls=ManageCommands)
def grid() -> None:
    """The unit grid: propose cells, check them, read a code."""


@grid.command()
@city_argument
@click.option("--county", "counties", multiple=True, help="Code of the county: 350102, or DISTRICT=350102. Repeatable.")
@click.option("--keep", is_flag=True, help="Commit the cells to the city, marked as derived.")
@click.option("--who", default="", help="Who answers for what is kept.")
@day_option
@to_option
@format_option("html")
@language_option
@rulebook_option
def propose(city: Path, *, counties: tuple[str, ...], keep: bool, who: str, at: str | None, **words: object) -> None:
    """Cut the communities of CITY into cells along streets, give them 15-digit codes, and check them."""
    from tulou.app.city_management_grid import keep_grid, parse_counties, propose_grid

    day, names = parse_option_day(at, "--at"), _names(words)
    made = propose_grid(city, parse_counties(counties), day, names)
    _told(made, words)
    if keep:
        commit = keep_grid(city, made, who=who, day=day)
        rows = len(made.cells.ids)
        say(
            Words(
                f"提交 {commit.number}：保存 {rows:,} 个单元网格", f"Commit {commit.number}: {rows:,} unit cells kept"
            )
        )


@grid.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--city", type=click.Path(path_type=Path), help="For a layer: city to hold it against.")
@click.option("--column", default="", help="For a layer: column of the codes.")
@day_option
@to_option
@format_option("html")
@language_option
@count_option("--limit", 10, "Faults to show.")
@rulebook_option
def check(source: Path, *, city: Path | None, column: str, at: str | None, limit: int, **words: object) -> None:
    """Check the cells of SOURCE, a city or a layer: gaps, overlaps, slivers, borders, streets, codes."""
    from tulou.app.city_management_grid import grid_of_city, grid_of_file

    day, names = parse_option_day(at, "--at"), _names(words)
    is_city = source.is_dir() and city is None and not column
    found = grid_of_city(source, day, names) if is_city else grid_of_file(
        source, city=city, column=column, day=day, names=names
    )  # fmt: skip
    _told(found, words, limit)


@grid.command()
@click.argument("text", metavar="CODE")
def code(text: str) -> None:
    """Read a CODE: a unit cell (15 digits) or a part (16 digits)."""
    from tulou.operations.city_management.domain.codes import PART_DIGITS, parse_cell, parse_part

    if len(text) == PART_DIGITS:
        part = parse_part(text, "CODE")
        say(
            Words(
                f"部件 {part}：区县 {part.county}，类别 {part.class_code}，序号 {part.number}",
                f"Part {part}: county {part.county}, class {part.class_code}, number {part.number}",
            )
        )
        return
    cell = parse_cell(text, "CODE")
    say(
        Words(
            f"单元网格 {cell}：区县 {cell.county}，街道 {cell.street}，社区 {cell.community}，网格 {cell.cell}",
            f"Unit cell {cell}: county {cell.county}, street {cell.street}, community {cell.community}, "
            f"cell {cell.cell}",
        )
    )


def _names(words: dict[str, object]) -> tuple[str, ...]:
    named = words["rulebooks"]
    return named if isinstance(named, tuple) and named else RULEBOOKS


def _told(found: Grid, words: dict[str, object], limit: int = 0) -> None:
    """Say what a grid is and what is wrong with it; write its paper when a folder is named."""
    from tulou.app.city_management_papers import grid_material, write_grid
    from tulou.publish.city_management.grid import counted, place_of
    from tulou.publish.words import say as label

    spoken, faults = language(), found.faults()
    cells = f"{len(found.cells.ids):,}"
    say(Words(f"{found.city}：单元网格 {cells} 个（{found.crs}）", f"{found.city}: {cells} unit cells ({found.crs})"))
    for kind, count in counted(faults).items():
        say(f"  {label(f'manage.fault.{kind}', spoken)}  {count:,}")
    if not faults:
        say(Words("  没有查出问题", "  Nothing wrong was found"))
    if limit and faults:
        rows = []
        for number, fault in enumerate(faults[:limit], 1):
            spot = place_of(fault, found.crs)
            area = "" if fault.area is None else f"{fault.area:,.1f}"
            where = "" if spot is None else f"{spot[0]:.6f}, {spot[1]:.6f}"
            rows.append(
                (
                    f"{number}",
                    label(f"manage.fault.{fault.kind}", spoken),
                    " ".join(fault.cells),
                    fault.other,
                    area,
                    where,
                )
            )
        heads = ("number", "kind", "cells", "other", "area", "longitude")
        say(table([label(f"manage.column.{name}", spoken) for name in heads], rows))
    folder = words["folder"]
    if isinstance(folder, Path):
        spoken_in = words["spoken"] if isinstance(words["spoken"], str) else None
        written = write_grid(
            grid_material(found, faults), folder, formats_of(str(words["formats"])), languages_of(spoken_in)
        )
        for path in written:
            say(Words(f"写出：{path}", f"Written: {path}"))


@manage.command()
@city_argument
@click.option("--begin", is_flag=True, help="Register objects of the city that are parts, with the next free codes.")
@click.option("--who", default="", help="Who answers for it.")
@day_option
@count_option("--limit", 10, "Faults to show.")
@rulebook_option
def parts(city: Path, *, begin: bool, who: str, at: str | None, limit: int, rulebooks: tuple[str, ...]) -> None:
    """Show the register of parts of CITY by class and state, with its links to cells and bodies, and its faults."""
    from tulou.app.city_management_lines import part_lines
    from tulou.app.city_management_parts import begin_register, register_of

    day, names = parse_option_day(at, "--at"), rulebooks or RULEBOOKS
    if begin:
        commit = begin_register(city, who=who, day=day, names=names)
        rows = commit.quality.kept if commit else 0
        head = Words(f"提交 {commit.number}：", f"Commit {commit.number}: ") if commit else Words("", "")
        say(Words(f"{head.zh}登记部件 {rows:,} 个", f"{head.en}{rows:,} parts registered"))
    say("\n".join(part_lines(register_of(city, day, names), limit, language())))


def period_options(command: F) -> F:
    """The options that name a period."""
    for option, name, about in (
        ("--until", "until", "Last day of the period that --from begins."),
        ("--from", "since", "First day of any other period."),
    ):
        command = click.option(option, name, help=about)(command)
    return period_option(command)


public_option = click.option("--public", "is_public", is_flag=True, help="For the public: small counts are hidden.")


def _docket(city: Path, words: dict[str, object]) -> Docket:
    from tulou.app.casework import open_casework
    from tulou.app.city_management import docket_of, period_of
    from tulou.operations.city_management.adapters.reading import read_rules

    names = _names(words)
    flow = read_rules(names).reading.flow
    work = open_casework(city, names)
    since, until = (
        parse_option_day(words[name], option) for name, option in (("since", "--from"), ("until", "--until"))
    )
    clock = work.flows.versions[flow][-1].duty.local_time
    return docket_of(city, period_of(str(words["period"]), since, until, work.clock(), clock), names)


@manage.command()
@city_argument
@period_options
@click.option("--by", "way", default="", help="Group by body, street, class or cell.")
@click.option("--json", "is_json", is_flag=True, help="Answer in JSON.")
@rulebook_option
def indicators(city: Path, *, way: str, is_json: bool, **words: object) -> None:
    """Count the cases of CITY in a period: every rate with what stands above and below, and its interval."""
    from tulou.app.city_management_lines import group_lines, json_of, rate_lines

    docket = _docket(city, words)
    if is_json:
        say(json_of(docket, way))
        return
    say("\n".join(group_lines(docket, way, language()) if way else rate_lines(docket.rates, language())))


@manage.command()
@city_argument
@period_options
@click.option("--formula", default="jinniu_city_management", show_default=True, help="Id of a published formula.")
@click.option("--by", "way", default="body", show_default=True, help="Score by body, street or class.")
@rulebook_option
def score(city: Path, *, formula: str, way: str, **words: object) -> None:
    """Work out a score that a city publishes, term by term, for CITY; shown as published, recommended by nobody."""
    from tulou.app.city_management_lines import score_lines

    say("\n".join(score_lines(_docket(city, words), formula, way, language())))


@manage.command()
@city_argument
@period_options
@public_option
@count_option("--limit", 10, "Places to show.")
@rulebook_option
def recurrence(city: Path, *, is_public: bool, limit: int, **words: object) -> None:
    """List the places of CITY where one class of cases comes back; places, never persons."""
    from tulou.app.city_management_lines import recurrence_lines
    from tulou.app.city_management_papers import report_material

    material = report_material(_docket(city, words), ways=(), is_public=is_public)
    say("\n".join(recurrence_lines(material, limit, language())))


@manage.command()
@city_argument
@period_options
@public_option
@to_option
@format_option("html")
@language_option
@rulebook_option
def report(
    city: Path, *, is_public: bool, folder: Path | None, formats: str, spoken: str | None, **words: object
) -> None:
    """Write the report of CITY for a day, a month or a period, with charts and a map of recurring places."""
    from tulou.app.city_management_papers import report_material, write_report

    material = report_material(_docket(city, words), is_public=is_public)
    name = f"city-management-{material.first}" + ("" if material.first == material.last else f"--{material.last}")
    name += "-public" if is_public else ""
    written = write_report(material, name, folder or city / "reports", formats_of(formats), languages_of(spoken))
    for path in written:
        say(Words(f"写出：{path}", f"Written: {path}"))


@manage.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--list", "name", required=True, help="Id of the list: how its columns and types are read.")
@public_option
@count_option("--limit", 10, "Places to show.")
@to_option
@format_option("html")
@language_option
@rulebook_option
def requests(file: Path, *, name: str, is_public: bool, limit: int, folder: Path | None, **words: object) -> None:
    """Try a list of requests of another city (CSV): in time by its own due dates, and where they recur."""
    from tulou.app.city_management import docket_of_list
    from tulou.app.city_management_lines import left_out_words, rate_lines, recurrence_lines
    from tulou.app.city_management_papers import report_material, write_report

    docket, left_out = docket_of_list(file, name, _names(words))
    notes = left_out_words(left_out)
    material = report_material(docket, ways=("body", "class"), is_public=is_public, notes=notes)
    for note in notes:
        say(note)
    say("\n".join(rate_lines([rate for rate in docket.rates if rate.denominator], language())))
    say("\n".join(recurrence_lines(material, limit, language())))
    if folder:
        spoken = words["spoken"] if isinstance(words["spoken"], str) else None
        for path in write_report(material, name, folder, formats_of(str(words["formats"])), languages_of(spoken)):
            say(Words(f"写出：{path}", f"Written: {path}"))


@manage.command()
@click.argument("name", required=False)
@click.option("--to", "file", type=click.Path(path_type=Path), help="Page of a flow to write, for a city's rulebook.")
@click.option("--from", "since", help="First day on which cases run by it.")
@rulebook_option
def limits(name: str | None, *, file: Path | None, since: str | None, rulebooks: tuple[str, ...]) -> None:
    """Show the staged limits of a city by NAME, or write them as a version of the flow; without NAME, all cities."""
    from tulou.app.city_management_limits import write_flow
    from tulou.app.city_management_lines import limit_lines
    from tulou.operations.city_management.adapters.tables import read_classes, read_limits

    names = rulebooks or RULEBOOKS
    say("\n".join(limit_lines(read_limits(names), read_classes(names), name or "", language())))
    if file is not None:
        write_flow(name or "", file, parse_option_day(since, "--from"), names)
        say(Words(f"写出：{file}", f"Written: {file}"))


@manage.command()
@city_argument
@click.option("--cases", type=int, default=10_000, show_default=True, help="How many.")
@rulebook_option
def sample(city: Path, *, cases: int, rulebooks: tuple[str, ...]) -> None:
    """Record synthetic, labelled cases in the synthetic CITY; the same each time."""
    from tulou.app.city_management_sample import LABELS, sample_cases

    made = sample_cases(city, cases=cases, names=rulebooks or RULEBOOKS)
    sites = len({one.site for one in made if one.site})
    say(
        Words(
            f"已记入合成案件 {len(made):,} 件，其中复发点 {sites} 处；标签见 cases/{LABELS}",
            f"{len(made):,} synthetic cases recorded, with {sites} recurring places; labels in cases/{LABELS}",
        )
    )
