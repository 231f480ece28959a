"""The shelf: what is large is kept in small numbers, and no kind pushes out another."""

import threading
import time
from datetime import date, timedelta

import pytest

from tulou.app.api.shelf import MOST_KEPT, MOST_OF, Shelf


@pytest.fixture
def shelf(folder):
    return Shelf({"small": folder})


def test_few_states_stay_and_the_last_ones(shelf):
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(MOST_OF["state"] + 3)]
    states = [shelf.state("small", valid=day) for day in days]
    assert shelf.held("state") == MOST_OF["state"] < MOST_KEPT
    assert shelf.state("small", valid=days[-1]) is states[-1]
    assert shelf.state("small", valid=days[0]) is not states[0]


def test_what_was_used_last_stays(shelf):
    for number in range(MOST_OF["check"]):
        shelf.once(("small", "check", number), object)
    first = shelf.once(("small", "check", 0), object)
    shelf.once(("small", "check", "more"), object)
    assert shelf.once(("small", "check", 0), object) is first


def test_many_small_things_push_out_no_state(shelf):
    state = shelf.state("small")
    for number in range(3 * MOST_KEPT):
        shelf.once(("small", "small thing", number), lambda: None)
    assert shelf.held("small thing") == MOST_KEPT
    assert shelf.state("small") is state


def test_of_two_who_ask_at_once_one_makes_it(shelf):
    made = []

    def make():
        time.sleep(0.05)
        made.append(1)
        return made

    readers = [threading.Thread(target=shelf.once, args=(("small", "slow", 1), make)) for _ in range(8)]
    for one in readers:
        one.start()
    for one in readers:
        one.join()
    assert len(made) == 1


def test_what_could_not_be_made_is_tried_again(shelf):
    with pytest.raises(ZeroDivisionError):
        shelf.once(("small", "broken", 1), lambda: 1 / 0)
    assert shelf.once(("small", "broken", 1), lambda: 2) == 2
