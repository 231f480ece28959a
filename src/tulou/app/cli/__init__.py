"""The command line. Commands are loaded when they are called, so that it answers at once."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from types import MappingProxyType

import click

from tulou import __version__
from tulou.app import exits
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
        "explain": ("results:explain", Words("说明一个数字从何而来", "Explain where a number comes from")),
        "findings": ("results:findings", Words("列出查出的问题", "List what was found")),
        "report": (
            "results:report",
            Words("生成体检报告（HTML、Word、Excel、PDF）", "Write the report (HTML, Word, Excel, PDF)"),
        ),
        "export": (
            "results:export",
            Words(
                "导出结果（GeoPackage、GeoJSON、CSV、Parquet）", "Export results (GeoPackage, GeoJSON, CSV, Parquet)"
            ),
        ),
        "init": ("city:init", Words("新建一座城市", "Begin a city")),
        "import": ("city:import_file", Words("导入一个文件", "Import a file")),
        "template": ("city:template", Words("生成数据填报模板", "Write import templates")),
        "derive": ("city:derive", Words("推导分析单元、估算人口", "Derive analysis units and estimate population")),
        "show": ("city:show", Words("查看某日某时所知的城市", "Show the city of a day, as known then")),
        "log": ("city:log", Words("查看提交记录", "Show the record")),
        "tag": ("city:tag", Words("给一次提交命名", "Name a commit")),
        "rulebook": (
            "rulebook:rulebook",
            Words("规则集：检查、目录、导入、新建", "Rulebooks: check, catalogue, import, new"),
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


class LazyGroup(click.Group):
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


def main() -> None:
    """Run the command line; a user's mistake ends in a message and an exit code, never in a traceback."""
    try:
        cli.main(standalone_mode=False)
    except TulouError as error:
        click.echo(f"tulou: {error}", err=True)
        sys.exit(exits.exit_code(error))
    except click.exceptions.Abort:
        sys.exit(exits.STOPPED)
    except KeyboardInterrupt:
        sys.exit(exits.STOPPED)
    except click.ClickException as error:
        error.show()
        sys.exit(exits.BAD_USE)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except BrokenPipeError:
        sys.exit(exits.FINE)
