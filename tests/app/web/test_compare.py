"""Two checks compared in a browser: what moved, why, for which objects, in both languages and at three widths."""

import re
import shutil

import pytest

from app.conftest import once
from app.web.browsing import serving
from tulou.app.changes import Between, make_changes
from tulou.app.demonstration import make_two_years

pytestmark = pytest.mark.slow

WIDTHS = pytest.mark.parametrize("page", [(1280, 900), (768, 900), (360, 740)], indirect=True)
LONG = 120_000
"""Milliseconds: a comparison on a busy machine."""
CAUSES = {
    "zh": ["城市变化", "数据更正", "口径调整", "边界变化"],
    "en": ["City changed", "Data corrected", "Definition changed", "Boundary changed"],
}


@pytest.fixture(scope="session")
def address(shelf, tmp_path_factory):
    """Two years of the synthetic city, compared, served."""
    city = tmp_path_factory.mktemp("compared") / "years.city"
    shutil.copytree(once(shelf, "two-years.city", lambda place: make_two_years(place, buildings=300)), city)
    make_changes(city, Between("check-2025", "check-2026"))
    with serving(years=city) as found:
        yield found


def at(page, address, path):
    page.goto(f"{address}#/{path}")
    page.locator("article h2").wait_for(timeout=LONG)


@WIDTHS
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_two_newest_checks_are_compared(page, address, language):
    at(page, address, f"years/compare?lang={language}")
    rows = page.locator(".every tbody tr")
    assert rows.count() > 10
    assert str(rows.count()) in page.locator(".every .tools").inner_text()
    assert page.locator(".legend").inner_text().split("\n") == CAUSES[language]
    assert page.locator("svg.waterfall text").first.text_content() == {"zh": "原值", "en": "Before"}[language]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_figure_tells_its_causes_and_the_objects_behind_them(page, address, language):
    at(page, address, f"years/compare?lang={language}&indicator=structural_hazard_homes")
    article = page.locator("article")
    parts = dict(zip(CAUSES[language], page.locator("article .one-part").all_inner_texts(), strict=True))
    said = article.locator("p.tells").inner_text()
    assert all(part in said for part in parts.values())
    page.locator("article details summary").first.wait_for(timeout=LONG)
    assert article.locator("details[open] tbody tr").count() > 0
    assert "building-" in article.locator("details[open] tbody").inner_text()


def test_choosing_a_figure_has_an_address(page, address):
    at(page, address, "years/compare?lang=en")
    row = page.locator(".every tbody tr").nth(3)
    title = row.locator("a").inner_text()
    row.locator("a").click()
    page.locator("article h2", has_text=title).wait_for(timeout=LONG)
    assert "indicator=" in page.url
    page.reload()
    page.locator("article h2", has_text=title).wait_for(timeout=LONG)
    assert page.locator("tr.chosen a").inner_text() == title


def test_the_table_is_narrowed_to_one_cause(page, address):
    at(page, address, "years/compare?lang=en")
    before = page.locator(".every tbody tr").count()
    page.get_by_label("Cause", exact=True).select_option(label="Definition changed")
    page.wait_for_url(re.compile("cause=definition"))
    bars = [one.get_attribute("aria-label") for one in page.locator(".every svg.mini").all()]
    assert 0 < page.locator(".every tbody tr").count() < before
    assert all("Definition changed" in one for one in bars)
    page.get_by_label("Cause", exact=True).select_option(value="")
    page.get_by_label("Verdict turned").check()
    page.locator(".every .turned").first.wait_for()
    assert page.locator(".every tbody tr").count() == page.locator(".every .turned").count()


def test_the_series_breaks_where_the_definition_changed(page, address):
    at(page, address, "years/compare?lang=en&indicator=bus_stop_cover")
    page.locator("svg.series").wait_for(timeout=LONG)
    assert page.locator("svg.series .torn").count() == 1
    assert page.locator("svg.series .line").count() == 0
    assert "500 m → 400 m" in page.locator("article").inner_text()
    at(page, address, "years/compare?lang=en&indicator=park_cover")
    page.locator("svg.series .line").wait_for(timeout=LONG)
    assert page.locator("svg.series .torn").count() == 0


def test_units_of_a_level_lead_to_their_own_change(page, address):
    at(page, address, "years/compare?lang=en&indicator=structural_hazard_homes")
    page.get_by_role("group").get_by_role("button", name="Community").click()
    unit = page.locator("article table a").first
    unit.wait_for(timeout=LONG)
    name = unit.inner_text()
    unit.click()
    page.locator("article h2", has_text=name).wait_for(timeout=LONG)
    assert "unit=" in page.url
    page.get_by_role("link", name="Back to the whole city").click()
    page.wait_for_url(lambda url: "unit=" not in url)


def test_an_end_that_is_not_there_is_told(page, address):
    page.goto(f"{address}#/years/compare?lang=en&from=check-2024&to=check-2026")
    alert = page.locator("[role=alert]")
    alert.wait_for(timeout=LONG)
    assert "there is no such check, tag, branch or day" in alert.inner_text()
    assert "check-2026" in alert.inner_text()


def test_ends_are_swapped(page, address):
    at(page, address, "years/compare?lang=en&from=check-2025&to=check-2026&indicator=park_cover")
    page.get_by_role("button", name="Swap").click()
    page.wait_for_url(re.compile("from=check-2026&to=check-2025"))
    page.get_by_role("button", name="Swap").click()
    page.wait_for_url(re.compile("from=check-2025&to=check-2026"))
