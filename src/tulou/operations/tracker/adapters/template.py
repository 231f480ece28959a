"""The page a province or city fills in: what the policy left open, commitment by commitment."""

from __future__ import annotations

from collections.abc import Iterator

from tulou.kernel.words import Words
from tulou.operations.tracker.domain.commitment import Agenda, Commitment
from tulou.operations.tracker.domain.telling import RHYTHM_WORDS

HEAD = """\
# 本市承诺跟踪设定。文件没有规定的牵头单位、时限、目标、里程碑，由省、市在此填写；留空即为未设定。
# What the policy left open is set here by the province or the city; what stays blank is not set.
#
# kind: party, government, department, institution, company, public
# due:  2027-12-31
# target: {says: {zh: 全部覆盖, en: All of it}, indicator: sewer_cover, way: at_least, value: 100}
# milestones: [{id: plan, title: {zh: 方案批复, en: Plan approved}, due: 2026-12-31}]
# needs: [approved_plan]   (blank: as proposed in the remark)
# document: … 文件载明的内容不能更改，配合单位可以增加
#             what the policy itself says stands; supporting bodies can be added
#
# 填好后 / When it is filled in: tulou track set CITY tracking.yaml --by BODY

# 本市单位，之后用左边的编号指代 / Bodies of the city, from then on called by the word on the left
bodies:
  # housing_bureau: {kind: department, title: {zh: 市住房和城乡建设局, en: Housing bureau of the city}}

# 自设的证据种类 / Kinds of evidence of your own
evidence:
  # site_photos: {zh: 现场照片, en: Photographs on site}

# 作为进展起点的一次体检（checks 文件夹中的编号） / The check that progress is counted from (a folder of checks/)
baseline:

commitments:
"""


def template_text(agenda: Agenda) -> str:
    """The page with a blank for everything that may be set, which sets nothing until it is filled in."""
    lines = [HEAD.rstrip()]
    for clause, listed in agenda.clauses().items():
        title = listed[0].title
        lines.append(f"  # ── {clause} {title.zh} / {title.en}")
        for one in listed:
            lines += _entry(one, agenda)
    return "\n".join(lines) + "\n"


def _entry(one: Commitment, agenda: Agenda) -> Iterator[str]:
    kinds = _kinds(one, agenda)
    yield f'  "{one.id}":  # {one.says.zh} / {one.says.en}'
    yield f"    lead:{_remark(', '.join(one.lead), 'document')}"
    yield f"    supporting:{_remark(', '.join(one.supporting), 'document')}"
    yield f"    due:{_remark(RHYTHM_WORDS[one.rhythm].zh, 'document') if one.rhythm else ''}"
    says = f"{one.target.says.zh} / {one.target.says.en}" if one.target else ""
    yield f"    target:{_remark(says, 'document') or _remark(', '.join(one.indicators), 'indicators')}"
    yield f"    needs:  # {', '.join(one.needs)}: {kinds.zh} / {kinds.en}"
    yield "    milestones:"


def _remark(text: str, what: str) -> str:
    return f"  # {what}: {text}" if text else ""


def _kinds(one: Commitment, agenda: Agenda) -> Words:
    titles = [agenda.evidence[kind] for kind in one.needs]
    return Words("、".join(title.zh for title in titles), ", ".join(title.en for title in titles))
