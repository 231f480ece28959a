"""The command line. Commands are loaded when they are called, so that it answers at once."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import click

from tulou import __version__
from tulou.app import exits
from tulou.app.cli.options import Commands
from tulou.app.screen import language
from tulou.kernel.errors import TulouError
from tulou.kernel.words import Words

COMMANDS: Mapping[str, tuple[str, Words]] = MappingProxyType(
    {
        "check": (
            "check:check",
            Words(
                "检查一座城市（文件夹，或一个 OpenStreetMap 文件）",
                "Check a city (a folder, or one OpenStreetMap file)",
            ),
        ),
        "serve": ("serve:serve", Words("以开放接口提供城市数据", "Serve cities over HTTP")),
        "explain": ("results:explain", Words("说明一个数字从何而来", "Explain where a number comes from")),
        "findings": ("results:findings", Words("列出查出的问题", "List what was found")),
        "report": (
            "results:report",
            Words("生成体检报告（HTML、Word、Excel、PDF）", "Write the report (HTML, Word, Excel, PDF)"),
        ),
        "export": (
            "results:export",
            Words(
                "导出结果（GeoPackage、GeoJSON、CSV、Parquet、SDMX）",
                "Export results (GeoPackage, GeoJSON, CSV, Parquet, SDMX)",
            ),
        ),
        "diff": (
            "diff:diff",
            Words("比较两次检查，说明指标为何变化", "Compare two checks: why the figures changed"),
        ),
        "series": ("series:series", Words("指标的可比口径序列", "An indicator over all checks, restated")),
        "composite": (
            "composite:composite",
            Words("综合评分：分档、名次区间、敏感性", "Composite scores: tiers, rank intervals, sensitivity"),
        ),
        "quality": ("quality:quality", Words("数据质量表", "How good the data behind a check are")),
        "alerts": ("alerts:alerts", Words("数据异常提示", "Patterns in the data to look at")),
        "crosswalk": (
            "crosswalk:crosswalk",
            Words("与 SDG 11、ISO 37120、UMF 对照", "Crosswalk to SDG 11, ISO 37120 and UMF"),
        ),
        "init": ("city:init", Words("新建一座城市", "Begin a city")),
        "import": ("city:import_file", Words("导入一个文件", "Import a file")),
        "claim": ("claims:claim", Words("声明清单完整", "Record that lists are complete")),
        "template": ("city:template", Words("生成数据填报模板", "Write import templates")),
        "datum": ("datum:datum", Words("查明图层的坐标基准", "Find the datum of a layer")),
        "derive": ("city:derive", Words("推导分析单元、估算人口", "Derive analysis units and estimate population")),
        "show": ("city:show", Words("查看某日某时所知的城市", "Show the city of a day, as known then")),
        "log": ("city:log", Words("查看提交记录", "Show the record")),
        "tag": ("city:tag", Words("给一次提交命名；列出标签", "Name a commit; list the names")),
        "branch": ("branch:branch", Words("新建分支；列出分支", "Begin a branch; list the branches")),
        "changes": ("changes:changes", Words("比较两个时刻或两个分支", "What changed between two moments or branches")),
        "merge": ("branch:merge", Words("合并分支（项目建成）", "Merge a branch when its project is built")),
        "recheck": (
            "recheck:recheck_command",
            Words("重算以前的体检（当时所知或现在所知）", "Make a past check again, as known then or now"),
        ),
        "rulebook": (
            "rulebook:rulebook",
            Words("规则集：检查、目录、导入、新建", "Rulebooks: check, catalogue, import, new"),
        ),
        "track": (
            "track:track",
            Words("跟踪各条款的承诺：单位、时限、证据、核实", "Track what the clauses promise: bodies, days, evidence"),
        ),
        "case": ("case:case", Words("案件：问题有人办、有时限、有结果", "Cases: an owner, a time limit and an end")),
        "hotline": (
            "hotline:hotline",
            Words(
                "12345 热线：受理、派单建议、重复、三率、报告",
                "Hotline 12345: intake, suggestions, duplicates, rates, reports",
            ),
        ),
        "manage": (
            "manage:manage",
            Words(
                "数字城管：网格、部件事件、指标、日报月报",
                "City management: grid, parts and events, indicators, reports",
            ),
        ),
        "community": (
            "community:community",
            Words(
                "社区：网格、人员、志愿者、业主共同决定、事项台账",
                "Communities: grids, staff, volunteers, owners' decisions, issues",
            ),
        ),
        "risk": ("risk:risk", Words("风险分级管控：红橙黄蓝", "Graded risks: red, orange, yellow, blue")),
        "credit": (
            "credit:credit",
            Words(
                "企业安全信用：可解释、可修复、可重放", "Safety credit of enterprises: explained, repairable, replayed"
            ),
        ),
        "inspect": (
            "inspect:inspect",
            Words(
                "行政检查：计划、联合、随机抽取（可重算）、频次上限", "Inspections: plans, joint visits, draws, caps"
            ),
        ),
        "training": (
            "training:training",
            Words("安全培训证书到期清单", "Certificates of safety training that fall due"),
        ),
        "account": (
            "account:account",
            Words("账号、角色、诉求人信息与访问记录", "Accounts, roles, requesters kept apart, who looked at whom"),
        ),
        "alarm": (
            "alarm:alarm",
            Words("生命线报警：规则、接入、重放、处置", "Alarms of lifelines: rules, intake, replay, cases"),
        ),
        "audit": (
            "audit:audit",
            Words(
                "审计：核验全部记录、访问记录、公式与表结构", "Audit: prove all records; accesses, formulas, schemas"
            ),
        ),
        "open311": (
            "open311:open311",
            Words("以 Open311 标准收发请求", "Requests by Open311 GeoReport v2: serve, pull, report"),
        ),
        "remedies": (
            "remedies:remedies",
            Words("治理措施：目录、某城市的备选项目", "Remedies: the catalogue, or what could be done in a city"),
        ),
        "plan": ("plan:plan", Words("编制更新计划（预算内选项目）", "Plan: choose projects within yearly budgets")),
        "site": ("site:site", Words("为设施选址", "Choose sites for a facility")),
        "whatif": ("whatif:whatif", Words("推演一个项目的影响", "Try a project before it is built")),
        "lawdiff": (
            "lawdiff:lawdiff",
            Words("标准变化的影响与生效日历", "What another rule turns, and when rules come into force"),
        ),
        "run": (
            "run:run",
            Words("运行一个模型（暴雨公式、设计雨型等）", "Run a model (storm formula, design storm …)"),
        ),
        "coverage": ("coverage:coverage", Words("各条款的覆盖情况", "How far each clause is covered")),
        "demo": (
            "demo:demo",
            Words(
                "示范：赫尔辛基中心区与合成城市榕城", "Demonstration: Helsinki centre and the synthetic city Rongcheng"
            ),
        ),
        "warm": ("warm:warm", Words("预备编译内核", "Prepare the compiled kernels")),
    }
)


class LazyGroup(Commands):
    """A group that knows its commands by name and loads one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """Names in the order in which a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load one command."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(f"tulou.app.cli.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without loading them."""
        with formatter.section("命令 Commands"):
            formatter.write_dl([(name, words.say(language())) for name, (_, words) in COMMANDS.items()])


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="tulou")
def cli() -> None:
    """土楼 Tulou：有记忆的城市体检。 A city's health check, with memory."""


