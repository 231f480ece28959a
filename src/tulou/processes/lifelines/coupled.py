"""From couplings and shocks to losses, and to how likely systems fall together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tulou.kernel.errors import BadInput, Fault, NotEnoughData
from tulou.kernel.words import Words
from tulou.measures.lifelines.coupling import Chances, cascade_chances, inoperability
from tulou.processes.declaration import Run
from tulou.processes.outcome import BarPlot, Cell, Column, Figure, Outcome, Table
from tulou.sources.columns import Columns, Wanted, read_columns

Array = NDArray[np.float64]
TRIED = 0.1
"""Shock that each system gets alone, to see which moves most."""
COUPLINGS = (
    Wanted("system", ("系统",), "text", is_required=True),
    Wanted("on", ("依赖",), "text", is_required=True),
    Wanted("weight", ("系数", "权重"), "number", least=0.0, is_required=True),
)
SHOCKS = (
    Wanted("system", ("系统",), "text", is_required=True),
    Wanted("loss", ("直接损失",), "number", least=0.0, is_required=True),
    Wanted("chance", ("失效概率",), "number", least=0.0),
)


@dataclass(frozen=True, eq=False)
class Coupled:
    """Systems, how they hang on one another, and what that does.

    Args:
        names: The systems.
        shock: Loss of each from outside.
        loss: Loss of each in the end.
        moved: Loss of all systems together for a loss of one unit of each alone.
        chances: How likely each fails, by draws; None when no chance was given.
        alone: How likely each fails by itself.
    """

    names: tuple[str, ...]
    shock: Array
    loss: Array
    moved: Array
    chances: Chances | None
    alone: Array


def coupled(run: Run) -> Outcome:
    """Run the process, see ``lifeline_coupling.PROCESS``."""
    values = run.values
    paths: tuple[Path, Path] = (values["couplings"], values["shocks"])
    links, shocks = read_columns(paths[0], COUPLINGS), read_columns(paths[1], SHOCKS)
    names = tuple(dict.fromkeys([*shocks.texts["system"], *links.texts["system"], *links.texts["on"]]))
    if "" in names:
        raise BadInput("each system has a name", where=paths[0].name)
    dependency = _dependency(links, names, paths[0].name)
    shock, alone = _shocks(shocks, names, paths[1].name)
    chances = None
    if np.isfinite(alone).all():
        threshold = np.full(len(names), values["threshold"])
        chances = cascade_chances(dependency, alone, threshold, values["draws"], values["seed"])
    trials = [inoperability(dependency, TRIED * one).sum() / TRIED for one in np.eye(len(names))]
    told = Coupled(names, shock, inoperability(dependency, shock), np.array(trials), chances, alone)
    return Outcome(
        answer=_answer(told),
        figures=_figures(told),
        tables=(_table(told),),
        plots=(_bars(told),),
        assumptions=_assumptions(told, values["threshold"], values["draws"], values["seed"]),
        warnings=_warnings(told),
        sources={paths[0].name: links.digest, paths[1].name: shocks.digest},
    )


def _dependency(links: Columns, names: tuple[str, ...], where: str) -> Array:
    position = {name: place for place, name in enumerate(names)}
    found = np.full((len(names), len(names)), np.nan)
    faults: list[Fault] = []
    told = zip(links.texts["system"], links.texts["on"], links.numbers["weight"].tolist(), strict=True)
    for row, (system, on, weight) in enumerate(told, 2):
        place = (position[system], position[on])
        if np.isnan(weight) or weight > 1:
            faults.append(Fault("a weight lies between 0 and 1", f"{where}: row {row}", weight))
        elif np.isfinite(found[place]):
            faults.append(Fault("this coupling stands here twice", f"{where}: row {row}", f"{system}, {on}"))
        found[place] = weight
    if faults:
        raise BadInput.of(faults)
    return np.nan_to_num(found)


def _shocks(shocks: Columns, names: tuple[str, ...], where: str) -> tuple[Array, Array]:
    """Loss of each system from outside (0 where none is told), and the chance that it fails by itself."""
    told = shocks.texts["system"]
    if len(set(told)) < len(told):
        raise BadInput("a system has one shock", where=where, found=", ".join(told))
    loss, chance = np.zeros(len(names)), np.full(len(names), np.nan)
    if np.isnan(shocks.numbers["loss"]).any():
        raise NotEnoughData("every shock needs its loss", where=where)
    loss[: len(told)] = shocks.numbers["loss"]
    chance[: len(told)] = shocks.numbers.get("chance", np.full(len(told), np.nan))
    if (loss > 1).any() or (chance > 1).any():
        raise BadInput("losses and chances lie between 0 and 1", where=where, found=float(np.nanmax([*loss, *chance])))
    return loss, chance


def _answer(told: Coupled) -> tuple[Words, ...]:
    worst, mover = int(told.loss.argmax()), int(told.moved.argmax())
    direct, whole = float(told.shock.sum()), float(told.loss.sum())
    return (
        Words(
            f"直接损失合计 {direct:.4g}，连带之后合计 {whole:.4g}；损失最重的是 {told.names[worst]}"
            f"（{100 * told.loss[worst]:.2f}%）。",
            f"Shocks of {direct:.4g} in all become losses of {whole:.4g}; {told.names[worst]} loses most "
            f"({100 * told.loss[worst]:.2f} %).",
        ),
        Words(
            f"最能牵动全局的是 {told.names[mover]}：它每损失一分，各系统合计损失 {told.moved[mover]:.2f} 分。",
            f"{told.names[mover]} moves most: each loss of its own makes {told.moved[mover]:.2f} of all together.",
        ),
    )


def _figures(told: Coupled) -> tuple[Figure, ...]:
    return tuple(
        Figure(f"loss_{name}", Words(f"{name} 的损失", f"Loss of {name}"), 100 * float(loss), "percent", digits=3)
        for name, loss in zip(told.names, told.loss, strict=True)
    )


def _table(told: Coupled) -> Table:
    columns = [
        Column("system", Words("系统", "System")),
        Column("shock", Words("直接损失", "Shock"), "percent", 3),
        Column("loss", Words("最终损失", "Loss in the end"), "percent", 3),
        Column("moved", Words("牵动系数", "Loss of all for one of its own"), "1", 3),
    ]
    numbers = [100 * told.shock, 100 * told.loss, told.moved]
    if told.chances is not None:
        columns += [
            Column("alone", Words("自身失效概率", "Fails by itself"), "percent", 3),
            Column("together", Words("连锁失效概率", "Fails in the end"), "percent", 3),
            Column("error", Words("抽样标准误", "Standard error"), "percent", 3),
        ]
        numbers += [100 * told.alone, 100 * told.chances.chance, 100 * told.chances.error]
    rows: list[list[Cell]] = [[name, *(float(one[place]) for one in numbers)] for place, name in enumerate(told.names)]
    return Table("systems", Words("各系统", "Systems"), tuple(columns), rows)


def _bars(told: Coupled) -> BarPlot:
    bars = tuple((name, 100 * float(loss)) for name, loss in zip(told.names, told.loss, strict=True))
    return BarPlot("loss", Words("各系统最终损失", "Loss in the end"), Words("百分比", "Percent"), bars)


def _assumptions(told: Coupled, threshold: float, draws: int, seed: int) -> tuple[Words, ...]:
    found = [
        Words(
            "没有列出直接损失的系统按零计；损失至多为全部；牵动系数以各系统单独损失 10% 计算。",
            "Systems without a shock have none; a loss is at most all; how much one moves is told by 10 % of it alone.",
        )
    ]
    if told.chances is not None:
        found.append(
            Words(
                f"所依赖系统失效的权重合计达到 {threshold:g} 即失效；抽样 {draws:,} 次，种子 {seed}；"
                "自身失效相互独立。",
                f"A system fails once failed ones of weight {threshold:g} are among those it hangs on; {draws:,} draws "
                f"of seed {seed}; failures of their own are independent.",
            )
        )
    return tuple(found)


def _warnings(told: Coupled) -> tuple[Words, ...]:
    if told.chances is not None or np.isnan(told.alone).all():
        return ()
    return (
        Words(
            "部分系统没有给出失效概率：未计算连锁失效。",
            "Some systems have no chance of failing by themselves: the cascade was not computed.",
        ),
    )
