"""The day of an auditor goes as the page says, in both languages; what is said to be refused is."""

import json
import shlex
from pathlib import Path

import click
import pytest

from app.line import tulou
from operations.trust.desk import NAME, PHONE, bytes_below
from tulou.app import exits

DAY = {"en": "## A day in the life of an auditor", "zh": "## 审计员的一天"}
PASSWORD = "three round houses"  # noqa: S105


def calls_of(language):
    """Commands of the day: words, where the answer goes, whether it is said to be refused."""
    page = (Path(__file__).parents[2] / "docs" / language / "trust.md").read_text("utf-8")
    for line in page.split(DAY[language])[1].splitlines():
        command, _, remark = line.strip().partition("#")
        if line.startswith("    export TULOU_TOKEN=$("):
            yield shlex.split(command.strip().removeprefix("export TULOU_TOKEN=$(").removesuffix(")")), "token", False
        elif line.startswith("    tulou "):
            words, _, file = command.partition(">")
            yield shlex.split(words), file.strip(), bool(remark)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_day_goes_as_written(own, tmp_path, monkeypatch, language):
    monkeypatch.setenv("TULOU_KEYS", str(tmp_path / "keys"))
    for name in ("TULOU_TRUST", "TULOU_REQUESTERS", "TULOU_TOKEN", "TULOU_STORE"):
        monkeypatch.delenv(name, raising=False)
    told = {"$C": str(own), "$T": "", "receipt": "", "note.json": str(tmp_path / "note.json")}
    known = {"姓名或称呼": NAME, "Name": NAME, "电话": PHONE, "Phone": PHONE}

    def prompt(asked, *_, hide_input=False, **_more):
        return (told["receipt"] or PASSWORD) if hide_input else known.get(asked, "")

    monkeypatch.setattr(click, "prompt", prompt)
    refusals, shown, count = 0, [], 0
    for words, goes_to, is_refused in calls_of(language):
        said = tulou(*(told.get(word, word) for word in words[1:]), language=language)
        assert said.code == (exits.BAD_USE if is_refused else exits.FINE), (words, said)
        refusals, count = refusals + is_refused, count + 1
        if goes_to == "token":
            monkeypatch.setenv("TULOU_TOKEN", said.out.strip())
        elif goes_to:
            Path(told[goes_to]).write_text(said.out, "utf-8")
        if "record" in words:
            told["$T"], receipt = said.out.splitlines()[:2]
        if words[1:2] == ["audit"] or "accesses" in words:
            shown.append(said.out)
        if "bans" in words:
            told["receipt"] = "soon"
        elif told["receipt"] == "soon" and is_refused:
            told["receipt"] = receipt
    assert (count, refusals) == (27, 5)
    assert "urban_management" in shown[-2]
    assert "wu" in shown[-2]
    assert all(part not in "".join(shown) for part in (NAME, PHONE))
    assert json.loads((tmp_path / "note.json").read_text("utf-8"))["sound"]
    assert PHONE.encode() not in bytes_below(tmp_path)
    assert PASSWORD.encode() not in bytes_below(tmp_path)
