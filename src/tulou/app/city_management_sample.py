"""Synthetic cases of city management for the synthetic city: made up, labelled, the same bytes each time.

Each case has a fate drawn at random (refused, handled on the spot, returned, late, sent back …), and some places have
cases of one class again and again. Fates and places are written beside the cases, so that what finds them can be tried.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import shapely
from numpy.typing import NDArray

from tulou.app.casework import FOLDER, Casework, open_casework
from tulou.app.wiring import RULEBOOKS, last_day, look_at
from tulou.kernel.atomic import write_text
from tulou.kernel.errors import BadUse
from tulou.model.geography import to_geographic
from tulou.operations.cases.domain.events import Event
from tulou.operations.cases.domain.flow import Flow
from tulou.operations.cases.domain.limits import Clockwork, Limit
from tulou.operations.cases.handlers.acting import Act, Subject
from tulou.operations.cases.handlers.recording import History, Step

FLOW = "city_management"
SYNTHETIC = "合成案件 / synthetic case"
LABELS = "city_management_sample.csv"
CASES = 10_000
SEED = 20_261_123
BEGIN, END = datetime(2026, 8, 24, tzinfo=UTC), datetime(2026, 11, 22, 16, tzinfo=UTC)
"""Thirteen weeks, up to midnight of a Sunday in Fujian; what is not done by then is open."""
HOURS = (7, 21)
"""Hours of the day in which things are reported."""
SITES, PER_SITE, SITE_REACH = 40, (12, 30), 12.0
"""Places where one class comes back, cases at each, how far from the middle they lie, metres."""
CENTRES = ("supervision_centre", "command_centre")

BODIES: Mapping[str, tuple[str, ...]] = {
    "illegal_structure": ("urban_management", "planning"),
    "exposed_rubbish": ("urban_management",),
    "construction_debris": ("housing", "urban_management"),
    "dirty_road": ("urban_management",),
    "standing_water": ("water_utility",),
    "dirty_water": ("water_utility",),
    "green_upkeep": ("parks",),
}
"""Bodies of each class, the right one first; made up."""
SHARES: Mapping[str, float] = {
    "dirty_road": 0.28, "exposed_rubbish": 0.26, "construction_debris": 0.14, "green_upkeep": 0.12,
    "standing_water": 0.08, "illegal_structure": 0.07, "dirty_water": 0.05,
}  # fmt: skip
"""Shares of the classes; made up, as are the chances below."""
REFUSED, ON_THE_SPOT, VERIFIED, RETURNED, EXTENDED, LATE, OPEN, REWORKED, JUDGED, WRONG = (
    0.04, 0.06, 0.25, 0.05, 0.03, 0.08, 0.03, 0.05, 0.10, 0.06,
)  # fmt: skip
CHANNELS = ("patrol", "public", "camera", "transferred")
CHANNEL_SHARES = (0.6, 0.3, 0.07, 0.03)


@dataclass(frozen=True)
class Label:
    """What is true of a synthetic case.

    Args:
        case: Its id.
        case_class: Its class.
        site: Number of the recurring place it belongs to; 0 for none.
        fate: What was drawn for it, in words.
    """

    case: str
    case_class: str
    site: int
    fate: str


@dataclass
class _Draw:
    """One case as it is drawn, step by step; its clock only goes on."""

    flow: Flow
    clockwork: Clockwork
    random: np.random.Generator
    moment: datetime
    evidence: Mapping[str, object]
    steps: list[Step] = field(default_factory=list)
    fate: list[str] = field(default_factory=list)
    is_over: bool = False

    def happens(self, chance: float, word: str = "") -> bool:
        """Whether something of a chance happens; says so in the fate."""
        found = bool(self.random.random() < chance)
        if found and word:
            self.fate.append(word)
        return found

    def do(self, move: str, by: str, **facts: object) -> None:
        """Make a step, unless it would lie after the end of the sample."""
        if self.is_over or self.moment >= END:
            self.is_over = True
            return
        self.steps.append(Step(move, Act(by, self.moment, "", facts)))

    def later(self, hours: float, spread: float = 1.0) -> None:
        """Let some working hours go by, more or less."""
        if self.moment >= END:
            return
        amount = max(round(hours * float(self.random.lognormal(0.0, spread)), 2), 0.02)
        due = self.clockwork.due(self.moment, Limit(min(amount, 40.0), "working_hour"))
        self.moment = due or self.moment

    def within(self, start: datetime, limit: Limit, share: float) -> None:
        """Let the time go by up to a share of a limit, counted on the wall."""
        if start >= END:
            return
        due = self.clockwork.due(start, limit) or start
        self.moment = max(self.moment, start + (due - start) * share)


def sample_cases(city: Path, *, cases: int = CASES, seed: int = SEED, names: Sequence[str] = RULEBOOKS) -> list[Label]:
    """Record synthetic cases in the synthetic city, all in one go, and write what is true of them beside them.

    Args:
        city: Folder of the city.
        cases: How many.
        seed: Seed of everything random.
        names: Rulebooks that declare the flow.

    Returns:
        The labels, in the order of the cases.

    Raises:
        BadUse: When the city was not generated, or has cases already.
    """
    opened = look_at(city)
    if not opened.profile.synthetic:
        raise BadUse("synthetic entries are only for a synthetic city", where=str(city), found=opened.profile.name)
    if cases < 1:
        raise BadUse("a sample has at least one case", where="--cases", found=cases, allowed=("10000",))
    work = open_casework(city, names, clock=lambda: END)
    if work.store.cases():
        raise BadUse("this city has cases already", where=str(city), found=f"{work.store.cases():,}")
    state = opened.state(valid=last_day(opened))
    random = np.random.default_rng(seed)
    spots = _spots(state.rows("community").shapes, cases, random)
    geographic = to_geographic(np.asarray(shapely.points(spots.places), object), state.profile.crs)
    points = np.column_stack([shapely.get_x(geographic), shapely.get_y(geographic)]).round(7)
    ids = state.rows("community").ids
    evidence = _kept_evidence(work)
    drawn = [
        _history(
            work,
            Subject(SYNTHETIC, spots.classes[one], str(ids[spots.communities[one]]), fields={"point": point}),
            spots.moments[one],
            evidence,
            random,
        )
        for one, point in enumerate(points.tolist())
    ]
    events = work.open_many([history for history, _ in drawn])
    found = list(_labels(events, drawn, spots))
    write_text(city / FOLDER / LABELS, _text(found))
    return found


@dataclass(frozen=True, eq=False)
class _Spots:
    """Where and when cases are, in the order in which they are reported."""

    places: NDArray[np.float64]
    communities: NDArray[np.int64]
    classes: Sequence[str]
    sites: NDArray[np.int64]
    moments: Sequence[datetime]


def _spots(communities: NDArray[np.object_], cases: int, random: np.random.Generator) -> _Spots:
    """Places of all cases: some at recurring sites, the rest anywhere."""
    names = list(SHARES)
    chance = np.array([SHARES[name] for name in names]) / sum(SHARES.values())
    site = np.zeros(cases, np.int64)
    counts = random.integers(*PER_SITE, size=SITES)
    taken = np.repeat(np.arange(1, SITES + 1), counts)[: cases // 4]
    site[: len(taken)] = taken
    kind = random.choice(len(names), size=cases, p=chance)
    of_site = random.choice(len(names), size=SITES + 1, p=chance)
    kind[site > 0] = of_site[site[site > 0]]
    home = random.integers(len(communities), size=cases)
    home_of_site = random.integers(len(communities), size=SITES + 1)
    home[site > 0] = home_of_site[site[site > 0]]
    bounds = shapely.bounds(communities)
    share = random.uniform(0.08, 0.92, size=(cases, 2))
    share_of_site = random.uniform(0.15, 0.85, size=(SITES + 1, 2))
    share[site > 0] = share_of_site[site[site > 0]]
    places = bounds[home, :2] + share * (bounds[home, 2:] - bounds[home, :2])
    places[site > 0] += random.uniform(-SITE_REACH, SITE_REACH, size=(int((site > 0).sum()), 2))
    moments = _moments(cases, random)
    order = np.argsort(moments, kind="stable")
    return _Spots(
        places[order], home[order], [names[one] for one in kind[order]], site[order],
        [BEGIN + timedelta(seconds=float(one)) for one in moments[order]],
    )  # fmt: skip


def _moments(cases: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Seconds since the beginning, in hours of the day on the clock of Fujian."""
    days = random.integers((END - BEGIN).days + 1, size=cases)
    hours = random.uniform(*HOURS, size=cases) - 8
    return np.asarray(days * 86_400.0 + (hours * 3600).round(), np.float64).clip(0)


