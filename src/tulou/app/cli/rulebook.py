"""``tulou rulebook``: check, catalogue, schema, and making a rulebook from a table."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from tulou.app import exits
from tulou.app.cli.options import Commands
from tulou.app.screen import language, say, table
from tulou.app.wiring import RULEBOOKS, measures
from tulou.app.wiring import rulebook as read
from tulou.kernel.words import Words

SECTIONS = ("indicators", "parameters", "selections", "quantities", "remedies")
_names = click.argument("names", nargs=-1)


@click.group(cls=Commands)
def rulebook() -> None:
    """Rulebooks: definitions as data."""


@rulebook.command()
@_names
@click.option("--only", multiple=True, help="Only the hand-worked checks of these indicators.")
def check(names: tuple[str, ...], only: tuple[str, ...]) -> None:
    """Read rulebooks and work out every hand-worked check in them."""
    from tulou.app.proving import prove, told  # loads the engine
    from tulou.plan.remedies.read import read_remedies

    read_remedies(read(names or RULEBOOKS))
    indicators, outcomes = prove(names or RULEBOOKS, only)
    wrong = [outcome for outcome in outcomes if not outcome.ok]
    for outcome in wrong:
        say(told(outcome))
    say(Words(
        f"{indicators} 项指标，{len(outcomes)} 条手算核对，{len(wrong)} 条不符",
        f"{indicators} indicators, {len(outcomes)} hand-worked checks, {len(wrong)} do not hold",
    ))  # fmt: skip
    if wrong:
        sys.exit(exits.BAD_INPUT)


@rulebook.command("indicators")
@_names
def list_indicators(names: tuple[str, ...]) -> None:
    """List the indicators."""
    spoken = language()
    rows = [
        [one.id, one.code, one.title.say(spoken), one.level, one.unit, ",".join(one.clauses), ", ".join(one.lists)]
        for one in read(names or RULEBOOKS).indicators.values()
    ]
    say(table(("id", "code", "title", "level", "unit", "clauses", "lists"), rows))


@rulebook.command("measures")
def list_measures() -> None:
    """List the measures that an indicator may name, with their arguments and units."""
    spoken = language()
    rows = [
        [
            one.subject, one.name, one.title.say(spoken),
            ", ".join(f"{argument.name}[{' '.join(argument.units) or argument.kind}]" for argument in one.arguments),
            f"{one.gives} [{' / '.join(one.units)}]",
        ]
        for one in measures().values()
    ]  # fmt: skip
    say(table(("subject", "measure", "title", "arguments", "gives"), rows))


@rulebook.command()
@click.argument("section", type=click.Choice(SECTIONS), default="indicators")
@click.option("--to", "path", type=click.Path(path_type=Path), help="File to write; the screen by default.")
def schema(section: str, path: Path | None) -> None:
    """Write the JSON Schema of a SECTION of a rulebook, for editors that complete and check."""
    text = json.dumps(_schema_of(section), ensure_ascii=False, indent=2, sort_keys=True)
    if path is None:
        say(text)
    else:
        from tulou.kernel.atomic import write_text

        write_text(path, text + "\n")


def _schema_of(section: str) -> dict[str, Any]:
    if section == "remedies":
        from tulou.plan.remedies.read import read_remedies
        from tulou.plan.remedies.schema import remedies_schema

        return remedies_schema(read(), read_remedies(read()))
    from tulou.indicators.rulebook.schema import json_schema

    return json_schema(read(), section)


@rulebook.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--to", "folder", type=click.Path(path_type=Path), required=True, help="Folder of the new rulebook.")
@click.option("--name", required=True, help="Id of the new rulebook, e.g. fuzhou.")
@click.option("--document", required=True, help="The document the table comes from, as it is to be cited.")
@click.option("--since", required=True, help="Day the document came into force.")
@click.option("--sheet", default="", help="Sheet of a workbook; the first by default.")
def import_table(file: Path, *, folder: Path, name: str, document: str, since: str, sheet: str) -> None:
    """Make a rulebook from an indicator table FILE (Excel or CSV) of a province or city."""
    from tulou.app.drafting import rulebook_from_file

    for line in rulebook_from_file(file, folder, name=name, document=document, since=since, sheet=sheet):
        say(line)


@rulebook.command("new")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Id of the new rulebook, e.g. fuzhou.")
@click.option("--title", default="", help="Its title; the id by default.")
def begin(folder: Path, *, name: str, title: str) -> None:
    """Begin a rulebook in a new FOLDER: it extends china and holds one example to be replaced."""
    from tulou.app.drafting import new_rulebook

    for path in new_rulebook(folder, name=name, title=title):
        say(str(path))
    say(Words(f"核对：tulou rulebook check {folder}", f"Check it with: tulou rulebook check {folder}"))
