"""The what-if page: a building drawn, a facility placed, a school closed by name; what flips; undo; address; branch."""

import json
import re

import pytest
from tests.app.web.test_pages import LONG, at, text_of

pytestmark = pytest.mark.slow
READY = re.compile("Ready|已就绪")


def opened(page, address, language, query=""):
    at(page, address, f"rongcheng/whatif?lang={language}{query}")
    page.locator("canvas").wait_for(timeout=LONG)
    ready(page)


def ready(page):
    page.locator("p[role=status]").filter(has_text=READY).first.wait_for(timeout=LONG)


def told(page):
    page.locator("section[aria-label] strong").first.wait_for(timeout=LONG)
    ready(page)
    return page.locator("section[aria-label] strong").first.inner_text()


@pytest.mark.parametrize(
    ("language", "draw", "finish", "says"),
    [("zh", "新建建筑", "完成", "结论变化"), ("en", "New building", "Finish", "verdicts turn")],
)
def test_a_building_is_drawn_on_the_map(page, address, language, draw, finish, says):
    opened(page, address, language)
    page.get_by_role("button", name=draw).click()
    box = page.locator("canvas").bounding_box()
    x, y = box["x"] + box["width"] * 0.13, box["y"] + box["height"] * 0.5
    for dx, dy in ((0, 0), (3, 0), (3, 3), (0, 3)):
        page.mouse.click(x + dx, y + dy)
        page.wait_for_timeout(450)  # two clicks at once would end the outline
    page.get_by_role("button", name=finish).click()
    assert page.locator(".drawn-list li").count() == 1
    page.wait_for_url(re.compile(r"[?&]d=[\w-]+"))
    page.locator("section[aria-label] strong, [role=alert]").first.wait_for(timeout=LONG)
    answer = page.locator("section[aria-label] strong, [role=alert]").first.inner_text()
    assert says in answer or page.locator("[role=alert] li").count(), "an answer, or what is wrong with the place"


def test_a_facility_is_placed_without_a_pointer_and_taken_back(page, address):
    opened(page, address, "en")
    page.get_by_role("button", name="New facility").click()
    page.get_by_label("Kind").select_option(label="Kindergarten")
    page.get_by_role("button", name="Place at the middle of the map").click()
    assert "verdicts turn" in told(page)
    assert "Kindergarten" in text_of(page, ".drawn-list li")
    page.get_by_role("button", name="Undo").click()
    assert page.locator(".drawn-list li").count() == 0
    page.wait_for_url(re.compile(r"^[^?]*\?((?!d=).)*$"))


def test_a_school_is_closed_by_name_and_the_address_holds_the_drawing(page, address):
    opened(page, address, "en")
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_label("Find a facility or street by name").fill("primary school")
    page.locator(".picks button").first.wait_for(timeout=LONG)
    page.locator(".picks button").first.click()
    first = told(page)
    assert "values move" in first
    page.wait_for_url(re.compile(r"[?&]d=[\w-]+"))
    link = page.url
    page.goto("about:blank")
    page.goto(link)
    assert told(page) == first
    with page.expect_download() as found:
        page.get_by_role("button", name="Download project").click()
    project = json.loads(found.value.path().read_text())
    assert project["features"][0]["properties"]["action"] == "close"


def test_a_wrong_place_is_told_and_coordinates_that_are_none(page, address):
    opened(page, address, "zh")
    page.get_by_role("button", name="新增设施").click()
    page.get_by_text("按坐标输入").click()
    page.locator("textarea").fill("一 二")
    page.get_by_role("button", name="加入").click()
    assert "经度" in text_of(page, "[role=alert]")


def test_a_project_is_kept_on_a_branch_by_a_name(page, address):
    opened(page, address, "en")
    page.get_by_role("button", name="New facility").click()
    page.get_by_role("button", name="Place at the middle of the map").click()
    told(page)
    page.locator(".keep summary").click()
    page.get_by_label("Name of the new branch").fill("with-kindergarten")
    page.get_by_label("Who answers for it").fill("Lin")
    page.get_by_role("button", name="Keep on a branch").click()
    page.get_by_text("Kept on branch").wait_for(timeout=LONG)
    assert page.evaluate("fetch('cities').then(a => a.json()).then(a => a.cities[0].branches)") == [
        "main",
        "with-kindergarten",
    ]
