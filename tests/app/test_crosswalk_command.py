"""``tulou crosswalk`` alone and with the values of a check."""

from app.line import contents, fine, refused


def test_without_a_city_it_says_what_answers():
    told = fine("crosswalk", "--framework", "sdg11")
    assert "SDG 11.2.1 People with convenient public transport" in told
    assert "Value" not in told
    assert "Victims of harassment" in told
    assert "与框架相同" in fine("crosswalk", "--framework", "SDG11", language="zh")


def test_with_a_city_it_shows_values_and_reasons(rongcheng):
    told = fine("crosswalk", rongcheng)
    assert "Value" in told
    assert "Status" in told
    line = next(line for line in told.splitlines() if "SDG 11.6.1 Municipal waste managed" in line)
    assert "%" in line
    assert "Reference" in line


def test_it_is_written_and_twice_the_same(rongcheng, tmp_path):
    for place in ("one", "two"):
        fine("crosswalk", rongcheng, "--format", "html,xlsx", "--language", "zh", "--to", tmp_path / place)
    assert len(contents(tmp_path / "one")) == 2
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_framework_nobody_has():
    assert "did you mean: ISO37120" in refused(4, "crosswalk", "--framework", "iso37121")
