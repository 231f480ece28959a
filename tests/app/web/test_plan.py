"""A plan in a browser: the slider answers at once, projects are listed and placed, faults stand at their field."""

import json
import re
import shutil

import pytest

from app.web.browsing import serving
from tulou.app.api.plans import made_up_prices
from tulou.app.checking import Question
from tulou.app.plan_asking import prices_text
from tulou.app.planning import Request, plan_city
from tulou.app.plans import FOLDER, LADDER
from tulou.plan.renewal.ladder import shares_of
from tulou.plan.renewal.wishes import Wishes

pytestmark = pytest.mark.slow

WIDTHS = pytest.mark.parametrize("page", [(1280, 900), (768, 900), (360, 740)], indirect=True)
LONG = 120_000
"""Milliseconds: the first answer of a cold server on a busy machine."""


@pytest.fixture(scope="session")
def city(rongcheng, tmp_path_factory):
    """The synthetic city with a ladder of four rungs, planned for with made-up prices."""
    home = tmp_path_factory.mktemp("planned")
    place, file = home / "rongcheng.city", home / "prices.yaml"
    shutil.copytree(rongcheng, place)
    prices = [{"remedy": name, "price": price} for name, price in made_up_prices().items()]
    file.write_text(prices_text(prices), "utf-8")
    wishes = Wishes({2027: 1e6, 2028: 2e6}, indicators=("age_friendly_need_homes", "bike_charging_gap"))
    plan_city(place, Request(Question(), file, has_made_up_prices=True), wishes, shares=shares_of(4))
    return place


@pytest.fixture(scope="session")
def address(city):
    with serving(rongcheng=city) as found:
        yield found


@pytest.fixture
def rungs(city):
    (file,) = (city / FOLDER).glob(f"*/{LADDER}")
    return json.loads(file.read_text("utf-8"))["rungs"]


def at(page, address, path, place):
    page.goto(f"{address}#/{path}")
    page.locator(place).first.wait_for(timeout=LONG)


@WIDTHS
@pytest.mark.parametrize(("language", "title"), [("zh", "计划"), ("en", "Plan")])
def test_the_plan_is_shown_with_its_gap_and_its_prices(page, address, rungs, language, title):
    at(page, address, f"rongcheng/plan?lang={language}", "svg.curve")
    assert page.locator("h1").inner_text() == title
    assert page.locator(".plan tr[data-id]").count() == len(rungs[2]["answer"]["years"])
    said = page.locator(".slide .told").inner_text()
    assert f"{round(rungs[2]['answer']['value']):,}" in said
    assert {"zh": "最优", "en": "best"}[language] in said
    assert {"zh": "虚构", "en": "made up"}[language] in page.locator(".facts").last.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out"


def test_the_slider_answers_at_once_and_has_an_address(page, address, rungs):
    at(page, address, "rongcheng/plan?lang=en", "svg.curve")
    asked = []
    page.on("request", lambda one: asked.append(one.url))
    slider = page.get_by_role("slider")
    for place in (1, 3, 4):
        slider.fill(str(place))
        page.wait_for_url(re.compile(f"rung={place}"))
        assert page.locator(".plan tr[data-id]").count() == len(rungs[place]["answer"]["years"])
    assert asked == [], "nothing is asked of the server"
    page.reload()
    page.locator("svg.curve").wait_for(timeout=LONG)
    assert slider.input_value() == "4"


def test_a_project_is_chosen_in_the_list_or_by_its_place(page, address):
    at(page, address, "rongcheng/plan?lang=en", "svg.dots circle")
    page.locator(".plan tr[data-id] button").first.click()
    title = page.locator("tr.chosen button").inner_text()
    assert page.locator("svg.dots circle.now title").text_content() == title
    page.locator("svg.dots circle:not(.now)").last.dispatch_event("click")
    assert page.locator("tr.chosen button").inner_text() != title


@pytest.mark.parametrize(("language", "make"), [("zh", "编制计划"), ("en", "Make the plan")])
def test_a_faulty_price_is_told_at_its_field(page, address, language, make):
    at(page, address, f"rongcheng/plan?new=yes&lang={language}", "form table")
    field = page.locator("form tbody input").first
    field.fill("much")
    with page.expect_response(re.compile("/plans")) as answer:
        page.get_by_role("button", name=make).click()
    assert answer.value.status == 422
    page.locator("form td small.fail").wait_for(timeout=LONG)
    assert field.get_attribute("aria-invalid") == "true"
    assert field.input_value() == "much"
