"""Alarms in a browser: what stands, by level; one with its readings, limits and clock; deep links; three widths."""

import re
import shutil

import pytest

from app.line import fine
from app.web.browsing import opened, serving

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = pytest.mark.slow

LEAK = "methane_space%2Fgas-01%2F20261127T010400"
LONG = 60_000
WORDS = {
    "zh": {"alarm": "密闭空间甲烷", "ended": "含已恢复", "sensors": "传感器", "rise": "上升 10",
           "none": "没有数据，不等于正常", "duty": "燃气公司", "wider": "放宽"},
    "en": {"alarm": "Methane in a closed space", "ended": "Ended too", "sensors": "Sensors", "rise": "a rise of 10",
           "none": "silence is not a pass", "duty": "gas company", "wider": "Wider"},
}  # fmt: skip


@pytest.fixture(scope="module")
def lifelines(rongcheng, tmp_path_factory):
    """The synthetic city with the made morning, its alarms with cases, served."""
    folder = tmp_path_factory.mktemp("lifelines")
    city = folder / "rongcheng.city"
    shutil.copytree(rongcheng, city)
    fine("alarm", "example", folder / "day")
    fine("alarm", "import", city, folder / "day" / "sensors.json")
    fine("alarm", "import", city, folder / "day" / "morning.csv", "--cases")
    with serving(rongcheng=city) as found:
        yield found


@pytest.fixture
def page(browser, lifelines, request):
    with opened(browser, lifelines, *getattr(request, "param", ())) as found:
        yield found


def at(page, lifelines, path):
    page.goto(f"{lifelines}#/rongcheng/{path}")


def has_no_overflow(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("page", [(1280, 900), (768, 900), (360, 740)], indirect=True)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_from_what_stands_to_one_alarm_its_readings_and_its_case(page, lifelines, language):
    words = WORDS[language]
    at(page, lifelines, f"alarms?lang={language}")
    page.locator("tbody tr").first.wait_for(timeout=LONG)
    assert page.locator("tbody tr").count() == 4
    assert page.locator("tbody tr").first.locator(".alarm-level").inner_text() == "I"
    assert page.locator(".levels strong").all_inner_texts() == ["1", "0", "3"]
    page.get_by_label(words["ended"]).check()
    expect(page.locator("tbody tr")).to_have_count(5, timeout=LONG)
    page.locator(".levels button").first.click()
    expect(page.locator("tbody tr")).to_have_count(1, timeout=LONG)
    assert "level=I" in page.url
    page.locator("tbody a").first.click()
    page.locator("figure.course svg").wait_for(timeout=LONG)
    assert words["alarm"] in page.locator("h1").inner_text()
    assert page.locator(".limit text").all_text_contents() == ["I 100", "II 50", "III 20"]
    assert "100.7" in page.locator("article").inner_text()
    assert words["rise"] in page.locator("article").inner_text()
    assert words["duty"] in page.locator(".clocks").inner_text()
    assert "risk-7" in page.locator(".facts-of").inner_text()
    assert has_no_overflow(page)
    page.locator(".clocks a").first.click()
    page.wait_for_url(re.compile("/cases/C000002"))
    page.locator("h1").wait_for(timeout=LONG)


def test_a_gap_stays_a_gap_and_a_time_without_readings_says_so(page, lifelines):
    span = "from=2026-11-27T00:00:00Z&until=2026-11-27T03:00:00Z"
    at(page, lifelines, f"alarms/sensor/water-05?lang=en&{span}")
    page.locator("figure.course svg").wait_for(timeout=LONG)
    drawn, whole = (
        page.locator(one).first.evaluate("one => one.getBBox().width") for one in ("path.mean", "figure.course svg")
    )
    assert 0.35 < drawn / whole < 0.6  # it fell silent after half of the time
    assert [one for one in page.locator("details tbody td.number").all_text_contents() if one == "0"]
    at(page, lifelines, "alarms/sensor/water-05?lang=en&from=2026-10-01T00:00:00Z&until=2026-10-01T03:00:00Z")
    page.get_by_text(WORDS["en"]["none"]).wait_for(timeout=LONG)
    assert page.locator("figure.course").count() == 0


def test_the_time_shown_can_be_moved_and_stands_in_the_address(page, lifelines):
    at(page, lifelines, f"alarms/{LEAK}?lang=en")
    page.locator("figure.course svg").wait_for(timeout=LONG)
    before = page.locator(".axes").text_content()
    page.get_by_role("button", name=WORDS["en"]["wider"]).click()
    page.wait_for_url(re.compile("from=.*until="))
    expect(page.locator(".axes")).not_to_have_text(before, timeout=LONG)
    address, drawn = page.url, page.locator(".axes").text_content()
    page.goto("about:blank")
    page.goto(address)
    page.locator("figure.course svg").wait_for(timeout=LONG)
    assert page.locator(".axes").text_content() == drawn


def test_sensors_lead_to_their_readings_and_alarms(page, lifelines):
    at(page, lifelines, "alarms?lang=zh")
    page.get_by_role("tab", name=WORDS["zh"]["sensors"]).click()
    page.get_by_role("link", name="gas-03").click()
    page.locator("figure.course svg").wait_for(timeout=LONG)
    assert (
        page.locator("figure.course svg")
        .get_attribute("aria-label")
        .startswith("gas-03 燃气 · 甲烷 (%LEL): 最小 15 %LEL")
    )
    assert page.locator("section + h2 + div tbody tr").count() == 1
