"""The hotline of a city, opened: its requests, rules, cases and what was learnt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tulou.app.casework import Casework, open_casework
from tulou.app.requesters import Asker, PutAway, RequesterDesk
from tulou.app.wiring import RULEBOOKS
from tulou.kernel.clock import now
from tulou.kernel.errors import BadUse, NotEnoughData
from tulou.kernel.periods import OVER_A_MONTH, Period, period_of
from tulou.kernel.progress import Progress
from tulou.kernel.provenance import Quality, Source
from tulou.operations.cases.domain.events import Event
from tulou.operations.cases.domain.limits import Clockwork
from tulou.operations.cases.handlers.acting import Act, Subject
from tulou.operations.cases.handlers.ports import Clock
from tulou.operations.cases.handlers.recording import History, Step
from tulou.operations.hotline.adapters.models import load_model, save_model
from tulou.operations.hotline.adapters.reading import Rules, read_rules
from tulou.operations.hotline.adapters.records import read_records
from tulou.operations.hotline.adapters.shelf import keep, load
from tulou.operations.hotline.domain.acceptance import ACCEPTED, Decision, Judged, judged
from tulou.operations.hotline.domain.courses import FLOW, Course, counted, courses
from tulou.operations.hotline.domain.likeness import Pair, duplicates, groups, kindred
from tulou.operations.hotline.domain.rates import RateRule, Tally, held_on
from tulou.operations.hotline.domain.request import Request
from tulou.operations.hotline.domain.suggesting import Suggester, Suggestion
from tulou.operations.hotline.domain.themes import Theme, themes
from tulou.sources.mapping import read_mapping

if TYPE_CHECKING:
    from tulou.operations.hotline.adapters.learning import Learnt

FOLDER = "hotline"
REQUESTS, MODEL = "requests", "model"
CENTRE, TEAM, OUTSIDE = "hotline_centre", "callback_team", "outside_body"
USUAL_CLASS = "general"
LETTERS = 60
"""Letters of a text that stand for a title where there is none."""
HOUR = 3600.0
LEAST_HOURS = 1e-3 / HOUR
"""A limit is above zero: what was due as it came gets a thousandth of a second, less than records are kept to."""
MOVES: dict[Decision, str] = {"accept": "accept", "consult": "answer", "decline": "decline", "refer": "refer"}
NO_SUCH_REQUEST = "there is no such request"


@dataclass(frozen=True)
class Taken:
    """What one table gave to the hotline.

    Args:
        requests: The requests in the order of the table, with the tokens of who asked.
        source: What was read.
        quality: What was met on the way.
        requesters: What became of who asked.
    """

    requests: tuple[Request, ...]
    source: Source
    quality: Quality
    requesters: PutAway


@dataclass(eq=False)
class Hotline:
    """The hotline of one city.

    Args:
        city: Folder of the city.
        work: Its cases.
        rules: Rules of the hotline.
    """

    city: Path
    work: Casework
    rules: Rules

    @property
    def folder(self) -> Path:
        """Where requests and what was learnt are kept."""
        return self.city / FOLDER

    @cached_property
    def requests(self) -> tuple[Request, ...]:
        """All requests on record, by the moment they came in."""
        return load(self.folder / REQUESTS)

    @cached_property
    def courses(self) -> list[Course]:
        """The cases of the hotline with their steps."""
        events = self.work.store.events()
        digests = {one.facts["flow"] for one in events if "flow" in one.facts}
        flows = {digest: self.work.store.flow(digest) for digest in digests}
        clockworks = {digest: Clockwork(self.work.calendar, flow.duty) for digest, flow in flows.items()}
        return courses(events, flows, clockworks)

    @cached_property
    def suggester(self) -> Suggester | None:
        """What was learnt; None when nothing was."""
        place = self.folder / MODEL
        return load_model(place) if place.is_dir() else None

    def request(self, name: str) -> Request:
        """One request.

        Raises:
            BadUse: When there is none of that id.
        """
        found = next((one for one in self.requests if one.id == name), None)
        if found is None:
            allowed = tuple(one.id for one in self.requests) or ("none yet: tulou hotline import",)
            raise BadUse(NO_SUCH_REQUEST, where="REQUEST", found=name, allowed=allowed)
        return found

    def take_in(self, file: Path, mapping: Path) -> Taken:
        """Read the records of a table and keep them; who asked goes into the store of requesters, or nowhere.

        Raises:
            BadInput: When it cannot be read; nothing is kept then.
            BadUse: When it holds requesters and the account may not record them; nothing is kept then.
        """
        found = read_records(file, read_mapping(mapping), offset=self.offset)
        moments = {one.id: one.received for one in found.requests}
        askers = [Asker(name, moments[name], details) for name, details in found.requesters.items()]
        desk = RequesterDesk(self.city, self.work.names, CENTRE)
        with desk.putting_away(askers, self.work.clock()) as away:
            known = {one.id: one.token for one in self.requests if one.token}
            is_new, known = not away.tokens.items() <= known.items(), known | dict(away.tokens)
            requests = tuple(one if one.token else replace(one, token=known.get(one.id, "")) for one in found.requests)
            keep(self.folder / REQUESTS, requests, found.source, is_new=is_new)
        self.__dict__.pop("requests", None)
        return Taken(requests, found.source, found.quality, away)

    @property
    def offset(self) -> float:
        """Hours by which the city's clock is ahead of UTC."""
        return self.work.flows.versions[FLOW][-1].duty.offset

    def judged(self, request: Request) -> Judged:
        """What the acceptance list proposes."""
        return judged(request, self.rules.items)

    def suggested(self, requests: Sequence[Request]) -> list[Suggestion]:
        """Where requests belong, as suggested; nothing when nothing was learnt."""
        return self.suggester.suggest(requests) if self.suggester is not None else []

    def keep_model(self, suggester: Suggester) -> str:
        """Keep what was learnt in place of what was before; gives its digest."""
        self.__dict__.pop("suggester", None)
        return save_model(suggester, self.folder / MODEL)

    def accept(self, request: Request, decision: Decision, act: Act, *, rule: str, case_class: str = "") -> Event:
        """Open the case of a request as a person decided: accept, answer, decline or refer.

        Args:
            request: The request.
            decision: What was decided.
            act: Who decides, when, with what reason.
            rule: Item of the acceptance list it is decided by.
            case_class: Class of the case, which sets the limit of its answer.

        Raises:
            BadUse: When it has a case, or may not be decided so.
        """
        known = {one.id for one in self.rules.items} | {ACCEPTED}
        if rule not in known:
            raise BadUse("the acceptance list has no such item", where="--rule", found=rule, allowed=sorted(known))
        self._must_be_new(request)
        held = self.work.flows.on(FLOW, act.happened.date())
        opened = replace(act, facts={}, who="", fields={})
        history = History(
            held, subject_of(request, case_class or USUAL_CLASS, self._earliest(request)), opened,
            [Step(MOVES[decision], replace(act, fields={"rule": rule}))],
        )  # fmt: skip
        return self.work.open_many([history])[-1]

    def dispatch(self, case: str, act: Act) -> Event:
        """Dispatch a case as a person decided; what was suggested is kept beside it.

        Raises:
            BadUse: When it may not be dispatched so.
        """
        held = next((one for one in self.courses if one.case.id == case), None)
        request = next((one for one in self.requests if held and one.id == held.request), None)
        found = self.suggested([request]) if request else []
        told = [f"{name} {chance:.3f}" for one in found for name, chance in one.ranked]
        fields = {**act.fields, **({"suggested": told} if told else {})}
        return self.work.do(case, "dispatch", replace(act, fields=fields))

    def replay(self, requests: Sequence[Request], who: str) -> tuple[Event, ...]:
        """Record requests of another system as cases, each with the limit that its own due moment sets.

        Args:
            requests: The requests.
            who: What signs for the dispatch: the name of the source.

        Raises:
            BadUse: When one has a case already.
        """
        known = {one.request for one in self.courses}
        again = [one.id for one in requests if one.id in known]
        if again:
            raise BadUse("this request has a case", where="REQUEST", found=again[0], allowed=("tulou case list",))
        done = self.work.open_many([self._history(one, who) for one in requests])
        self.__dict__.pop("courses", None)
        return done

    def _history(self, request: Request, who: str) -> History:
        held = self.work.flows.on(FLOW, request.received.date())
        act = Act(CENTRE, request.received)
        facts: dict[str, object] = {"body": OUTSIDE}
        move = "dispatch_open"
        if request.due is not None:
            hours = (request.due - request.received).total_seconds() / HOUR
            facts["limit"] = {"amount": max(hours, LEAST_HOURS), "unit": "natural_hour"}
            move = "dispatch_within"
        fields = {"handled_by": request.body} if request.body else {}
        steps = [Step("accept", replace(act, fields={"rule": ACCEPTED}))]
        steps.append(Step(move, replace(act, who=who, facts=facts, fields=fields)))
        if request.closed is not None:
            answer = request.answer[: LETTERS * LETTERS] or request.status or "closed"
            steps.append(Step("reply", Act(OUTSIDE, request.closed, facts={"reason": answer})))
            asked = {"reason": "no call-back is on record at the source"}
            steps.append(Step("close_unasked", Act(TEAM, request.closed, who, asked)))
        return History(held, subject_of(request), act, steps)

    def duplicates(self, metres: float | None = None) -> list[Pair]:
        """Pairs of requests that may be one matter."""
        return duplicates(self.requests, self.rules.likeness_on(self.today), metres)

    def themes(self, fewest: int | None = None) -> list[Theme]:
        """Candidates for a theme of the month, with what speaks for each."""
        return self.themes_of(self.requests, fewest)

    def themes_of(self, requests: Sequence[Request], fewest: int | None = None) -> list[Theme]:
        """Candidates among some requests."""
        rule = self.rules.likeness_on(self.today)
        pairs = kindred(requests, rule)
        found = groups(pairs, len(requests), fewest or rule.fewest)
        return themes(requests, found, pairs, self.solved(), self.local_time)

    def solved(self) -> dict[str, bool]:
        """Whether the matter of each request was solved, where somebody was validly asked."""
        asked = ((one.request, one.last("call_back")) for one in self.courses)
        return {name: bool(move.stated.get("solved")) for name, move in asked if move and move.stated.get("valid")}

    def rate_rule(self, day: date) -> RateRule:
        """The rule of the three rates that holds on a day."""
        return held_on(self.rules.rates, day)

    def tallies(self, period: Period) -> dict[str, Tally]:
        """What is counted by body within a window, looked from its end or now, whichever is earlier."""
        return counted(self.courses, period.start, period.end, min(period.end, self.work.clock()))

    @property
    def today(self) -> date:
        """The day on the city's clock."""
        return (self.work.clock() + timedelta(hours=self.offset)).date()

    def period(self, text: str = "") -> Period:
        """The daily window that ends on a day, or the assessed month that is named for the month it ends in.

        Args:
            text: A day like 2026-11-27, or a month like 2026-11; the month that lasts when empty.

        Raises:
            BadUse: When it is neither.
        """
        named = period_of(text or self._lasting(), self.local_time)
        first = named.start.astimezone(self.local_time).date()
        rule = self.rate_rule(first)
        if named.is_day:
            hour, minute = map(int, rule.day_from.split(":"))
            end = self._local(first) + timedelta(hours=hour, minutes=minute)
            return Period(end - timedelta(days=1), end, named.name)
        begin = rule.month_from
        if begin == 1:
            return named
        before = (first - timedelta(days=1)).replace(day=begin)
        return Period(self._local(before), self._local(first.replace(day=begin)), named.name)

    def _lasting(self) -> str:
        """The assessed month that lasts."""
        begin = self.rate_rule(self.today).month_from
        is_next = 1 < begin <= self.today.day
        return f"{(self.today.replace(day=1) + OVER_A_MONTH) if is_next else self.today:%Y-%m}"

    @property
    def local_time(self) -> timezone:
        """The city's clock."""
        return self.work.flows.versions[FLOW][-1].duty.local_time

    def _local(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=self.local_time).astimezone(UTC)

    def _must_be_new(self, request: Request) -> None:
        found = next((one.case.id for one in self.courses if one.request == request.id), None)
        if found is not None:
            raise BadUse("this request has a case", where="REQUEST", found=request.id, allowed=(found,))

    def _earliest(self, request: Request) -> str | None:
        """Case of an earlier request that may be the same matter, within the days of a repeat."""
        if not self.requests:
            return None
        rule = self.rules.likeness_on(self.today)
        span = timedelta(days=rule.days)
        near = [one for one in self.requests if request.received - span <= one.received and one.id != request.id]
        near = [one for one in near if one.received <= request.received]
        cases = {one.request: one.case.id for one in self.courses}
        alike = duplicates([*near, request], rule)
        ends = (end for pair in alike if len(near) in {pair.first, pair.second} for end in (pair.first, pair.second))
        return next((cases[near[i].id] for i in sorted(set(ends)) if i < len(near) and near[i].id in cases), None)


