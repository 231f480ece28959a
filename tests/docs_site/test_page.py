"""One page: anchors, links, joined lines, the pieces that are searched."""

import pytest

pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")

TEXT = """# Storms

Rain *falls*.

## The `formula` in force

**State.** What `was` true. See [there](other.md#part) and ![map](map.svg).

**Not a heading** in the middle.

| process | question |
|---|---|
| `storm` | Which one? |
| plain | none |

    tulou run storm
"""


@pytest.fixture
def bound(docs):
    from docs_site.page import bind

    return bind(TEXT, lambda target: None if target.endswith(".svg") else target.replace(".md", ".html"))


def test_headings_and_bold_beginnings_have_anchors(bound):
    assert bound.title == "Storms"
    assert [(head.anchor, head.depth) for head in bound.heads] == [
        ("storms", 1),
        ("the-formula-in-force", 2),
        ("state", 3),
    ]
    assert '<p id="state"><strong>State.</strong> What' in bound.body
    assert 'href="#the-formula-in-force"' in bound.body


def test_rows_with_a_name_have_anchors(bound):
    assert '<tr id="storm">' in bound.body
    assert bound.body.count("<tr id=") == 1
    assert "storm" in bound.anchors


def test_links_are_led_and_lost_ones_told(bound):
    assert 'href="other.html#part"' in bound.body
    assert bound.lost == ("map.svg",)


def test_what_is_searched_stands_under_its_heading(bound):
    sections = {one.anchor: " ".join(one.words) for one in bound.sections}
    assert sections[""] == "Rain falls."
    assert sections["state"].startswith("What was true. See there and")
    assert sections["storm"] == "Which one?"
    assert "plain none" in sections["state"]
    assert "tulou run storm" in sections["state"]
    assert [one.title for one in bound.sections if one.anchor == "storm"] == ["storm"]


def test_no_text_is_lost_to_the_search(bound):
    said = " ".join(" ".join([one.title, *one.words]) for one in bound.sections)
    for word in ("Storms", "falls", "formula", "Not a heading", "in the middle", "plain", "none", "Which one?"):
        assert word in said


def test_chinese_broken_over_lines_is_joined(docs):
    from docs_site.page import bind

    page = bind("# 题\n\n雨水\n管网，\n`swmm`\n模型 and\nmore\n", lambda target: target)
    assert "雨水管网，" in page.body
    assert "模型 and\nmore" in page.body


def test_anchors_of_equal_headings_differ(docs):
    from docs_site.page import bind

    page = bind("# A\n\n## Inputs\n\n## Inputs\n\n## Inputs\n", lambda target: target)
    assert [head.anchor for head in page.heads] == ["a", "inputs", "inputs-1", "inputs-2"]


def test_what_is_written_is_no_markup(docs):
    from docs_site.page import bind

    page = bind("# A\n\n<script>alert(1)</script> [x](javascript:alert(1))\n", lambda target: target)
    assert "<script" not in page.body
    assert 'href="javascript' not in page.body
