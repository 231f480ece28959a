"""The whole site: nothing leads nowhere, both languages are equal, the order is whole, two builds are the same."""

import json
import re
from html.parser import HTMLParser
from posixpath import dirname, join, normpath
from urllib.parse import unquote

import pytest

pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")

OUTSIDE = ("http://", "https://", "mailto:", "data:")


class Read(HTMLParser):
    """Addresses that a page names, its anchors, its texts of links."""

    def __init__(self, text):
        super().__init__()
        self.targets, self.anchors, self.loaded = [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "id" in given:
            assert given["id"] not in self.anchors, given["id"]
            self.anchors.add(given["id"])
        for name in ("href", "src"):
            if given.get(name):
                self.targets.append(given[name])
                if tag in ("script", "img", "link"):
                    self.loaded.append(given[name])


@pytest.fixture(scope="module")
def read(site):
    return {name: Read(text) for name, text in site.files.items() if name.endswith(".html")}


def test_nothing_leads_nowhere(site):
    assert site.faults == []


def test_addresses_as_a_browser_takes_them_are_there(site, read):
    """The second way: over the written pages, knowing nothing of Markdown."""
    there = {*site.files, *site.pictures, "look/site.css", "look/site.js"}
    lost = []
    for name, page in read.items():
        for target in page.targets:
            path, _, anchor = unquote(target).partition("#")
            if target.startswith(OUTSIDE) or normpath(join(dirname(name), path)) == "..":
                continue
            found = normpath(join(dirname(name), path)) if path else name
            if found not in there or (anchor and found in read and anchor not in read[found].anchors):
                lost.append((name, target))
    assert lost == []


def test_every_page_has_its_twin_and_leads_to_it(site, read):
    names = {spoken: {name[3:] for name in read if name.startswith(f"{spoken}/")} for spoken in ("zh", "en")}
    assert names["zh"] == names["en"]
    assert len(names["zh"]) > 60
    for name in names["zh"]:
        up = "../" * (name.count("/") + 1)
        assert f"{up}en/{name}" in read[f"zh/{name}"].targets
        assert f"{up}zh/{name}" in read[f"en/{name}"].targets


def test_twins_have_equally_many_headings(docs):
    """Equal in content: what stands under a heading in one language does in the other."""
    from docs_site.page import bind

    uneven = {}
    for path in sorted((docs.DOCS / "en").rglob("*.md")):
        name = path.relative_to(docs.DOCS / "en")
        shapes = [
            [head.depth for head in bind((docs.DOCS / spoken / name).read_text("utf-8"), str).heads if head.depth < 3]
            for spoken in ("en", "zh")
        ]
        if shapes[0] != shapes[1] and abs(len(shapes[0]) - len(shapes[1])) > 1:
            uneven[name.as_posix()] = [len(shape) for shape in shapes]
    assert uneven == {}


def test_nothing_is_asked_of_the_outside(site, read):
    loaded = {target for page in read.values() for target in page.loaded}
    assert not [target for target in loaded if target.startswith(("http:", "https:", "//"))]
    look = "".join(path.read_text("utf-8") for path in (pytest.importorskip("docs_site.binding").LOOK).iterdir())
    assert not re.findall(r"https?://", look)
    assert not [
        name for name, text in site.files.items() if name.endswith(".html") and re.search(r"<script>|onclick=", text)
    ]


def test_what_is_searched_leads_to_anchors_that_are_there(site, read):
    for spoken in ("zh", "en"):
        text = site.files[f"{spoken}/search.js"]
        pages = json.loads(text.removeprefix("window.tulouPages=").rstrip(";\n"))
        assert len(pages) > 500
        for address, title, *_ in pages:
            path, _, anchor = address.partition("#")
            assert title, address
            assert not anchor or anchor in read[f"{spoken}/{path}"].anchors, address


def test_indicators_and_models_are_found_by_their_names(site):
    for spoken in ("zh", "en"):
        text = site.files[f"{spoken}/search.js"]
        for address in ("catalogue/indicators-china.html#park_cover", "models.html#storm_formula"):
            assert f'"{address}"' in text, (spoken, address)


def test_two_builds_are_the_same(docs, site, tmp_path):
    from docs_site import binding

    read = docs.sources()
    assert binding.bound(docs.DOCS, read).files == binding.bound(docs.DOCS, read).files
    binding.write(site, docs.DOCS, tmp_path / "site")
    assert (tmp_path / "site" / "index.html").is_file()
    assert all((tmp_path / "site" / name).is_file() for name in [*site.files, *site.pictures, "look/site.js"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# A\n\n[b](b.md)\n", "en/index.md: b.md leads nowhere"),
        ("# A\n\n[b](other.md#none)\n", "en/index.md: en/other has no #none"),
        ("# A\n\n[b](#none)\n", "en/index.md: en/index has no #none"),
        ("# A\n\n![b](../pictures/none.svg)\n", "en/index.md: ../pictures/none.svg leads nowhere"),
        ("# A\n\n[b](../../README.md)\n", "en/index.md: ../../README.md leads nowhere"),
        ("# A\n\n[b](other.md#part) [c](https://example.org) [d](../zh/other.md)\n", None),
    ],
)
def test_a_link_that_leads_nowhere_is_told(tmp_path, text, said):
    from docs_site import binding

    for spoken in ("zh", "en"):
        (tmp_path / spoken).mkdir()
        (tmp_path / spoken / "index.md").write_text(text if spoken == "en" else "# 甲\n")
        (tmp_path / spoken / "other.md").write_text("# B\n\n## Part\n")
    (tmp_path / "site.toml").write_text('[[section]]\nzh = "始"\nen = "Start"\npages = ["index", "other"]\n')
    faults = binding.bound(tmp_path, binding.read(tmp_path, {})).faults
    assert faults == ([said] if said else [])


def test_a_page_in_no_section_is_told_and_still_there(tmp_path):
    from docs_site import binding

    for spoken in ("zh", "en"):
        (tmp_path / spoken).mkdir()
        (tmp_path / spoken / "index.md").write_text("# A\n")
        (tmp_path / spoken / "new.md").write_text("# New\n")
    (tmp_path / "site.toml").write_text('[[section]]\nzh = "始"\nen = "Start"\npages = ["index"]\n')
    site = binding.bound(tmp_path, binding.read(tmp_path, {}))
    assert site.faults == ["zh/new: in no section of docs/site.toml", "en/new: in no section of docs/site.toml"]
    assert "en/new.html" in site.files


def test_a_faulty_site_is_not_written(docs, tmp_path, monkeypatch):
    from docs_site import binding

    monkeypatch.setattr(docs, "bound", lambda: binding.Bound(faults=["here: there leads nowhere"]))
    assert docs.main([str(tmp_path / "site")]) == 1
    assert not (tmp_path / "site").exists()