def subject_of(request: Request, case_class: str = "", repeat_of: str | None = None) -> Subject:
    """What a case states of a request: no text and nobody's name, only where the text is kept."""
    title = request.title or request.text[:LETTERS] or "/".join(request.category) or request.id
    stated: dict[str, object] = {
        "request": request.id, "kind": request.kind, "channel": request.channel, "requester": request.token,
        "category": list(request.category), "repeat_of": repeat_of,
        "point": [request.lon, request.lat] if request.is_placed else None,
    }  # fmt: skip
    return Subject(title, case_class, request.place, fields={name: value for name, value in stated.items() if value})


def open_hotline(city: Path, names: Sequence[str] = RULEBOOKS, *, clock: Clock = now) -> Hotline:
    """Open the hotline of a city.

    Raises:
        BadInput: When there is no city, or a rule cannot be read.
    """
    return Hotline(city, open_casework(city, names, clock=clock), read_rules(list(names)))


def learn_from(
    hotline: Hotline, file: Path, mapping: Path, day: date, progress: Progress | None = None
) -> tuple[Learnt, str]:
    """Learn where requests belong from a table that says it, measure it, and keep it.

    Returns:
        What was learnt, and the digest by which it is kept.

    Raises:
        BadInput: When the table cannot be read.
        NotEnoughData: When it holds too little.
        MissingExtra: When scikit-learn is not installed.
    """
    from tulou.operations.hotline.adapters.learning import learn  # brings the extra 'text'

    intake = read_records(file, read_mapping(mapping), offset=hotline.offset)
    if not any(one.category for one in intake.requests):
        raise NotEnoughData("nothing says where these requests belong", where=file.name, allowed=("category: COLUMN",))
    settings = hotline.rules.settings_on(day)
    found = learn(intake.requests, settings, day, digest=intake.source.digest, progress=progress)
    return found, hotline.keep_model(found.suggester)
