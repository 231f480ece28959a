"""The case desk in a browser: choosing, opening, moving; refusals at their fields; both languages, three widths."""

import re

import pytest

pytestmark = pytest.mark.slow

WIDTHS = pytest.mark.parametrize("page", [(1280, 900), (768, 900), (360, 740)], indirect=True)
WORDS = {
    "zh": {"open": "立案", "about": "事由", "lacks": "案件须写明事由", "state": "已上报", "record": "记录: 受理",
           "next": "已受理", "said": "已记录"},
    "en": {"open": "Open a case", "about": "What it is about", "lacks": "a case says what it is about",
           "state": "Reported", "record": "Put on record: Accept", "next": "Accepted", "said": "On record"},
}  # fmt: skip
LONG = 60_000


def at(page, address, path):
    page.goto(f"{address}#/{path}")


def text_of(page, place):
    page.locator(place).first.wait_for(timeout=LONG)
    return page.locator(place).first.inner_text()


def has_no_overflow(page):
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@WIDTHS
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_matter_is_opened_and_moved_and_refusals_stand_at_their_fields(page, address, language):
    words = WORDS[language]
    at(page, address, f"rongcheng/cases/new?class=dirty_road&lang={language}")
    button = page.locator("form.fields button.main")
    button.wait_for(timeout=LONG)
    button.click()
    refused = page.locator("#open-text-refused")
    refused.wait_for(timeout=LONG)
    assert words["lacks"] in refused.inner_text()
    assert page.locator("#open-text").get_attribute("aria-invalid") == "true"
    page.locator("#open-text").fill("mud on the road")
    page.locator("#open-point").fill("here")
    button.click()
    page.locator("#open-point-refused").wait_for(timeout=LONG)
    page.locator("#open-point").fill("119.3, 26.07")
    button.click()
    page.wait_for_url(re.compile("/cases/C[0-9]+"))
    page.locator(".big").wait_for(timeout=LONG)
    assert page.locator(".big").inner_text() == words["state"]
    assert "mud on the road" in page.locator("h1").inner_text()
    page.locator("details.way summary").nth(1).click()
    page.get_by_role("button", name=words["record"]).click()
    page.get_by_text(words["next"], exact=True).first.wait_for(timeout=LONG)
    assert words["said"] in page.locator("[role=status]").inner_text()
    assert page.locator("tbody tr").count() == 2
    assert has_no_overflow(page)


@WIDTHS
def test_the_desk_counts_by_state_and_keeps_what_was_chosen_in_its_address(page, address):
    at(page, address, "rongcheng/cases/new?text=a%20bench&lang=en")
    page.locator("form.fields button.main").click(timeout=LONG)
    page.wait_for_url(re.compile("/cases/C[0-9]+"))
    at(page, address, "rongcheng/cases?lang=en")
    total = int(re.search(r"\d+", text_of(page, "h1 .soft")).group())
    page.locator(".tiles.states button").first.wait_for(timeout=LONG)
    assert sum(int(one) for one in page.locator(".tiles.states strong").all_inner_texts()) == total
    first = page.locator(".tiles.states button").first
    count = int(first.locator("strong").inner_text())
    first.click()
    page.wait_for_url(re.compile("state=reported"))
    page.locator(".tiles.states [aria-pressed=true]").wait_for(timeout=LONG)
    page.wait_for_function(f"document.querySelector('h1 .soft').textContent == '{count}'")
    assert page.locator("tbody tr").count() == min(count, 50)
    at(page, address, "rongcheng/cases?lang=en&overdue=true&at=2027-06-01T09:00")
    page.locator("tbody .standing.overdue").first.wait_for(timeout=LONG)
    assert set(page.locator("tbody .standing").all_inner_texts()) == {"Overdue"}
    assert has_no_overflow(page)


def test_a_finding_leads_to_a_case_and_the_case_back_to_its_chain(page, address):
    at(page, address, "rongcheng/findings?lang=en&status=fail")
    page.get_by_role("link", name=re.compile("Open a case")).first.click(timeout=LONG)
    page.wait_for_url(re.compile("cases/new"))
    page.locator("form.fields button.main").click(timeout=LONG)
    page.wait_for_url(re.compile("/cases/C[0-9]+"))
    page.get_by_text("From the finding to its objects").wait_for(timeout=LONG)
    page.locator("details summary").first.click()
    assert text_of(page, "article h2")
    page.get_by_role("link", name="Where the figure comes from").click()
    page.wait_for_url(re.compile("/explain/"))


def test_a_body_that_handled_a_case_is_told_why_it_may_not_verify_it(page, address):
    at(page, address, "rongcheng")
    text_of(page, "h1")
    found = page.evaluate(
        """async () => {
          const send = (path, body) => fetch(path, {method: "POST", headers: {"Content-Type": "application/json"},
            body: JSON.stringify(body)}).then((one) => one.json());
          const list = await (await fetch("cities/rongcheng/checks/newest/findings?limit=9")).json();
          const made = await send("cities/rongcheng/cases", {by: "check_office", finding: list.features.at(-1).id});
          const act = (body) => send(`cities/rongcheng/cases/${made.case}/act`, body);
          await act({move: "assign", by: "check_office", body: "emergency", limit: "15 working_day"});
          await act({move: "take_up", by: "emergency", reason: "works", who: "Chen"});
          await act({move: "report", by: "emergency", evidence: {name: "x.txt", value: "x"}});
          return made.case;
        }"""
    )
    at(page, address, f"rongcheng/cases/{found}?lang=en")
    page.locator("details.way summary").first.click(timeout=LONG)
    assert "whoever handles a case never verifies it" in text_of(page, ".kept")
    assert "Emergency" not in page.locator("details.way [name=by]").first.inner_text()
    page.get_by_role("button", name="Put on record: Pass the re-check").click()
    page.locator("#pass-evidence-refused").wait_for(timeout=LONG)
    page.locator("details.way [name=evidence]").first.set_input_files(
        {"name": "照片 1.jpg", "mimeType": "image/jpeg", "buffer": b"a picture"}
    )
    page.get_by_role("button", name="Put on record: Pass the re-check").click()
    page.get_by_text("Re-checked", exact=True).first.wait_for(timeout=LONG)
    assert page.get_by_text("9 bytes").is_visible()


def test_a_case_that_is_not_there_is_told(page, address):
    at(page, address, "rongcheng/cases?lang=zh&state=nowhere")
    page.get_by_text("没有符合条件的内容。").wait_for(timeout=LONG)
