"""Inspections of a city, opened: the yearly plan, random draws, visits as cases, caps, what random visits tell."""

from __future__ import annotations

import math
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from tulou.app.casework import Casework, open_casework
from tulou.app.safety import Safety, open_safety
from tulou.app.wiring import RULEBOOKS
from tulou.kernel.atomic import write_text
from tulou.kernel.clock import now
from tulou.kernel.errors import BadUse, NotEnoughData, TulouError
from tulou.operations.cases.domain.case import Case
from tulou.operations.cases.domain.events import Event
from tulou.operations.cases.handlers.acting import Act, Subject
from tulou.operations.cases.handlers.ports import Clock
from tulou.operations.cases.handlers.recording import History
from tulou.operations.inspections.adapters import files
from tulou.operations.inspections.adapters.chains import Chains, read_chains
from tulou.operations.inspections.adapters.rules import (
    STRATA,
    InspectingBody,
    InspectionBook,
    InspectionRules,
    read_bodies,
    read_inspection_rules,
)
from tulou.operations.inspections.domain.caps import Breach, Visited, breaches, counted, room
from tulou.operations.inspections.domain.drawing import (
    Certificate,
    Inspector,
    Order,
    Stratum,
    draw,
    ordered,
    seed_digest,
    shares,
)
from tulou.operations.inspections.domain.planning import Firm, YearPlan, yearly_plan
from tulou.operations.inspections.domain.prevalence import Prevalence, StratumResult, prevalence
from tulou.operations.inspections.domain.timetable import Visit, timetable
from tulou.operations.safety.domain.grading import Colour, gravest

FOLDER = "inspections"
DRAWS = "draws"
FLOW, DRAW_FLOW = "inspection", "inspection_draw"
ROUTINE = "routine"
SEED_BYTES = 32
BETWEEN = ";"
"""Between the entries of a list in one cell of a register."""

NO_BODIES = "no body that inspects is declared"
CAP_REACHED = "the cap of this year is reached"
NOT_ABLE = "this inspector may not make this visit"


@dataclass(frozen=True)
class Planned:
    """A plan with its visits.

    Args:
        year: Its year.
        plan: What the programme gave.
        visits: The visits with their months.
        drawn: Draws whose enterprises are in it, by (enterprise, body): draw and stratum.
        rules: The rules it was made by.
        commit: Number of the last commit it saw.
    """

    year: int
    plan: YearPlan
    visits: tuple[Visit, ...]
    drawn: Mapping[tuple[str, str], tuple[str, str]]
    rules: InspectionRules
    commit: int

    @property
    def text(self) -> str:
        """The plan as its file holds it."""
        lines = [{**asdict(one), "drawn": self._drawn(one)} for one in self.visits]
        plain = {key: value for key, value in asdict(self.plan).items() if key != "firms"}
        rules = {"from": str(self.rules.since), "caps": asdict(self.rules.caps), "plan": asdict(self.rules.plan)}
        return files.text_of(
            {"year": self.year, "commit": self.commit, "rules": rules, "proof": plain, "visits": lines}
        )

    def _drawn(self, visit: Visit) -> list[dict[str, str]]:
        if visit.number != 1:
            return []
        found = [
            (body, self.drawn[visit.enterprise, body])
            for body in visit.bodies
            if (visit.enterprise, body) in self.drawn
        ]
        return [{"body": body, "draw": name, "stratum": stratum} for body, (name, stratum) in found]


