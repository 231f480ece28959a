"""The page of commitments in a browser: counts, choices in the address, one with its evidence and second party."""

import re

import pytest

pytestmark = pytest.mark.slow

WIDTHS = pytest.mark.parametrize("page", [(1280, 900), (768, 900), (360, 740)], indirect=True)
LONG = 60_000


@WIDTHS
@pytest.mark.parametrize(("language", "word"), [("zh", "承诺"), ("en", "Commitments")])
def test_commitments_are_counted_by_state_and_one_opens(page, address, language, word):
    page.goto(f"{address}#/rongcheng/tracker?lang={language}&on=2026-11-27")
    page.locator("h1 .soft").wait_for(timeout=LONG)
    page.wait_for_function("document.querySelector('h1 .soft').textContent > '0'", timeout=LONG)
    assert word in page.locator("h1").inner_text()
    total = int(page.locator("h1 .soft").inner_text())
    counts = [int(one) for one in page.locator(".tiles strong").all_inner_texts()]
    assert sum(counts[:-1]) == total == page.locator("tbody tr:not(.group)").count()
    page.locator(".tiles button").first.click()
    page.wait_for_url(re.compile("state=not_started"))
    page.wait_for_function(f"document.querySelectorAll('tbody tr:not(.group)').length == {counts[0]}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("tbody a").first.click()
    page.wait_for_url(re.compile("/tracker/1.1"))
    assert "on=2026-11-27" in page.url, "the clock is kept"
    page.locator(".big.stand").wait_for(timeout=LONG)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_groups_follow_the_address(page, address):
    page.goto(f"{address}#/rongcheng/tracker?lang=en&by=body")
    page.locator("tr.group").first.wait_for(timeout=LONG)
    bodies = page.locator("tr.group").count()
    page.get_by_label("Group by").select_option("clause")
    page.wait_for_url(re.compile("by=clause"))
    page.wait_for_function(f"document.querySelectorAll('tr.group').length != {bodies}", timeout=LONG)


def test_a_record_that_is_not_there_is_told(page, address):
    page.goto(f"{address}#/rongcheng/tracker?lang=en&asOf=soon")
    page.locator("[role=alert]").wait_for(timeout=LONG)
    assert "asOf" in page.locator("[role=alert]").inner_text()
