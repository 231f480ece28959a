"""Merging: a branch becomes one commit; what both sides changed differently is a conflict, and nothing is kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from model.made import dictionary, facts, new_city, put, values
from tulou.kernel.clock import Moment
from tulou.kernel.errors import BadUse, Conflict
from tulou.model.changes import changes
from tulou.model.rows import Rows, rows_of
from tulou.model.state import MemoryState, Profile, State
from tulou.model.store.city import City
from tulou.model.store.clashing import clashes, revived, yielding

BOX = shapely.box(120.0, 30.0, 120.001, 30.001)
OTHER = shapely.box(120.01, 30.01, 120.0112345, 30.0112345)
BUILT = date(2025, 6, 1)


@pytest.fixture
def city(tmp_path: Path) -> City:
    """Four buildings, and a branch on them."""
    city = new_city(tmp_path / "c")
    put(
        city,
        facts(
            "building", id=["a", "b", "c", "d"], storeys=[3.0, 5.0, 7.0, 9.0], use=["office"] * 4, geometry=[BOX] * 4
        ),
    )
    city.branch("project", about="a new school")
    return city


def files(city: City) -> set[str]:
    return {str(path.relative_to(city.path)) for path in city.path.rglob("*") if path.is_file()}


def test_the_changes_of_a_branch_become_one_commit_from_the_day_it_is_built(city: City) -> None:
    put(city, facts("building", id=["a"], storeys=[4.0]), branch="project")
    put(city, facts("building", id=["b"], exists=[False]), branch="project")
    put(city, facts("building", id=["e"], storeys=[2.0], use=["mixed"], geometry=[OTHER]), branch="project")
    put(city, facts("building", id=["c"], geometry=[OTHER]), branch="project")
    planned = city.state(valid=BUILT, branch="project")
    made = city.merge("project", valid_from=BUILT, who="planner")
    assert (made.number, made.branch, made.merged, made.message) == (6, "main", "project", "merged project")
    assert changes(planned, city.state(valid=BUILT)).is_empty, "to the bit, geometry too"
    assert values(city, "storeys", date(2025, 5, 31)) == {"a": 3.0, "b": 5.0, "c": 7.0, "d": 9.0}
    assert values(city, "storeys") == {"a": 4.0, "c": 7.0, "d": 9.0, "e": 2.0}
    assert values(city, "storeys", record=5) == {"a": 3.0, "b": 5.0, "c": 7.0, "d": 9.0}
    assert [one.number for one in city.merges("project")] == [6]
    assert City.open(city.path, dictionary()).merges("project")[0].merged == "project"


def test_what_only_the_main_branch_changed_meanwhile_stays(city: City) -> None:
    put(city, facts("building", id=["a"], storeys=[4.0]), branch="project")
    put(city, facts("building", id=["a"], use=["mixed"]))
    put(city, facts("building", id=["d"], storeys=[11.0]))
    city.merge("project", valid_from=BUILT)
    assert values(city, "storeys") == {"a": 4.0, "b": 5.0, "c": 7.0, "d": 11.0}
    assert values(city, "use")["a"] == "mixed"


def test_the_same_change_on_both_sides_is_no_conflict(city: City) -> None:
    for branch in ("main", "project"):
        put(city, facts("building", id=["a"], storeys=[4.0]), branch=branch)
        put(city, facts("building", id=["b"], exists=[False]), branch=branch)
    city.merge("project", valid_from=BUILT)
    assert values(city, "storeys") == {"a": 4.0, "c": 7.0, "d": 9.0}


@pytest.mark.parametrize(
    ("ours", "theirs", "where", "found"),
    [
        ({"storeys": [4.0]}, {"storeys": [6.0]}, "building a.storeys", "project (#2): 4.0; main (#3): 6.0"),
        ({"storeys": [None]}, {"storeys": [6.0]}, "building a.storeys", "project (#2): None; main (#3): 6.0"),
        ({"exists": [False]}, {"storeys": [6.0]}, "building a.exists", "project (#2): gone; main (#3): storeys = 6.0"),
        ({"use": ["mixed"]}, {"exists": [False]}, "building a.exists", "project (#2): use = mixed; main (#3): gone"),
        ({"geometry": [OTHER]}, {"geometry": [OTHER.buffer(0.001)]}, "building a.geometry", "bytes of geometry; main"),
    ],
)
def test_two_words_about_one_attribute_are_a_conflict_and_nothing_is_kept(city, ours, theirs, where, found) -> None:
    put(city, facts("building", id=["a"], **ours), branch="project")
    put(city, facts("building", id=["a"], **theirs))
    before = files(city)
    with pytest.raises(Conflict) as told:
        city.merge("project", valid_from=BUILT)
    assert [fault.where for fault in told.value.faults] == [where]
    assert found in str(told.value.faults[0].found)
    assert told.value.faults[0].allowed == ("--prefer branch", "--prefer main")
    assert files(city) == before
    assert len(city.log()) == 3


def test_both_added_one_id_with_different_content(city: City) -> None:
    put(city, facts("building", id=["e"], storeys=[2.0], use=["office"], geometry=[BOX]), branch="project")
    put(city, facts("building", id=["e"], storeys=[3.0], use=["office"], height=[9.0], geometry=[BOX]))
    with pytest.raises(Conflict) as told:
        city.merge("project", valid_from=BUILT)
    assert [fault.where for fault in told.value.faults] == ["building e.storeys"]
    city.merge("project", valid_from=BUILT, prefer="branch")
    assert values(city, "storeys")["e"] == 2.0
    assert values(city, "height")["e"] == 9.0, "what only main says of it stays"


def test_the_word_of_either_side_can_be_preferred(city: City, tmp_path: Path) -> None:
    for side, storeys, gone in (("branch", 4.0, {"b"}), ("main", 6.0, set())):
        other = new_city(tmp_path / side)
        put(other, facts("building", id=["a", "b"], storeys=[3.0, 5.0], use=["office"] * 2))
        other.branch("project")
        put(other, facts("building", id=["a"], storeys=[4.0], use=["mixed"]), branch="project")
        put(other, facts("building", id=["b"], exists=[False]), branch="project")
        put(other, facts("building", id=["a"], storeys=[6.0]))
        put(other, facts("building", id=["b"], storeys=[8.0]))
        other.merge("project", valid_from=BUILT, prefer=side)  # type: ignore[arg-type]
        assert values(other, "storeys").get("a") == storeys
        assert values(other, "use")["a"] == "mixed", "what did not clash is merged in either case"
        assert {"a", "b"} - values(other, "use").keys() == gone


def test_preferring_the_branch_brings_back_what_main_removed(city: City) -> None:
    put(city, facts("building", id=["a"], storeys=[4.0]), branch="project")
    put(city, facts("building", id=["a"], exists=[False]))
    city.merge("project", valid_from=BUILT, prefer="branch")
    assert values(city, "storeys")["a"] == 4.0
    assert values(city, "use")["a"] == "office"
    assert changes(city.state(valid=BUILT), city.state(valid=BUILT, branch="project")).is_empty


def test_two_branches_that_contradict_each_other(city: City) -> None:
    city.branch("rival")
    put(city, facts("building", id=["a"], storeys=[4.0]), branch="project")
    put(city, facts("building", id=["a"], exists=[False]), branch="rival")
    city.merge("project", valid_from=BUILT)
    with pytest.raises(Conflict, match="different things") as told:
        city.merge("rival", valid_from=date(2025, 7, 1))
    assert "rival (#3): gone; main (#4): storeys = 4.0" in str(told.value.faults[0].found)


def test_what_main_says_of_later_days_counts_too(city: City) -> None:
    put(city, facts("building", id=["a"], storeys=[4.0]), branch="project")
    put(city, facts("building", id=["a"], storeys=[12.0]), day=date(2026, 1, 1))
    with pytest.raises(Conflict) as told:
        city.merge("project", valid_from=BUILT)
    assert "4.0; main (#3): 12.0" in str(told.value.faults[0].found)


def test_a_branch_can_be_merged_again_after_more_was_built(city: City) -> None:
    put(city, facts("building", id=["a"], storeys=[4.0]), branch="project")
    city.merge("project", valid_from=BUILT)
    put(city, facts("building", id=["b"], storeys=[6.0]), branch="project")
    put(city, facts("building", id=["a"], storeys=[8.0]), day=BUILT)
    city.merge("project", valid_from=date(2025, 8, 1))
    assert values(city, "storeys") == {"a": 8.0, "b": 6.0, "c": 7.0, "d": 9.0}
    with pytest.raises(BadUse, match="nothing of its own"):
        city.merge("project", valid_from=date(2025, 8, 1))


def test_claims_travel_with_a_branch(city: City) -> None:
    put(city, facts("building", ("*",), id=["a"], storeys=[4.0]), branch="project")
    city.merge("project", valid_from=BUILT)
    assert city.state(valid=BUILT).rows("building").complete == {"*"}
    assert city.state(valid=date(2025, 5, 1)).rows("building").complete == frozenset()


def test_a_branch_on_a_branch_is_merged_into_that(city: City) -> None:
    put(city, facts("building", id=["a"], storeys=[4.0]), branch="project")
    city.branch("variant", base="project")
    put(city, facts("building", id=["a"], storeys=[5.0]), branch="variant")
    made = city.merge("variant", valid_from=BUILT)
    assert made.branch == "project"
    assert values(city, "storeys", branch="project")["a"] == 5.0
    assert values(city, "storeys")["a"] == 3.0


def test_what_cannot_be_merged_says_so(city: City) -> None:
    with pytest.raises(BadUse, match="no such branch"):
        city.merge("projekt", valid_from=BUILT)
    with pytest.raises(BadUse, match="merged into nothing"):
        city.merge("main", valid_from=BUILT)
    with pytest.raises(BadUse, match="nothing of its own"):
        city.merge("project", valid_from=BUILT)
    put(city, facts("building", id=["a"], storeys=[4.0]), branch="project", day=date(2027, 1, 1))
    with pytest.raises(BadUse, match="nothing of its own") as told:
        city.merge("project", valid_from=BUILT)
    assert told.value.faults[0].allowed == ("2027-01-01",)


def test_somebody_who_was_quicker_makes_it_a_conflict(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    put(city, facts("building", id=["a"], storeys=[4.0]), branch="project")
    rival = City.open(city.path, dictionary())
    plain = City.commit

    def late(self: City, *some: object, **more: object) -> object:
        put_as = plain
        put_as(rival, [facts("building", id=["a"], storeys=[6.0])], who="x", message="x", valid_from=BUILT)
        return plain(self, *some, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(City, "commit", late)
    with pytest.raises(Conflict, match="meanwhile"):
        city.merge("project", valid_from=BUILT)
    assert values(city, "storeys")["a"] == 6.0


IDS = ("a", "b", "c")
STATES = st.fixed_dictionaries(
    {},
    optional={
        name: st.tuples(st.sampled_from([None, 1.0, 2.0, 3.0]), st.sampled_from(["office", "mixed"])) for name in IDS
    },
)


def as_state(objects: dict[str, tuple[float | None, str]]) -> State:
    rows: dict[str, Rows] = {}
    if objects:
        told = {"id": list(objects), "storeys": [one[0] for one in objects.values()]}
        rows["building"] = rows_of(dictionary()["building"], told | {"use": [one[1] for one in objects.values()]})
    return MemoryState(Profile("x", "EPSG:4549"), dictionary(), Moment(BUILT), rows)


def three_way(base: dict, ours: dict, theirs: dict, prefer: str) -> tuple[dict, set]:
    """The merge as one would do it by hand, object by object and attribute by attribute."""
    merged, clashing = {}, set()
    for name in IDS:
        was, mine, other = base.get(name), ours.get(name), theirs.get(name)
        if mine in (was, other):
            found = other
        elif other == was:
            found = mine
        elif mine is None or other is None:
            clashing.add((name, "exists"))
            found = mine if prefer == "branch" else other
        else:
            both = []
            for place, attribute in enumerate(("storeys", "use")):
                old = was[place] if was else object()
                if other[place] == old or mine[place] == other[place]:
                    both.append(mine[place])
                elif mine[place] == old:
                    both.append(other[place])
                else:
                    clashing.add((name, attribute))
                    both.append(mine[place] if prefer == "branch" else other[place])
            found = tuple(both)
        if found is not None:
            merged[name] = found
    return merged, clashing


@settings(max_examples=300, deadline=None)
@given(base=STATES, ours=STATES, theirs=STATES)
def test_clashes_are_those_of_a_three_way_merge_by_hand(base, ours, theirs) -> None:
    mine, other = changes(as_state(base), as_state(ours)), changes(as_state(base), as_state(theirs))
    found = clashes(mine, [other])
    expected = three_way(base, ours, theirs, "branch")[1]
    assert {(clash.object_id, clash.attribute) for clash in found} == expected


@settings(max_examples=25, deadline=None)
@given(base=STATES, ours=STATES, theirs=STATES, prefer=st.sampled_from(["branch", "main"]))
def test_a_preferred_merge_is_the_one_by_hand(tmp_path_factory, base, ours, theirs, prefer) -> None:
    city = new_city(tmp_path_factory.mktemp("merged") / "c")
    put(city, facts("statistic", id=["s"], amount=[1.0]))

    def tell(before: dict, after: dict, branch: str) -> None:
        gone = sorted(before.keys() - after.keys())
        some = [facts("building", id=gone, exists=[False] * len(gone))] if gone else []
        if after:
            storeys, use = [one[0] for one in after.values()], [one[1] for one in after.values()]
            some.append(facts("building", id=list(after), storeys=storeys, use=use))
        put(city, *some, branch=branch)

    tell({}, base, "main")
    city.branch("project")
    tell(base, ours, "project")
    tell(base, theirs, "main")
    expected, _ = three_way(base, ours, theirs, prefer)
    try:
        city.merge("project", valid_from=BUILT, prefer=prefer)
    except BadUse:
        assert base == ours
    storeys, use = values(city, "storeys"), values(city, "use")
    assert {name: (storeys[name], use[name]) for name in storeys} == expected


def test_helpers_leave_change_sets_without_clashes_as_they_are() -> None:
    changed = changes(as_state({"a": (1.0, "office")}), as_state({"a": (2.0, "office"), "b": (1.0, "mixed")}))
    assert yielding(changed, []).entities.keys() == changed.entities.keys()
    assert revived(changed, [], lambda _name: pytest.fail("nothing to look up")).entities == changed.entities