def main(words: Sequence[str] | None = None) -> None:
    """Run the command line; a user's mistake ends in a message and an exit code, never in a traceback.

    Args:
        words: What was written after ``tulou``; the words of the process by default.
    """
    sys.exit(_run(words))


def _run(words: Sequence[str] | None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # A screen that cannot show Chinese shows a question mark.
    try:
        left = cli.main(words, prog_name="tulou", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return exits.STOPPED
    except BrokenPipeError:
        return _hang_up()
    except (TulouError, OSError, MemoryError, click.ClickException) as error:
        return _tell(error)
    return left if isinstance(left, int) else exits.FINE


def _tell(error: TulouError | OSError | MemoryError | click.ClickException) -> int:
    """Say what went wrong, in one form whoever said it first."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return exits.BAD_USE
    from tulou.app import messages  # only after a mistake

    spoken = language()
    if isinstance(error, OSError):
        error = messages.of_machine(error, spoken)
    elif isinstance(error, MemoryError):
        error = messages.of_memory(spoken)
    elif isinstance(error, click.ClickException):
        error = messages.of_command_line(error, spoken)
    click.echo(messages.text_of(error, spoken), err=True)
    return exits.exit_code(error)


def _hang_up() -> int:
    """The reader closed the pipe, as ``head`` does: be silent, also while Python shuts down."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return exits.FINE
