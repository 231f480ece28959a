"""The main task of each page, in both languages and at three widths."""

import re

import pytest

pytestmark = pytest.mark.slow

WIDTHS = pytest.mark.parametrize("page", [(1280, 900), (800, 900), (360, 740)], indirect=True)
LONG = 60_000
"""Milliseconds: the first answer of a cold server on a busy machine."""


def at(page, address, path):
    page.goto(f"{address}#/{path}")


def text_of(page, place):
    page.locator(place).first.wait_for(timeout=LONG)
    return page.locator(place).first.inner_text()


@WIDTHS
@pytest.mark.parametrize(("language", "title"), [("zh", "总览"), ("en", "Overview")])
def test_the_overview_counts_every_figure_and_says_why_some_have_none(page, address, language, title):
    at(page, address, f"rongcheng?lang={language}")
    assert text_of(page, "h1") == title
    counts = [int(one) for one in page.locator(".tiles strong").all_inner_texts()]
    assert sum(counts) == page.locator("tbody tr:not(.group)").count()
    page.locator(".tiles button").last.click()
    page.wait_for_url(re.compile("status=not"))
    rows = page.locator("tbody tr:not(.group)")
    assert rows.count() == counts[-1]
    assert all("—" in one for one in rows.all_inner_texts())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out"


@pytest.mark.parametrize(("language", "level"), [("zh", "社区"), ("en", "Community")])
def test_each_level_has_its_verdicts_and_what_lacks_is_named(page, address, language, level):
    at(page, address, f"rongcheng?lang={language}")
    text_of(page, ".levels button")
    page.locator(".levels button", has_text=level).click()
    page.wait_for_url(re.compile("level=community"))
    assert page.locator(".bars .bar").count() >= 5
    page.get_by_role("tab").nth(1).click()
    page.wait_for_url(re.compile("view=gaps"))
    gaps = page.locator("tbody tr")
    gaps.first.wait_for(timeout=LONG)
    assert gaps.count() >= 5
    page.locator("tbody a").first.click()
    assert text_of(page, "article h2")


def test_a_figure_is_one_click_from_its_chain(page, address):
    at(page, address, "rongcheng?lang=en")
    text_of(page, "h1")
    page.get_by_label("Find an indicator").fill("road")
    name = page.locator("tbody a").first.inner_text()
    page.locator("tbody a").first.click()
    assert text_of(page, "article h2") == name
    assert "fujian" in page.locator("article").inner_text()


@WIDTHS
def test_the_map_draws_units_and_a_click_explains_one(page, address):
    at(page, address, "rongcheng/map?lang=en&indicator=bike_charging_gap&level=community")
    page.locator("canvas").wait_for(timeout=LONG)
    page.locator("[role=application][data-drawn]:not([data-drawn='0'])").wait_for(timeout=LONG)
    box = page.locator("canvas").bounding_box()
    for _ in range(40):  # until tiles are there to be clicked
        page.mouse.click(box["x"] + box["width"] * 0.47, box["y"] + box["height"] * 0.52)
        page.wait_for_timeout(500)
        if "unit=community" in page.url:
            break
    assert "unit=community" in page.url
    assert text_of(page, "article h2")


def test_findings_lead_to_their_place_on_the_map(page, address):
    at(page, address, "rongcheng/findings?lang=en&status=fail")
    assert int(re.search(r"\d+", text_of(page, "h1")).group()) > 10
    assert set(page.locator("tbody .status").all_inner_texts()) == {"Fail"}
    page.locator("tbody a").first.click()
    page.wait_for_url(re.compile("/map"))


def test_a_model_is_run_from_its_form_and_its_result_opens(page, address):
    at(page, address, "rongcheng/models/design_storm?lang=en")
    text_of(page, "form h2")
    storm = {"a1": "17.969", "c": "1.24", "b": "18.415", "n": "0.785", "peak": "0.43", "duration": "60", "period": "50"}
    for name, value in storm.items():
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="Run").click()
    page.wait_for_url(re.compile("job="))
    paper = page.frame_locator("iframe")
    paper.locator("h1").wait_for(timeout=LONG)
    assert "Design storm" in paper.locator("h1").inner_text()
    at(page, address, "rongcheng/models?lang=en")
    picture = page.locator(".cards img")
    picture.wait_for(timeout=LONG)
    assert picture.evaluate("one => one.decode().then(() => one.naturalWidth > 100)")
    at(page, address, "rongcheng/jobs?lang=en")
    page.get_by_role("link", name="Result").first.click()
    page.wait_for_url(re.compile("models/design_storm.*job="))


def test_a_wrong_input_is_told_where_it_was_made(page, address):
    at(page, address, "rongcheng/models/design_storm?lang=zh")
    text_of(page, "form h2")
    for field in page.locator("form input[required]").all():
        field.fill("x")
    with page.expect_response(re.compile("execution")) as answer:
        page.get_by_role("button", name="运行").click()
    assert answer.value.status == 400
    assert "design_storm.a1" in text_of(page, "[role=alert]")


def test_languages_change_and_links_keep_the_place(page, address):
    at(page, address, "rongcheng/findings?status=fail")
    text_of(page, "h1")
    page.get_by_role("link", name="English").click()
    page.wait_for_url(re.compile("lang=en"))
    assert "status=fail" in page.url
    page.locator("html[lang=en]").wait_for(timeout=LONG)


def test_everything_is_reached_by_keyboard(page, address):
    at(page, address, "rongcheng?lang=en")
    text_of(page, "h1")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
