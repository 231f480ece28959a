"""The rulebook page: an expert changes a mark, sees what it turns, and keeps it, without touching a file."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.slow

WIDTHS = pytest.mark.parametrize("page", [(1280, 900), (360, 740)], indirect=True)
LONG = 90_000
EDITOR = "rongcheng/rulebook/park_cover_city"


def at(page, address, path):
    page.goto(f"{address}#/{path}")
    page.locator("h1").wait_for(timeout=LONG)


def text_of_parameters(page):
    return page.locator(".yaml textarea").nth(1).input_value()


@WIDTHS
@pytest.mark.parametrize(
    ("language", "title", "group"), [("zh", "规则集", "生态宜居"), ("en", "Rulebook", "Ecological")]
)
def test_indicators_are_browsed_by_dimension_with_marks_and_sources(page, address, language, title, group):
    at(page, address, f"rongcheng/rulebook?lang={language}&dimension=ecological_livable")
    assert page.locator("h1").inner_text() == title
    page.locator("tr.group").first.wait_for(timeout=LONG)
    assert page.locator("tr.group").count() == 1
    assert group in page.locator("tr.group").inner_text()
    row = page.locator("tr", has_text="L06").first.inner_text()
    assert "≥ 80" in row
    assert "2022-01-01" in row
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out"


@WIDTHS
def test_fields_and_text_are_in_step(page, address):
    at(page, address, f"{EDITOR}?lang=en")
    page.get_by_label("Value (%)").fill("85")
    expect(page.locator(".yaml textarea").nth(1)).to_have_value(re.compile("value: 85"), timeout=LONG)
    text = page.locator(".yaml textarea").first
    text.fill(text.input_value().replace("Housing land within reach of a park, city", "Near a park"))
    expect(page.locator("[name='title.en']")).to_have_value("Near a park", timeout=LONG)
    page.locator("h1", has_text="Near a park").wait_for()
    page.get_by_text("Worked out or judged otherwise: park_cover_city").wait_for()
    page.get_by_role("button", name="Start over").click()
    assert "value: 80" in text_of_parameters(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("language", "what"), [("en", "this is not a unit"), ("zh", "furlong")])
def test_a_fault_stands_at_its_field_and_its_line(page, address, language, what):
    at(page, address, f"{EDITOR}?lang={language}")
    page.locator("[name=unit]").fill("furlong")
    fault = page.locator("label", has=page.locator("[name=unit]")).locator(".faults")
    fault.wait_for(timeout=LONG)
    assert what in fault.inner_text()
    assert page.locator(".gutter .wrong").inner_text() == "8"
    page.locator("button.line").first.click()
    assert page.evaluate(
        "document.activeElement.value.slice(document.activeElement.selectionStart).split('\\n')[0]"
    ) == ("unit: furlong")
    assert page.locator("form button.main").is_disabled()
    page.locator("[name=dimension]").wait_for()
    page.locator("[name=unit]").fill("percent")
    fault.wait_for(state="detached", timeout=LONG)


def test_a_draft_shows_what_it_turns_and_is_kept_with_who_answers(page, address):
    at(page, address, f"{EDITOR}?lang=en")
    page.get_by_label("Value (%)").fill("99.9")
    button = page.get_by_role("button", name="See what it turns in this city")
    page.get_by_text("Worked out or judged otherwise: park_cover_city").wait_for(timeout=LONG)
    button.click()
    effect = page.locator(".effect")
    effect.wait_for(timeout=LONG)
    assert "Cause: definition" in effect.inner_text()
    assert "park_cover_city" in effect.inner_text()
    assert "does not hold" in effect.inner_text(), "a check worked by hand for the old mark"
    page.get_by_label("Name (lower-case").fill("stricter")
    page.get_by_label("Answers for it").fill("Chen")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_role("link", name="stricter").click()
    page.wait_for_url(re.compile("draft=stricter"))
    page.get_by_label("Value (%)").wait_for(timeout=LONG)
    assert page.get_by_label("Value (%)").input_value() == "99.9"
    at(page, address, "rongcheng/rulebook?lang=en")
    page.locator(".owned", has_text="Chen").wait_for(timeout=LONG)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the rulebook").click()
    assert download.value.suggested_filename == "stricter.zip"


def test_a_value_from_a_later_day_is_added(page, address):
    at(page, address, f"{EDITOR}?lang=en")
    page.get_by_role("button", name="Add a value from a day on").first.click()
    page.locator(".dated").nth(2).wait_for(timeout=LONG)
    assert text_of_parameters(page).count("since:") == 3
    assert "evidence: none" in text_of_parameters(page), "it may not judge until somebody names its source"
    assert page.locator(".standing .fail").count() == 0
