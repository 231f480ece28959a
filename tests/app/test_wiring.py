"""Where the pieces meet: what is read is read once, whichever way it is asked for."""

from tulou.app.wiring import RULEBOOKS, dictionary, rulebook


def test_rulebooks_are_read_once_whichever_way_they_are_named():
    assert rulebook() is rulebook(RULEBOOKS) is rulebook(list(RULEBOOKS))
    assert dictionary() is dictionary(RULEBOOKS) is rulebook().dictionary


def test_other_rulebooks_are_another_reading():
    assert rulebook(("china",)) is not rulebook()
    assert set(rulebook(("china",)).indicators) < set(rulebook().indicators)
