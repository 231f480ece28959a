"""A desk with an empty journal."""

import pytest

from operations.tracker.desk import Desk
from tulou.operations.tracker.adapters.journal import FileJournal


@pytest.fixture
def desk(tmp_path):
    made = Desk(FileJournal(tmp_path / "city" / "events.jsonl"))
    made.journal.clock = made.clock
    return made