@dataclass(eq=False)
class Inspecting:
    """Inspections of one city.

    Args:
        city: Folder of the city.
        safety: Enterprises, risks and credit on the day that is looked at.
        work: Its cases.
        book: Rules of inspections through time.
        bodies: Bodies that inspect, by id.
        chains: Chains of enforcement.
    """

    city: Path
    safety: Safety
    work: Casework
    book: InspectionBook
    bodies: Mapping[str, InspectingBody]
    chains: Chains

    @property
    def day(self) -> date:
        """The day that is looked at."""
        return self.safety.day

    @property
    def rules(self) -> InspectionRules:
        """The rules of that day."""
        return self.book.on(self.day)

    @cached_property
    def colours(self) -> dict[str, Colour | None]:
        """Gravest colour of each enterprise; None where too little is known, also where no risk is on record."""
        found: dict[str, list[Colour | None]] = {}
        for one in self.safety.risks:
            found.setdefault(one.risk.enterprise, []).append(one.now.colour)
        return {code: gravest(found.get(code, [None]))[0] for code in self.safety.enterprises}

    def strata(self, codes: Iterable[str]) -> dict[str, list[str]]:
        """Enterprises by stratum: the first letter of the credit grade, ``unknown`` where there is none."""
        grades = self.safety.credits()
        found: dict[str, list[str]] = {name: [] for name in STRATA}
        for code in codes:
            letter = grades[code].grade[:1].lower() if code in grades else ""
            found[letter if letter in found else "unknown"].append(code)
        return found

    def visited(self, year: int, moment: datetime) -> list[Visited]:
        """Visits of a year that took place: those whose visitors signed in."""
        cases = self._cases(moment)
        zone = self.work.flows.on(FLOW, self.day).duty.local_time
        names = [
            event.case
            for event in self.work.store.events()
            if event.move == "sign_in" and event.case in cases and event.happened <= moment
            and event.happened.astimezone(zone).year == year
        ]  # fmt: skip
        return [_visited(cases[name]) for name in dict.fromkeys(names)]

    def breaches(self, year: int, moment: datetime) -> list[Breach]:
        """Enterprises that were visited more often than they may be."""
        return breaches(self.visited(year, moment), self.rules.kinds, self.rules.caps)

    def plan(self, year: int, draws: Sequence[str] = (), *, first: int = 1) -> Planned:
        """Make the plan of a year.

        Args:
            year: The year.
            draws: Names of draws whose enterprises are to be in it.
            first: First month that is left.

        Raises:
            BadUse: When no body that inspects is declared, or there is no such draw.
            NotEnoughData: When what is required does not fit.
        """
        self._must_have_bodies()
        rules = self.rules
        drawn = {
            (one.enterprise, found.order.body): (name, one.stratum)
            for name in draws
            for found in [files.read_certificate(self._draw(name) / files.CERTIFICATE)]
            for one in found.drawn
        }
        drawing = {body for _, body in drawn}
        bodies = {name: one.planned(0.0 if name in drawing else rules.plan.floor) for name, one in self.bodies.items()}
        before = counted(self.visited(year, self.work.clock()), rules.kinds)
        firms = [self._firm(code, drawn, before.get(code, Counter())) for code in self.safety.enterprises]
        found = yearly_plan(
            [one for one in firms if one.bodies], bodies, rules.caps, burden=rules.plan.burden, gap=rules.plan.gap
        )
        visits = timetable(found.firms, bodies, first=first)
        return Planned(year, found, visits, drawn, rules, self.safety.state.moment.record or 0)

    def keep_plan(self, planned: Planned) -> Path:
        """Write a plan beside the city; one that stands there is replaced."""
        path = self.city / FOLDER / f"plan-{planned.year}.json"
        write_text(path, planned.text)
        return path

    def order(self, name: str, body: str, act: Act, *, public: str = "", seed: str = "") -> tuple[Order, int]:
        """Order a draw: publish who may be drawn and the digest of a seed that stays sealed.

        Args:
            name: Name of the draw.
            body: Body that draws for its own inspections.
            act: Who orders it, when.
            public: The public value that will be joined, in words; empty for none.
            seed: The seed, 64 hexadecimal digits; made here when empty.

        Returns:
            The order, and how many enterprises were left out because the cap of the year is reached.

        Raises:
            BadUse: When the body does not inspect, a draw has that name, or the case may not be opened.
            NotEnoughData: When there is nobody to draw.
        """
        made = seed or secrets.token_hex(SEED_BYTES)
        found, left_out = self._ordered(name, self._body(body), str(act.happened.date()), public, seed_digest(made))
        folder = self._draw(name)
        files.write_order(folder, found, made)
        fields = {"draw": name, "order": found.digest, "seed_digest": found.seed_digest, "public": public or None}
        title = f"{name}: {found.digest}"
        try:
            self.work.open_matter(DRAW_FLOW, Subject(title, body=act.by, fields=fields), act)
        except TulouError:
            files.drop_order(folder)
            raise
        return found, left_out

    def reveal(self, name: str, act: Act, public: str = "") -> Path:
        """Reveal the seed of a draw and make it.

        Args:
            name: Name of the draw.
            act: Who reveals it, when.
            public: The public value, as it was announced.

        Returns:
            The certificate.

        Raises:
            BadUse: When it was not ordered, was made already, or the public value is missing.
        """
        folder = self._draw(name)
        order, seed = files.read_order(folder)
        case = self._case_of_draw(name)
        if case.fields.get("order") != order.digest:
            raise BadUse("the order was changed since it was put on record", where=name, found=order.digest)
        found = draw(order, seed, public)
        path = files.write_certificate(folder, found)
        try:
            given = Act(act.by, act.happened, act.who, act.facts, {"drawn": len(found.drawn)})
            self.work.do(case.id, "reveal", given, path)
        except TulouError:
            path.unlink()
            raise
        (folder / files.SEED).unlink()
        return path

    def open_visits(self, visits: Sequence[Mapping[str, Any]], act: Act, texts: Mapping[str, str]) -> tuple[Event, ...]:
        """Open a case for each visit of a plan or a draw that has none yet; all or none.

        Args:
            visits: Fields of each visit.
            act: Who opens them, when.
            texts: Title of each by its name.
        """
        known = {case.fields.get("visit") for case in self._cases(self.work.clock()).values()}
        flow = self.work.flows.on(FLOW, act.happened.date())
        histories = [
            History(flow, Subject(texts[one["visit"]], place=one["enterprise"], body=one["bodies"][0], fields=one), act)
            for one in visits
            if one["visit"] not in known
        ]
        return self.work.open_many(histories) if histories else ()

    def planned_visits(self, year: int, month: int) -> list[dict[str, Any]]:
        """Visits of one month of the plan that is kept.

        Raises:
            NotEnoughData: When no plan of that year is kept.
        """
        path = self.city / FOLDER / f"plan-{year}.json"
        if not path.is_file():
            raise NotEnoughData("no plan of this year is kept", where=str(year), allowed=("tulou inspect plan",))
        found = []
        for one in files.read_json(path)["visits"]:
            if one["month"] != month:
                continue
            drawn = one["drawn"][0] if one["drawn"] else {}
            found.append(
                {
                    **self._fields(one["enterprise"], one["bodies"], _named(year, one, drawn)),
                    "origin": "draw" if drawn else "plan",
                    "month": month,
                    **({"draw": drawn["draw"], "stratum": drawn["stratum"]} if drawn else {}),
                }
            )
        return found

    def drawn_visits(self, name: str) -> list[dict[str, Any]]:
        """Visits of a draw."""
        found = files.read_certificate(self._draw(name) / files.CERTIFICATE)
        return [
            {
                **self._fields(one.enterprise, [found.order.body], f"{name}/{one.enterprise}"),
                "origin": "draw",
                "draw": name,
                "stratum": one.stratum,
            }
            for one in found.drawn
        ]

    def single_visit(self, name: str, code: str, bodies: Sequence[str], kind: str) -> dict[str, Any]:
        """A visit because of a single matter.

        Raises:
            BadUse: When there is no such kind, body or enterprise.
        """
        if kind not in self.rules.kinds:
            raise BadUse(
                "there is no such kind of inspection", where="--kind", found=kind, allowed=tuple(self.rules.kinds)
            )
        found = self._fields(self.safety.enterprise(code).code, [self._body(one).id for one in bodies], name)
        return {**found, "kind": kind, "origin": "matter"}

    def sign_in(self, name: str, act: Act, inspectors: Sequence[str], token: str) -> Event:
        """Record that the visitors signed in, within the caps, by inspectors who may.

        Args:
            name: Id of the case of the visit.
            act: Who records it, when.
            inspectors: Certificates of the inspectors; those that were drawn when empty.
            token: Token of the scan.

        Raises:
            BadUse: When a cap is reached, an inspector may not inspect this enterprise, or too few come.
        """
        case = self._visit_case(name)
        visit = _visited(case)
        self._must_have_room(visit, act.happened)
        coming = list(inspectors) or self._drawn_for(case)
        self._must_be_able(case, coming)
        fields = {"inspectors": coming, "token": token or None}
        return self.work.do(name, "sign_in", Act(act.by, act.happened, act.who, act.facts, fields))

    def prevalence(self, name: str, moment: datetime) -> tuple[list[StratumResult], Prevalence]:
        """What the visits of a draw tell of all enterprises it could have drawn."""
        order = files.read_certificate(self._draw(name) / files.CERTIFICATE).order
        cases = [
            one for one in self._cases(moment).values() if one.fields.get("draw") == name and "violations" in one.fields
        ]
        strata = []
        for stratum in order.strata:
            seen = [one for one in cases if one.fields.get("stratum") == stratum.id]
            found = sum(one.fields["violations"] > 0 for one in seen)
            strata.append(StratumResult(stratum.id, len(stratum.members), len(seen), found))
        return strata, prevalence(strata)

    def certificates(self) -> list[Certificate]:
        """Draws that were made, by name."""
        places = sorted((self.city / FOLDER / DRAWS).glob(f"*/{files.CERTIFICATE}"))
        return [files.read_certificate(one) for one in places]

    def visit_cases(self, moment: datetime) -> dict[str, Case]:
        """Cases of visits at a moment."""
        return self._cases(moment)

    def _ordered(self, name: str, body: InspectingBody, day: str, public: str, digest: str) -> tuple[Order, int]:
        rules = self.rules
        able = [one for one in self.safety.enterprises.values() if one.trade in body.trades]
        before = counted(self.visited(self.day.year, self.work.clock()), rules.kinds)
        open_ = [one for one in able if room(before.get(one.code, Counter()), body.level, rules.caps) > 0]
        if not open_:
            raise NotEnoughData("there is no enterprise to draw from", where=body.id, found=f"{len(able)}")
        strata = self.strata(one.code for one in open_)
        most = math.floor(body.days * rules.plan.floor / body.per_visit)
        counts = shares([(key, len(members)) for key, members in strata.items()], rules.draw.strata, most)
        made = Order(
            name,
            body.id,
            day,
            tuple(Stratum(key, counts[key], tuple(members)) for key, members in strata.items() if members),
            {one.code: one.trade for one in open_},
            self._inspectors(body.id),
            rules.draw.each,
            rules.draw.most,
            digest,
            public,
            f"{rules.since}: {rules.draw.source}",
        )
        return ordered(made), len(able) - len(open_)

    def _inspectors(self, body: str) -> tuple[Inspector, ...]:
        rows = self.safety.state.rows("inspector")
        texts = (rows.texts(name) for name in ("body", "qualified_for", "conflicts"))
        return tuple(
            Inspector(str(name), _listed(trades), _listed(conflicts))
            for name, own, trades, conflicts in zip(rows.ids, *texts, strict=True)
            if own == body
        )

    def _firm(self, code: str, drawn: Mapping[tuple[str, str], object], before: Mapping[str, int]) -> Firm:
        rules, firm = self.rules.plan, self.safety.enterprises[code]
        bodies = tuple(name for name, one in self.bodies.items() if firm.trade in one.trades)
        required = {name: self.bodies[name].required.get(firm.trade, 0) for name in bodies}
        required |= {name: max(required[name], 1) for name in bodies if (code, name) in drawn}
        value = rules.colours[self.colours[code] or "unknown"]
        return Firm(code, value, rules.rate, {name: count for name, count in required.items() if count}, bodies, before)

    def _fields(self, code: str, bodies: Sequence[str], name: str) -> dict[str, Any]:
        levels = sorted({self._body(one).level for one in bodies})
        return {"enterprise": code, "bodies": list(bodies), "levels": levels, "kind": ROUTINE, "visit": name}

    def _body(self, name: str) -> InspectingBody:
        self._must_have_bodies()
        if name not in self.bodies:
            raise BadUse("this body does not inspect", where="--body", found=name, allowed=tuple(self.bodies))
        return self.bodies[name]

    def _must_have_bodies(self) -> None:
        if not self.bodies:
            raise BadUse(
                NO_BODIES, where="inspections/bodies.yaml", allowed=("--rulebook rongcheng", "a rulebook of your own")
            )

    def _draw(self, name: str) -> Path:
        if not name or not all(letter.isalnum() or letter in "-_" for letter in name):
            raise BadUse(
                "a draw is named by letters, digits and strokes", where="--id", found=name, allowed=("2026-1",)
            )
        return self.city / FOLDER / DRAWS / name

    def _cases(self, moment: datetime) -> dict[str, Case]:
        return {name: one for name, one in self.work.cases(moment).items() if one.flow == FLOW}

    def _case_of_draw(self, name: str) -> Case:
        cases = self.work.cases(self.work.clock()).values()
        found = [one for one in cases if one.flow == DRAW_FLOW and one.fields.get("draw") == name and one.ended is None]
        if not found:
            raise BadUse("no open case of this draw is on record", where="DRAW", found=name)
        return found[-1]

    def _visit_case(self, name: str) -> Case:
        cases = self._cases(self.work.clock())
        if name not in cases:
            raise BadUse("this is no case of a visit", where="CASE", found=name, allowed=tuple(cases))
        return cases[name]

    def _must_have_room(self, visit: Visited, moment: datetime) -> None:
        rules = self.book.on(moment.date())
        if visit.kind in rules.kinds and not rules.kinds[visit.kind].is_capped:
            return
        zone = self.work.flows.on(FLOW, moment.date()).duty.local_time
        made = self.visited(moment.astimezone(zone).year, self.work.clock())
        before = counted(made, rules.kinds).get(visit.enterprise, Counter())
        full = [level for level in sorted(visit.levels) if room(before, level, rules.caps) < 1]
        if full:
            free = [one.id for one in rules.kinds.values() if not one.is_capped]
            found = f"{visit.enterprise}: {', '.join(full)} {before.get(full[0], 0)}"
            raise BadUse(CAP_REACHED, where=f"{visit.case}: sign_in", found=found, allowed=free)

    def _drawn_for(self, case: Case) -> list[str]:
        """Inspectors that were drawn for a visit; none where it was not drawn."""
        name = case.fields.get("draw", "")
        found = files.read_certificate(self._draw(name) / files.CERTIFICATE).drawn if name else ()
        return [who for one in found if one.enterprise == case.fields["enterprise"] for who in one.inspectors]

    def _must_be_able(self, case: Case, inspectors: Sequence[str]) -> None:
        coming = {one.id: one for body in case.fields["bodies"] for one in self._inspectors(body)}
        code = case.fields["enterprise"]
        trade = self.safety.enterprises[code].trade if code in self.safety.enterprises else ""
        able = [one.id for one in coming.values() if code not in one.conflicts and trade in one.trades]
        wrong = [one for one in inspectors if one not in able]
        if wrong:
            raise BadUse(NOT_ABLE, where=f"{case.id}: --inspectors", found=wrong[0], allowed=able)
        if len(set(inspectors)) < self.rules.draw.each:
            few, most = len(set(inspectors)), self.rules.draw.each
            raise BadUse(
                "too few inspectors come", where=f"{case.id}: --inspectors", found=few, allowed=(f"{most} or more",)
            )


