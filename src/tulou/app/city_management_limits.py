"""The limits of a city put into effect: a page of the flow for its rulebook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from tulou.app.wiring import RULEBOOKS
from tulou.kernel.atomic import write_text
from tulou.kernel.errors import BadUse
from tulou.operations.cases.adapters.reading import read_flows
from tulou.operations.city_management.adapters.flow_page import flow_page
from tulou.operations.city_management.adapters.reading import read_rules
from tulou.operations.city_management.adapters.tables import read_classes, read_limits


def write_flow(name: str, file: Path, since: date | None, names: Sequence[str] = RULEBOOKS) -> None:
    """Write the limits of a city as a version of the flow.

    Args:
        name: Id of the table.
        file: The page, e.g. ``ours/flows/city_management.yaml``.
        since: First day on which cases run by it.
        names: Rulebooks.

    Raises:
        BadUse: When no table or no day is named, the table has no limits by class, or the file is there already.
    """
    tables = read_limits(names)
    if name not in tables:
        raise BadUse("there is no such table of limits", where="NAME", found=name, allowed=sorted(tables))
    if since is None:
        raise BadUse("a version of a flow holds from a day on", where="--from", allowed=("--from 2027-01-01",))
    if not tables[name].rows:
        raise BadUse(
            "this table has no limits by class", where=name, allowed=[one for one in tables if tables[one].rows]
        )
    if file.exists():
        raise BadUse("something else stands here already", where="--to", found=str(file))
    newest = read_flows(list(names)).versions[read_rules(names).reading.flow][-1]
    write_text(file, flow_page(tables[name], newest, read_classes(names), since))
