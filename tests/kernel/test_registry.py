"""Registries: names once, order by name, a guess for a wrong one, additions that leave the old one as it was."""

from dataclasses import dataclass

import pytest

from tulou.kernel import registry
from tulou.kernel.errors import BadUse
from tulou.kernel.registry import Named, Registry, from_outsiders


@dataclass(frozen=True)
class Thing:
    name: str
    size: int = 0


class Point:
    def __init__(self, name):
        self.name = name

    def load(self):
        return f"loaded {self.name}"


def things(*names):
    return Registry("thing", [Thing(name) for name in names])


def test_entries_stand_in_the_order_of_their_names():
    found = things("c", "a", "b")
    assert list(found) == ["a", "b", "c"]
    assert len(found) == 3
    assert "b" in found
    assert "d" not in found
    assert found["b"] == Thing("b")
    assert isinstance(found["a"], Named)


def test_a_name_stands_once():
    with pytest.raises(BadUse, match="two things have one name"):
        things("a", "a")
    with pytest.raises(BadUse, match="two things have one name"):
        things("a").joined([Thing("a", 1)])


def test_a_wrong_name_gets_a_guess():
    with pytest.raises(BadUse, match="did you mean: station") as caught:
        things("station", "parcel")["staton"]
    assert caught.value.faults[0].allowed == ("parcel", "station")


def test_more_entries_make_a_new_registry():
    old = things("a")
    new = old.joined([Thing("b")])
    assert list(old) == ["a"]
    assert list(new) == ["a", "b"]


def test_other_packages_are_loaded_in_the_order_of_their_names(monkeypatch):
    asked = []

    def points(*, group):
        asked.append(group)
        return [Point("two"), Point("one")]

    monkeypatch.setattr(registry, "entry_points", points)
    assert from_outsiders("tulou.measures") == ["loaded one", "loaded two"]
    assert asked == ["tulou.measures"]
