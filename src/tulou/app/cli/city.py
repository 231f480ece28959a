"""Commands on a city: begin, import, derive, show, log, tag, templates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tulou.app.cli.options import (
    city_argument,
    count_option,
    day_option,
    parse_option_day,
    parse_people,
    progress_bar,
    record_option,
)
from tulou.app.screen import language, say, table
from tulou.app.wiring import dictionary, last_day, look_at, new_city, open_city
from tulou.kernel.errors import BadUse
from tulou.kernel.facts import GEOMETRY
from tulou.kernel.words import Words

if TYPE_CHECKING:
    from tulou.model.store.city import City


@click.command()
@click.argument("city", type=click.Path(path_type=Path))
@click.option("--name", help="Name of the city; the folder's name by default.")
def init(city: Path, name: str | None) -> None:
    """Begin a city in a new folder CITY."""
    made = new_city(city, name or city.stem)
    say(Words(f"已新建：{made.path}", f"Made: {made.path}"))


@click.command("import")
@city_argument
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--mapping", type=click.Path(path_type=Path), help="Mapping file for a table or layer.")
@click.option("--entity", default="", help="What the rows are, where nothing else says it.")
@click.option("--valid-from", help="First day on which the rows hold; by default that of the file.")
@click.option("--datum", default="", help="Datum where the file states none: wgs84, gcj02, bd09, cgcs2000, EPSG:xxxx.")
@click.option("--service-day", help="For timetables: the day whose services count.")
@click.option("--branch", default="main", help="Branch to add to.")
@click.option("--who", default="", help="Who answers for it.")
@click.option("--message", "-m", default="", help="What it is about.")
@click.option("--keep-known", is_flag=True, help="A blank leaves what was known before.")
def import_file(city: Path, files: tuple[Path, ...], **words: object) -> None:
    """Import FILES into CITY; each becomes one commit, whole or not at all."""
    from tulou.app import intake  # loads the connectors

    opened = open_city(city)
    opened.log(str(words["branch"]))  # No branch begins in silence; a wrong name is told before a file is read.
    how = intake.Intake(
        valid_from=parse_option_day(words["valid_from"], "--valid-from"),
        who=str(words["who"]),
        message=str(words["message"]),
        branch=str(words["branch"]),
        mapping=words["mapping"] if isinstance(words["mapping"], Path) else None,
        entity=str(words["entity"]),
        datum=str(words["datum"]),
        service_day=parse_option_day(words["service_day"], "--service-day"),
        keep_known=bool(words["keep_known"]),
    )
    for file in files:
        with progress_bar() as bar:
            commit = intake.take_in(opened, file, how, progress=bar)
        say(intake.quality_text(commit, language()))


@click.command()
@city_argument
@day_option
@click.option("--people", type=float, help="Known number of residents of the whole city, to scale the estimate to.")
@click.option("--again", is_flag=True, help="Derive again what was derived before.")
def derive(city: Path, at: str | None, people: float | None, *, again: bool) -> None:
    """Derive units from the street network and estimate population, where CITY has none; both are marked."""
    from tulou.app import intake  # loads the models

    opened = open_city(city)
    with progress_bar() as bar:
        made = intake.derive(
            opened, parse_option_day(at, "--at"), people=parse_people(people), again=again, progress=bar
        )
    for commit in made:
        say(intake.quality_text(commit, language()))
    if not made:
        say(Words("没有可推导的内容", "There was nothing to derive"))


@click.command()
@city_argument
@click.argument("entity", required=False)
@day_option
@record_option
@click.option("--branch", default="main", show_default=True, help="Branch to look at.")
@count_option("--limit", 10, "Rows to show.")
def show(city: Path, entity: str | None, at: str | None, as_of: str | None, branch: str, limit: int) -> None:
    """Show CITY on a day, as known at a record: all entities, or rows of one ENTITY."""
    opened = look_at(city)
    opened.log(branch)  # A branch that is not there is told before anything else.
    state = opened.state(valid=parse_option_day(at, "--at") or last_day(opened, branch), record=as_of, branch=branch)
    if entity is None:
        counts = [
            (name, opened.dictionary[name].title.say(language()), len(state.rows(name))) for name in opened.dictionary
        ]
        say(
            table(
                ("entity", Words("名称", "Title").say(language()), Words("对象数", "Objects").say(language())),
                [(name, title, f"{count:,}") for name, title, count in counts if count],
            )
        )
        return
    rows = state.rows(entity)
    columns = [name for name in rows.table.column_names if name != GEOMETRY]
    head = rows.table.select(columns).slice(0, limit).to_pylist()
    say(table(columns, [["" if row[name] is None else str(row[name]) for name in columns] for row in head]))
    say(Words(f"共 {len(rows):,} 个", f"{len(rows):,} in all"))


@click.command()
@city_argument
@click.option("--branch", help="Only commits that count on this branch; all by default.")
def log(city: Path, branch: str | None) -> None:
    """Show the commits of CITY."""
    opened = look_at(city)
    tags = {tag.commit: name for name, tag in opened.tags().items()}
    rows = [
        (
            str(commit.number),
            commit.time.strftime("%Y-%m-%d %H:%M:%S"),
            commit.branch,
            tags.get(commit.number, ""),
            commit.who,
            commit.message,
            ", ".join(f"{part.entity} {part.rows:,}" for part in commit.parts),
        )
        for commit in opened.log(branch)
    ]
    say(table(("#", "UTC", "branch", "tag", "who", "message", "rows"), rows))


@click.command()
@city_argument
@click.argument("name", required=False)
@record_option
@click.option("--about", default="", help="What the tag stands for.")
def tag(city: Path, name: str | None, as_of: str | None, about: str) -> None:
    """Name a commit of CITY for ever, such as the one a check was published on; without NAME, list the names."""
    opened = look_at(city)
    if name is None:
        for option, value in (("--as-of", as_of), ("--about", about)):
            if value:
                raise BadUse("only for a new tag, which needs a name", where=option, found=value)
        say(_tags(opened))
        return
    if name in opened.tags():
        raise BadUse("this name is taken, and a tag stands for ever", where=str(city), found=name)
    last_day(opened)  # A tag names a commit, so there must be one.
    made = opened.tag(name, as_of, about=about)
    say(Words(f"标签 {made.name} → 提交 {made.commit}", f"Tag {made.name} → commit {made.commit}"))


def _tags(city: City) -> str:
    """All tags, by commit."""
    commits = city.log()
    rows = [
        (name, str(one.commit), f"{commits[one.commit - 1].time:%Y-%m-%d %H:%M:%S}" if one.commit else "", one.about)
        for name, one in sorted(city.tags().items(), key=lambda item: (item[1].commit, item[0]))
    ]
    heads = (Words("标签", "tag"), Words("提交", "commit"), Words("时间 UTC", "UTC"), Words("说明", "about"))
    return table([head.say(language()) for head in heads], rows)


@click.command()
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("templates"),
    show_default=True,
    help="Folder to write to.",
)
@click.option("--entity", "entities", multiple=True, help="Only these entities.")
def template(folder: Path, entities: tuple[str, ...]) -> None:
    """Write an import template (Excel and CSV) for every entity."""
    from tulou.sources.tables.templates import write_templates  # only this command needs the extra

    chosen = {name: dictionary()[name] for name in (entities or tuple(dictionary()))}
    written = write_templates(chosen, folder)
    say(Words(f"写出 {len(written)} 个文件：{folder}", f"Wrote {len(written)} files: {folder}"))
