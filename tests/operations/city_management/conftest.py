import pytest

from operations.cases.desk import Desk
from tulou.operations.cases.handlers.acting import Act, case_of, do


class OwnDesk(Desk):
    """A desk that also states fields."""

    def do(self, name, move, by, *, who="", at=None, fields=None, **facts):
        act = Act(by, at or self.moment, who, facts, fields or {})
        return do(
            self.store, name, move, act, verdict=lambda _finding: self.verdict, keep=lambda: None, clock=self.clock
        )

    def flow_of(self, name):
        return case_of(self.store, name)[1]


@pytest.fixture
def desk(tmp_path):
    return OwnDesk(tmp_path / "cases" / "cases.sqlite")
