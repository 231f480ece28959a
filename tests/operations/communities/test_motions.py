"""Reading motions and the law: all faults at once, in either language, and nothing outside the folder."""

import pytest

from tulou.kernel.errors import BadInput, BadUse
from tulou.operations.communities.adapters.laws import read_decisions
from tulou.operations.communities.adapters.motions import read_motion

PAGE = """title: {zh: 更换电梯, en: New lifts}
community: 荷塘
matter: rebuild
begins: 2026-11-01
ends: 2026-11-20
register: register.csv
ballots: ballots.csv
"""
REGISTER = "unit,area,owners,building,developer\n1-101,89.53,Lin;Chen,1,\n1-102,76.2,Wu,1,\n2-101,120,,2,yes\n"
BALLOTS = "unit,choice,day\n1-101,for,2026-11-02\n1-102,abstain,\n"


def written(folder, page=PAGE, register=REGISTER, ballots=BALLOTS, **others):
    for name, text in {"motion.yaml": page, "register.csv": register, "ballots.csv": ballots}.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, text in others.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder / "motion.yaml"


def test_reads(tmp_path):
    found = read_motion(
        written(tmp_path, PAGE + "objections: objections.csv\n", objections="day,text\n2026-11-03,noise\n")
    )
    assert [one.owners for one in found.units] == [("Chen", "Lin"), ("Wu",), ()]
    assert [one.is_developers for one in found.units] == [False, False, True]
    assert [one.choice for one in found.ballots] == ["for", "abstain"]
    assert found.ballots[1].day is None
    assert (found.objections[0].text, found.objections[0].answer) == ("noise", "")
    assert set(found.digests) == {"motion.yaml", "register.csv", "ballots.csv", "objections.csv"}


def test_reads_gbk_with_chinese_headings(tmp_path):
    page = written(tmp_path)
    register = '房号,建筑面积,业主,楼栋,建设单位\n1-101,"1,089.53",林、陈,1,否\n1-102,76.2,吴,1,是\n'
    (tmp_path / "register.csv").write_bytes(register.encode("gbk"))
    (tmp_path / "ballots.csv").write_bytes("房号,表决意见\n1-101,不同意\n1-102,同意\n".encode("gbk"))
    found = read_motion(page)
    assert float(found.units[0].area) == 1089.53
    assert [one.choice for one in found.ballots] == ["against", "for"]


def test_only_the_buildings_it_binds(tmp_path):
    found = read_motion(written(tmp_path, PAGE + "buildings: ['1']\n"))
    assert [one.id for one in found.units] == ["1-101", "1-102"]
    with pytest.raises(BadInput, match="no such building"):
        read_motion(written(tmp_path, PAGE + "buildings: ['7']\n"))


def test_all_faults_at_once(tmp_path):
    register = "unit,area\n1,89\n1,90\n2,\n3,-5\n4,many\n5,NaN\n"
    ballots = "unit,choice,day\n1,for,\n1,against,\n9,for,\n"
    with pytest.raises(BadInput) as told:
        read_motion(written(tmp_path, register=register, ballots=ballots))
    where = [fault.where for fault in told.value.faults]
    assert [f"register.csv:{row}" for row in (3, 4, 5, 6, 7)] == [one for one in where if one.startswith("register")]
    assert "ballots.csv:3" in where


def test_ballots_are_of_known_units_with_known_words(tmp_path):
    with pytest.raises(BadInput) as told:
        read_motion(written(tmp_path, ballots="unit,choice,day\n1-109,for,\n1-101,fro,\n1-102,for,yesterday\n"))
    assert [fault.where for fault in told.value.faults] == ["ballots.csv:2", "ballots.csv:3", "ballots.csv:4"]
    assert told.value.faults[1].guess == "for"


@pytest.mark.parametrize(("page", "said"), [
    (PAGE + "silence: with_majority\n", "own rules say"),
    (PAGE.replace("register.csv", "../register.csv"), "beside it"),
    (PAGE.replace("register.csv", "regster.csv"), "no such file"),
    (PAGE.replace("register: register.csv\n", ""), "missing"),
    (PAGE + "quorum: 1/2\n", "unknown key"),
    (PAGE.replace("ends: 2026-11-20", "ends: 2026-10-20"), "ends before"),
    (PAGE.replace("2026-11-20", "soon"), "must be a day"),
])  # fmt: skip
def test_pages_that_are_refused(tmp_path, page, said):
    with pytest.raises(BadInput, match=said):
        read_motion(written(tmp_path, page))


def test_a_register_without_areas(tmp_path):
    with pytest.raises(BadInput, match="lacks a column") as told:
        read_motion(written(tmp_path, register="unit,owner\n1,Lin\n"))
    assert told.value.faults[0].allowed == ("area",)


def rules(tmp_path, old, new):
    folder = tmp_path / "ours"
    (folder / "communities").mkdir(parents=True)
    (folder / "rulebook.yaml").write_text("id: ours\ntitle: {zh: 我们, en: Ours}\nversion: '1'\n", encoding="utf-8")
    from tulou.indicators.rulebook.folders import find_rulebook

    text = (find_rulebook("china") / "communities" / "decisions.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "communities" / "decisions.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    return [folder]


@pytest.mark.parametrize(("old", "new", "said"), [
    ("at_least: 2/3", "at_least: 4/3", "above 0 and up to 1"),
    ("at_least: 2/3", "at_least: 2/0", "above 0 and up to 1"),
    ("{more_than: 1/2,", "{more_than: 1/2, at_least: 1/2,", "one of the two"),
    ("majority: special", "majority: specal", "no such majority"),
    ("usual: not_counted", "usual: counted", "not a value of"),
    ("of: taking_part", "of: everybody", "not a value of"),
    ("source: {zh: 《民法典》", "sauce: {zh: 《民法典》", "unknown key"),
])  # fmt: skip
def test_laws_that_are_refused_with_their_line(tmp_path, old, new, said):
    with pytest.raises(BadInput, match=said) as told:
        read_decisions(rules(tmp_path, old, new))
    assert told.value.faults[0].where.startswith("ours/communities/decisions.yaml:")


def test_no_law_before_2007():
    from datetime import date

    with pytest.raises(BadUse, match="no law"):
        read_decisions(["china"]).on(date(2005, 1, 1))


def test_no_rulebook_with_a_law(tmp_path):
    (tmp_path / "rulebook.yaml").write_text("id: bare\ntitle: {zh: 空, en: Bare}\nversion: '1'\n", encoding="utf-8")
    with pytest.raises(BadInput, match="no rulebook says"):
        read_decisions([tmp_path])
