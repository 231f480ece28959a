import shutil
from datetime import date

import pytest

from tulou.app.alarms import table_of
from tulou.app.wiring import dictionary
from tulou.kernel.facts import Facts
from tulou.model.state import Profile
from tulou.model.store.city import City
from tulou.operations.alarms.adapters.sensorthings import Placed
from tulou.operations.alarms.domain.rules import Sensor

SENSORS = (
    Sensor("a", "gas", "methane", "percent_lel", "pipe/1", "risk-7", low=0.0),
    Sensor("e", "gas", "ethane", "ppm", "pipe/1"),
    Sensor("q", "water", "flow", "m3/h", "district/a"),
)


@pytest.fixture(scope="session")
def _city(tmp_path_factory):
    """A city that knows nothing but its sensors."""
    path = tmp_path_factory.mktemp("alarms") / "town.city"
    made = City.create(path, profile=Profile("Town", "EPSG:4549", synthetic=True), dictionary=dictionary())
    facts = Facts("sensor", table_of([Placed(one) for one in SENSORS]))
    made.commit([facts], who="test", message="sensors", valid_from=date(2018, 1, 1))
    return path


@pytest.fixture
def city(_city, tmp_path):
    return shutil.copytree(_city, tmp_path / "town.city")