def open_inspecting(
    city: Path,
    day: date | None = None,
    record: str | None = None,
    names: Sequence[str] = RULEBOOKS,
    *,
    clock: Clock = now,
) -> Inspecting:
    """Open the inspections of a city.

    Args:
        city: Folder of the city.
        day: Day in the world; the newest day known by default.
        record: Commit, tag or moment; everything known by default.
        names: Rulebooks.
        clock: Tells the time.

    Raises:
        BadInput: When there is no city, or rules cannot be read.
    """
    rules = list(names)
    return Inspecting(
        city,
        open_safety(city, day, record, rules),
        open_casework(city, rules, clock=clock),
        read_inspection_rules(rules),
        read_bodies(rules),
        read_chains(rules),
    )


def _named(year: int, visit: Mapping[str, Any], drawn: Mapping[str, str]) -> str:
    """How a visit is called: by its draw where it was drawn, so that it is not opened a second time."""
    if drawn:
        return f"{drawn['draw']}/{visit['enterprise']}"
    return f"{year}/{visit['enterprise']}/{visit['number']}"


def _visited(case: Case) -> Visited:
    return Visited(
        case.fields["enterprise"], frozenset(case.fields["levels"]), str(case.fields.get("kind", "")), case.id
    )


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(BETWEEN) if part.strip())