def _history(
    work: Casework, subject: Subject, opened: datetime, evidence: Mapping[str, object], random: np.random.Generator
) -> tuple[History, str]:
    """One case with all that is done in it, and its fate in words."""
    flow = work.flows.on(FLOW, opened.date())
    draw = _Draw(flow, Clockwork(work.calendar, flow.duty), random, opened, evidence)
    channel = CHANNELS[int(random.choice(len(CHANNELS), p=CHANNEL_SHARES))]
    title = flow.classes[subject.case_class].title
    whole = replace(
        subject, title=f"{title.zh} {title.en}（{SYNTHETIC}）", fields={**subject.fields, "channel": channel}
    )  # fmt: skip
    _walk(draw, subject.case_class, BODIES[subject.case_class])
    return History(flow, whole, Act(CENTRES[0], opened), tuple(draw.steps)), " ".join(draw.fate) or "plain"


def _kept_evidence(work: Casework) -> dict[str, object]:
    """A file that stands for photographs nobody took, kept as evidence is."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "synthetic.txt"
        file.write_text(f"{SYNTHETIC}\n", "utf-8")
        return work.keep(file)


def _walk(draw: _Draw, case_class: str, bodies: Sequence[str]) -> None:
    """The way of one case through the seven steps."""
    supervision, command = CENTRES
    draw.later(0.1)
    if draw.happens(ON_THE_SPOT, "on_the_spot"):
        draw.do("handle_on_the_spot", supervision, evidence=draw.evidence)
        return
    if draw.happens(REFUSED, "refused"):
        draw.do("void", supervision, reason=SYNTHETIC)
        return
    if draw.happens(VERIFIED, "verified"):
        draw.do("ask_to_verify", supervision)
        draw.later(0.3)
        draw.do("confirm", supervision, evidence=draw.evidence)
    else:
        draw.do("accept", supervision)
    draw.later(0.15)
    draw.do("file", supervision)
    draw.later(0.15)
    if draw.happens(RETURNED, "returned"):
        wrong = bodies[-1] if len(bodies) > 1 else "transport"
        draw.do("dispatch", command, body=wrong)
        draw.later(0.5)
        draw.do("return", wrong, reason=SYNTHETIC)
        draw.later(0.3)
    draw.do("dispatch", command, body=bodies[0])
    draw.later(0.4)
    draw.do("take_up", bodies[0])
    _handle(draw, case_class, bodies[0])


def _handle(draw: _Draw, case_class: str, body: str) -> None:
    supervision, command = CENTRES
    limit = draw.flow.classes[case_class].limits["handling"]
    if draw.happens(OPEN, "open"):
        return
    start = draw.moment
    if draw.happens(EXTENDED, "extended"):
        draw.do("ask_extension", body, reason=SYNTHETIC)
        draw.later(0.2)
        draw.do("grant_extension", command, more=1.0)
        limit = limit.longer(1.0)
    share = float(draw.random.uniform(1.05, 2.5) if draw.happens(LATE, "late") else draw.random.beta(2, 2) * 0.97)
    draw.within(start, limit, share)
    draw.do("feed_back", body, evidence=draw.evidence)
    draw.later(0.5)
    draw.do("ask_to_check", supervision)
    draw.later(1.0)
    if draw.happens(REWORKED, "reworked"):
        draw.do("rework", supervision, reason=SYNTHETIC)
        draw.within(draw.moment, limit, 0.5)
        draw.do("feed_back", body, evidence=draw.evidence)
        draw.later(0.5)
        draw.do("ask_to_check", supervision)
        draw.later(1.0)
    draw.do("pass", supervision, evidence=draw.evidence)
    draw.later(0.2)
    draw.do("close", supervision)
    if draw.happens(JUDGED, "judged"):
        draw.later(4.0)
        right = not draw.happens(WRONG, "filed_wrongly")
        if not draw.is_over and draw.moment < END:
            act = Act(supervision, draw.moment, "", {"reason": SYNTHETIC}, {"filed_rightly": right})
            draw.steps.append(Step("evaluate", act))


def _labels(events: Sequence[Event], drawn: Sequence[tuple[History, str]], spots: _Spots) -> Iterator[Label]:
    opened = [event.case for event in events if event.kind == "open"]
    for place, (name, (_, fate)) in enumerate(zip(opened, drawn, strict=True)):
        yield Label(name, spots.classes[place], int(spots.sites[place]), fate)


def _text(labels: Sequence[Label]) -> str:
    stream = io.StringIO()
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(("case", "class", "site", "fate"))
    rows.writerows((one.case, one.case_class, one.site, one.fate) for one in labels)
    return stream.getvalue()
