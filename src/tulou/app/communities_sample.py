"""Sample files of a motion and of a day of volunteers. They are made up, and say so; no person is in them."""

from __future__ import annotations

from pathlib import Path

from tulou.kernel.atomic import write_text

UNITS = 48
"""Flats of the sample; the developer still holds the last two."""
AREAS = ("89.53", "112.40", "76.18", "143.00")
AGREE, AGAINST, ABSTAIN = 34, 38, 40
"""The first so many flats are for it, the next against, the next abstain; the rest hand nothing in."""
MOTION = """\
# 示例（虚构）  A sample, made up.
title: {zh: 更换3号楼2号电梯, en: Replace lift 2 of building 3}
community: 荷塘新村（虚构）
matter: rebuild
noticed: 2026-10-20
begins: 2026-11-06
ends: 2026-11-20
announced: 2026-11-21
register: register.csv
ballots: ballots.csv
objections: objections.csv
"""
OBJECTIONS = """\
日期,提出人,内容,答复
2026-11-10,一楼一户,分摊比例应按楼层,一楼按三成分摊，已写入方案
2026-11-12,一户,施工噪声,
"""
OFFERS = """\
编号,技能,开始,结束,经度,纬度,最远公里,已核查
志愿者一,代购、陪护,2026-11-23 08:00,2026-11-23 12:00,119.300,26.080,3,是
志愿者二,代购,2026-11-23 08:00,2026-11-23 18:00,119.310,26.085,5,
志愿者三,理发,2026-11-23 14:00,2026-11-23 17:00,119.305,26.082,2,是
"""
TASKS = """\
编号,技能,开始,结束,经度,纬度,人数,涉未成年人或老人
送药到5号楼,代购,2026-11-23 09:00,2026-11-23 10:00,119.302,26.081,1,
陪诊,陪护,2026-11-23 09:30,2026-11-23 11:30,119.308,26.084,1,是
上门理发,理发,2026-11-23 14:00,2026-11-23 16:00,119.306,26.081,1,是
搬书,,2026-11-23 15:00,2026-11-23 17:00,119.311,26.086,2,
"""


def write_sample(folder: Path) -> list[Path]:
    """Write a motion with its register, ballots and objections, and offers and tasks of volunteers.

    Args:
        folder: Where to; made when it does not stand. What stands there under the same names is replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    owners = ["房号,建筑面积,业主,楼栋,建设单位"]
    ballots = ["房号,表决意见,日期"]
    for number in range(1, UNITS + 1):
        name = f"3-{number:03d}"
        is_held = "是" if number > UNITS - 2 else ""
        owners.append(f"{name},{AREAS[number % len(AREAS)]},业主{number},3,{is_held}")
        said = "同意" if number <= AGREE else "反对" if number <= AGAINST else "弃权" if number <= ABSTAIN else "未交回"
        ballots.append(f"{name},{said},{'2026-11-12' if number <= ABSTAIN else ''}")
    texts = {
        "motion.yaml": MOTION, "register.csv": "\n".join(owners) + "\n", "ballots.csv": "\n".join(ballots) + "\n",
        "objections.csv": OBJECTIONS, "offers.csv": OFFERS, "tasks.csv": TASKS,
    }  # fmt: skip
    for name, text in texts.items():
        write_text(folder / name, text)
    return [folder / name for name in texts]
