"""The process that tells what lifelines take with them when one is hurt."""

from __future__ import annotations

from tulou.kernel.words import Words
from tulou.processes.declaration import Input, Process, Run
from tulou.processes.outcome import Outcome


def _run(run: Run) -> Outcome:
    from tulou.processes.lifelines.coupled import coupled  # loads the science

    return coupled(run)


PROCESS = Process(
    name="lifeline_coupling",
    title=Words("生命线系统耦合", "Coupling of lifelines"),
    question=Words(
        "一个系统受损时，其他系统会跟着损失多少？哪个系统最能牵动全局？",
        "When one system is hurt, how much do the others lose, and which one moves most?",
    ),
    inputs=(
        Input(
            "couplings",
            Words("依赖关系", "Couplings"),
            "file",
            about=Words(
                "CSV：system、on（所依赖的系统）、weight（其全部丧失时本系统的损失，0—1）",
                "CSV: system, on (what it hangs on), weight (its loss when that is lost whole, 0 to 1)",
            ),
        ),
        Input(
            "shocks",
            Words("直接损失", "Shocks"),
            "file",
            about=Words(
                "CSV：system、loss（直接损失，0—1），可有 chance（自身失效概率）",
                "CSV: system, loss (from outside, 0 to 1), if known chance (that it fails by itself)",
            ),
        ),
        Input("threshold", Words("连锁阈值", "Threshold of the cascade"), "number", default=0.5, least=0.001, most=100),
        Input("draws", Words("抽样次数", "Draws"), "whole", "1", default=10_000, least=100, most=1_000_000),
        Input("seed", Words("随机种子", "Seed"), "whole", "1", default=1, least=0, most=1e9),
    ),
    run=_run,
    source="Haimes & Jiang (2001); Santos & Haimes (2004); Watts (2002)",
    clauses=("16",),
    verified=Words(
        "两系统算例 0.11765、0.03529；抽样与逐一枚举一致",
        "two systems 0.11765 and 0.03529; draws agree with all failures counted out",
    ),
    limits=(
        Words(
            "系数由使用者给出；不含恢复过程和时间。",
            "The weights are the user's; there is no recovery and no time.",
        ),
    ),
)
