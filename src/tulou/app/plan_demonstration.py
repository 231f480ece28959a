"""The plan of the demonstration: Rongcheng with prices that are made up and say so, and sites in central Helsinki."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

from tulou.app.checking import Question
from tulou.app.demonstration import ABROAD
from tulou.app.planning import Planned, Request, plan_city
from tulou.app.siting import Answer, find_sites
from tulou.kernel.atomic import write_text
from tulou.kernel.progress import Progress
from tulou.plan.renewal.wishes import Wishes
from tulou.plan.siting.facilities import Wanted

PRICES = "prices.synthetic.yaml"
BUDGETS = {2027: 30_000_000.0, 2028: 30_000_000.0}
"""Money of the demonstration, yuan; made up."""
KINDERGARTEN = Wanted("kindergarten", "mclp", count=3, among=("car_park",), serves="residents", reach=300.0)
"""Kindergartens on car parks of central Helsinki, within the 300 m of GB 50180-2018: a question, not a proposal."""


def plan_rongcheng(city: Path, folder: Path, *, progress: Progress | None = None) -> Planned:
    """Plan for the synthetic city, with the synthetic prices written beside it.

    Args:
        city: Folder of the city.
        folder: Where the prices are written.
        progress: Told where the work stands.
    """
    folder.mkdir(parents=True, exist_ok=True)
    prices = folder / PRICES
    with as_file(files("tulou.sources.synthetic") / "prices.yaml") as path:
        write_text(prices, path.read_text("utf-8"))
    request = Request(Question(), prices, has_made_up_prices=True)
    return plan_city(city, request, Wishes(BUDGETS), progress=progress)


def site_helsinki(city: Path) -> Answer:
    """Sites for kindergartens in central Helsinki."""
    return find_sites(city, Question(rulebooks=ABROAD), KINDERGARTEN)
