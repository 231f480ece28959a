import pytest

from operations.cases.desk import Desk


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path / "cases" / "cases.sqlite")
