"""The map: what is coloured first, single buildings, findings and their places, pictures, deep links, keyboard."""

import re

import pytest
from tests.app.web.test_pages import LONG, at, text_of

pytestmark = pytest.mark.slow

DRAWN = "[role=application][data-drawn]:not([data-drawn='0'])"


def drawn(page):
    page.locator(DRAWN).wait_for(timeout=LONG)
    return int(page.locator(DRAWN).get_attribute("data-drawn"))


@pytest.mark.parametrize(("language", "said"), [("zh", "不达标"), ("en", "Fail")])
def test_what_is_coloured_first_was_assessed_and_fails(page, address, language, said):
    at(page, address, f"rongcheng/map?lang={language}")
    assert said in text_of(page, ".head .status")
    counts = [int(one) for one in page.locator(".key .count").all_inner_texts()]
    assert drawn(page) == sum(counts) > 0
    assert page.locator("option:checked").first.inner_text().startswith("✕")


def test_buildings_are_coloured_one_by_one_and_the_key_counts_them(page, address):
    at(page, address, "rongcheng/map?lang=en&indicator=age_friendly_need_homes&level=building")
    page.locator(".key", has_text="Pulls the figure down").wait_for(timeout=LONG)
    key = text_of(page, ".key")
    counts = dict(re.findall(r"(Pulls the figure down|Does not pull it down)\s+(\d+)", key))
    failing = page.evaluate(
        "fetch('cities/rongcheng/checks/newest/objects?indicator=age_friendly_need_homes')"
        ".then(a => a.json()).then(a => a.state.filter(one => one === 'fails').length)"
    )
    assert int(counts["Pulls the figure down"]) == failing > 0
    assert drawn(page) == sum(map(int, counts.values()))


def test_a_finding_of_the_list_is_chosen_and_the_map_goes_there(page, address):
    at(page, address, "rongcheng/map?lang=en&indicator=age_friendly_need_homes&level=building")
    drawn(page)
    page.locator(".picks button").first.click()
    page.wait_for_url(re.compile("finding="))
    page.wait_for_url(re.compile("at=[^&]*(,|%2C)1[5-9]"))
    assert page.locator(".picks button[aria-pressed=true]").count() == 1


def test_the_address_holds_the_view_and_the_object(page, address):
    at(page, address, "rongcheng/map?lang=zh&level=building&indicator=age_friendly_need_homes&unit=building-1&solid=no")
    assert "building-1" in text_of(page, "article h3") or "建筑" in text_of(page, "article h3")
    assert "米" in text_of(page, ".record") or "m" in text_of(page, ".record")
    page.locator("canvas").focus()
    page.keyboard.press("+")
    page.wait_for_url(re.compile("at="))
    assert "unit=building-1" in page.url


def test_a_unit_is_reached_without_a_mouse(page, address):
    at(page, address, "rongcheng/map?lang=en&indicator=bike_charging_gap&level=community&findings=no")
    drawn(page)
    first = page.locator(".picks button").first
    first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("unit=community"))
    assert text_of(page, "article h2")


def test_the_picture_is_saved(page, address):
    at(page, address, "rongcheng/map?lang=en&indicator=bike_charging_gap&level=community")
    drawn(page)
    with page.expect_download() as found:
        page.get_by_role("button", name="Save picture").click()
    assert found.value.suggested_filename == "bike_charging_gap.png"
    assert found.value.path().read_bytes().startswith(b"\x89PNG")
