"""The page of downloads in a browser: a file is taken under its name, a report is made and then taken."""

import pytest

pytestmark = pytest.mark.slow

WIDTHS = pytest.mark.parametrize("page", [(1280, 900), (360, 740)], indirect=True)
LONG = 60_000


@WIDTHS
@pytest.mark.parametrize(("language", "title"), [("zh", "下载"), ("en", "Downloads")])
def test_files_are_taken_under_their_names(page, address, language, title):
    page.goto(f"{address}#/rongcheng/downloads?lang={language}")
    link = page.get_by_role("link", name="findings.csv")
    link.wait_for(timeout=LONG)
    assert page.locator("h1").inner_text() == title
    with page.expect_download(timeout=LONG) as taken:
        link.click()
    assert taken.value.suggested_filename.endswith("findings.csv")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_report_is_made_and_can_be_taken(page, address):
    page.goto(f"{address}#/rongcheng/downloads?lang=en")
    page.get_by_role("button", name="Make xlsx").click(timeout=LONG)
    link = page.get_by_role("link", name="report.en.xlsx")
    link.wait_for(timeout=2 * LONG)
    with page.expect_download(timeout=LONG) as taken:
        link.click()
    assert taken.value.suggested_filename.endswith("report.en.xlsx")
