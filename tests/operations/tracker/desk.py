"""A small agenda, a clock that can be set, and a desk at which bodies do things; for all tests of the tracker."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from tulou.kernel.words import Words
from tulou.operations.tracker.adapters.journal import FileJournal
from tulou.operations.tracker.domain.commitment import Agenda, Body, Commitment, Milestone, Target, Upward
from tulou.operations.tracker.domain.standing import replay
from tulou.operations.tracker.handlers.evidence import Proof, add_evidence, withdraw
from tulou.operations.tracker.handlers.judging import assess, reach_milestone, verify
from tulou.operations.tracker.handlers.requests import Request
from tulou.operations.tracker.handlers.upward import Letter, answer_matter, send_matter

BEGIN = datetime(2026, 3, 1, 8, tzinfo=UTC)
DAY = date(2026, 3, 1)


def words(text):
    return Words(f"中{text}", text)


def commitment(name, **more):
    clause = name.split(".")[0]
    plain = {"kind": "tracked", "sentences": (1,), "indicators": ("sewer_cover",), "needs": ("plan", "record")}
    return Commitment(
        id=name, clause=clause, title=words(f"clause {clause}"), says=words(f"promise {name}"),
        shown_by=words("papers"), **{**plain, **more},
    )  # fmt: skip


AGENDA = Agenda(
    documents=(words("opinion"),),
    commitments={
        one.id: one
        for one in (
            commitment("1.1", lead=("builders",), supporting=("friends",), due=date(2026, 6, 30)),
            commitment("1.2", milestones=(Milestone("half", words("half of it"), date(2026, 4, 1)),)),
            commitment("2.1", needs=("record",), target=Target(words("all of it"), "sewer_cover", 100.0)),
            commitment("26.1", upward=Upward("report", ("high",))),
            commitment("26.2", upward=Upward("apply", ())),
        )
    },
    bodies={
        name: Body(name, words(name), "department", "document")
        for name in ("builders", "friends", "auditors", "citizens", "high", "higher")
    },
    places={},
    evidence={"plan": words("plan"), "record": words("record")},
)


@dataclass
class Desk:
    """Where requests are made, one after the other, on days that are given."""

    journal: FileJournal
    agenda: Agenda = AGENDA
    moment: list = field(default_factory=lambda: [BEGIN + timedelta(days=300)])
    figures: dict = field(default_factory=dict)

    def clock(self):
        self.moment[0] += timedelta(minutes=1)
        return self.moment[0]

    def request(self, name, by, day, who=""):
        return Request(name, by, day, who)

    def give(self, name, kind="record", *, by="builders", day=DAY, digest="", who="", source="the office"):
        digest = digest or f"{name}{kind}".encode().hex().ljust(64, "0")
        proof = Proof(kind, digest, f"{kind}.pdf", 3, source)
        request = self.request(name, by, day, who)
        return add_evidence(self.agenda, self.journal, request, proof, clock=self.clock, keep=lambda: None)

    def take_back(self, name, number, *, by="builders", day=DAY, reason="wrong file"):
        return withdraw(self.agenda, self.journal, self.request(name, by, day), number, reason, clock=self.clock)

    def report(self, name, state="on_track", *, by="builders", day=DAY, note="we did it", who=""):
        request = self.request(name, by, day, who)
        return assess(
            self.agenda,
            self.journal,
            request,
            state,
            note,
            latest=lambda name, on: self.figures.get(name),
            clock=self.clock,
        )

    def reach(self, name, milestone, *, by="builders", day=DAY, note="there"):
        request = self.request(name, by, day)
        return reach_milestone(self.agenda, self.journal, request, milestone, note, clock=self.clock)

    def confirm(self, name, *, by="auditors", day=DAY, confirms=True, note="we looked", who=""):
        request = self.request(name, by, day, who)
        return verify(self.agenda, self.journal, request, note, confirms=confirms, clock=self.clock)

    def send(self, name="26.1", *, by="builders", day=DAY, title="a matter", to=(), about=""):
        request = self.request(name, by, day)
        return send_matter(self.agenda, self.journal, request, Letter(title, to, about), clock=self.clock)

    def answer(self, name, number, *, by="high", day=DAY, says="go on"):
        return answer_matter(self.agenda, self.journal, self.request(name, by, day), number, says, clock=self.clock)

    def done(self, name="1.1", *, by="builders", day=DAY):
        """Everything that *done* needs, and the claim."""
        for kind in self.agenda.commitments[name].needs:
            self.give(name, kind, by=by, day=day)
        return self.report(name, "done", by=by, day=day)

    def standing(self, name, day=DAY, known=None):
        return replay(self.agenda, self.journal.events(), day=day, known=known)[name]

    def size(self):
        return len(self.journal.events())
