"""Every page in both languages, by day and by night: axe finds no violation of any of its rules."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

AXE = Path(__file__).parents[3] / "web" / "node_modules" / "axe-core" / "axe.min.js"
LONG, SETTLED = 60_000, 800
"""Milliseconds: the first answer of a cold server on a busy machine; until what came is drawn."""
SIZES = ((1280, 900), (360, 740))
INNER = (
    "cases/new?class=dirty_road",
    "cases/C000001",
    "tracker/9.6",
    "models/design_storm",
    "explain/road_density",
)
"""Pages that are reached from others only."""


@pytest.fixture(scope="module")
def axe():
    if not AXE.is_file():
        pytest.skip("axe-core is not there: npm ci in web/")
    return AXE.read_text("utf-8")


@pytest.fixture(scope="module")
def places(browser, address):
    """Addresses of all pages: those of the navigation as it stands, and those behind them."""
    page = browser.new_page()
    page.goto(f"{address}#/rongcheng")
    page.locator("nav a").first.wait_for(timeout=LONG)
    page.evaluate(
        """() => fetch("cities/rongcheng/cases", {method: "POST", headers: {"Content-Type": "application/json"},
          body: JSON.stringify({by: "supervision_centre", class: "illegal_structure", text: "a shed"})})"""
    )
    listed = page.locator("nav a").evaluate_all("found => found.map((one) => one.getAttribute('href').split('?')[0])")
    page.close()
    assert len(listed) >= len(INNER), "the pages of the navigation"
    return [*listed, *(f"#/rongcheng/{one}" for one in INNER)]


def told(violations):
    return [
        f"{one['id']}: {one['help']} — {node['html'][:160]} {node['failureSummary'][:300]}"
        for one in violations
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize(("language", "scheme"), [("zh", "light"), ("zh", "dark"), ("en", "light"), ("en", "dark")])
def test_axe_finds_nothing_on_any_page(browser, address, places, axe, language, scheme):
    context = browser.new_context(color_scheme=scheme, viewport={"width": SIZES[0][0], "height": SIZES[0][1]})
    page = context.new_page()
    found = {}
    for place in places:
        mark = "&" if "?" in place else "?"
        page.goto("about:blank")
        page.goto(f"{address}{place}{mark}lang={language}")
        page.locator("main h1").first.wait_for(state="attached", timeout=LONG)
        page.wait_for_timeout(SETTLED)
        if "cases/C" in place:
            page.locator("details.way summary").first.click()
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate(axe)
            violations = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then((one) => one.violations)")
            found |= {f"{place} at {width}": told(violations)} if violations else {}
    context.close()
    assert not found, "\n".join(f"{place}: {one}" for place, those in found.items() for one in those)
