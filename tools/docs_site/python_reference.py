"""The reference of the Python names: a page for each room of the house, read from the source without importing it."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOMS: Mapping[str, tuple[str, str]] = {
    "kernel": ("内核：错误、单位、带日期的值、日历、用语", "kernel: errors, units, dated values, calendar, words"),
    "sources": ("来源：把文件与数据流变成事实的连接器", "sources: connectors that turn files and feeds into facts"),
    "model": ("模型：城市、数据字典、双时间轴的存储", "model: the city, its dictionary, the store with two clocks"),
    "measures": ("算法：以数组为参数的纯函数", "measures: pure functions of arrays"),
    "indicators": ("指标：规则集、评价、说明", "indicators: rulebooks, evaluation, explanation"),
    "diagnosis": ("诊断：问题、原因、差异核算、综合评分", "diagnosis: findings, causes, differences, composites"),
    "plan": ("计划：措施、情景、选址、项目组合", "plan: remedies, scenarios, siting, portfolio"),
    "processes": ("过程：按名称运行的模型", "processes: models that are run by name"),
    "operations": ("运行：案件及一切有时限的事", "operations: cases and everything with deadlines"),
    "publish": ("发布：报告、导出、图件、目录", "publish: reports, exports, drawings, catalogue"),
}
"""Rooms whose names others may use; ``app`` wires them and is none."""
ABOUT: Mapping[str, str] = {
    "zh": "由源代码的说明生成，说明为英文。入门见 [Python](../python.md)。",
    "en": "Made from the docstrings of the source. To begin, see [Python](../python.md).",
}
MOST_SIGNATURE = 100
"""Letters of a signature; one that is longer is shown line by line."""

_FIELD = re.compile(r"^(\w[\w, *]*):\s+(.*)$")
_HEADS = ("Args:", "Raises:", "Returns:", "Yields:")


@dataclass(frozen=True)
class Name:
    """A public name.

    Args:
        signature: How it is called.
        said: Its docstring.
        is_class: Whether it is a class.
    """

    signature: str
    said: str
    is_class: bool


@dataclass(frozen=True)
class Module:
    """A module with public names.

    Args:
        path: Its dotted path.
        said: Its docstring.
        names: What it offers.
    """

    path: str
    said: str
    names: tuple[Name, ...]


def pages(package: Path, language: str) -> dict[str, str]:
    """Markdown of each room by its name; a room with subjects has a page for each.

    Args:
        package: Folder of the package.
        language: Of what stands around the docstrings.
    """
    found = {}
    for room, titles in ROOMS.items():
        title = titles[0 if language == "zh" else 1]
        groups: dict[str, list[Module]] = {}
        for module in _modules(package, package / room):
            _, _, *inner = module.path.split(".")
            groups.setdefault(inner[0] if len(inner) > 1 else "", []).append(module)
        for subject, modules in sorted(groups.items()):
            if subject:
                found[f"python/{room}-{subject}"] = _page(f"tulou.{room}.{subject}", modules, language)
        subjects = [f"- [`tulou.{room}.{one}`]({room}-{one}.md)" for one in sorted(groups) if one]
        found[f"python/{room}"] = _page(title, groups.get("", []), language, subjects)
    return found


def _page(title: str, modules: Sequence[Module], language: str, subjects: Sequence[str] = ()) -> str:
    lines = [f"# {_plain(title)}", "", ABOUT[language], "", *subjects, ""]
    for module in modules:
        lines += [f"## `{module.path}`", "", *_docstring(module.said), ""]
        for name in module.names:
            lines += _name(name)
    return "\n".join(lines) + "\n"


def _name(name: Name) -> list[str]:
    called = name.signature.partition("(")[0]
    return [
        f"### `{called}`",
        "",
        *(f"    {line}" for line in name.signature.splitlines()),
        "",
        *_docstring(name.said),
        "",
    ]


def _modules(package: Path, folder: Path) -> Iterator[Module]:
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        if any(part.startswith("_") and part != "__init__" for part in parts):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        names = tuple(_names(tree))
        if names:
            dotted = ".".join(part for part in parts if part != "__init__")
            yield Module(dotted, ast.get_docstring(tree) or "", names)


def _names(tree: ast.Module) -> Iterator[Name]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            said = ast.get_docstring(node) or ""
            if isinstance(node, ast.ClassDef):
                yield Name(_class(node), said, is_class=True)
            else:
                yield Name(_signature(node), said, is_class=False)


def _class(node: ast.ClassDef) -> str:
    """A class as it is made: by its ``__init__``, else by its fields."""
    made = next((one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"), None)
    if made is not None:
        return _broken(node.name, [one for one in _arguments(made.args) if one != "self"], "")
    fields = [
        ast.unparse(one) for one in node.body if isinstance(one, ast.AnnAssign) and "ClassVar" not in ast.unparse(one)
    ]
    return _broken(node.name, [one for one in fields if not one.startswith("_")], "")


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    given = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return _broken(node.name, _arguments(node.args), given)


def _arguments(args: ast.arguments) -> list[str]:
    """Arguments as they are written, each with its kind and default."""
    plain = [*args.posonlyargs, *args.args]
    defaults = [None] * (len(plain) - len(args.defaults)) + list(args.defaults)
    found = [_argument(one, default) for one, default in zip(plain, defaults, strict=True)]
    if args.vararg:
        found.append(f"*{_argument(args.vararg, None)}")
    elif args.kwonlyargs:
        found.append("*")
    found += [_argument(one, default) for one, default in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    return found + ([f"**{_argument(args.kwarg, None)}"] if args.kwarg else [])


def _argument(one: ast.arg, default: ast.expr | None) -> str:
    kind = f": {ast.unparse(one.annotation)}" if one.annotation else ""
    return f"{one.arg}{kind}" + (f" = {ast.unparse(default)}" if default is not None else "")


def _broken(name: str, arguments: Sequence[str], given: str) -> str:
    line = f"{name}({', '.join(arguments)}){given}"
    if len(line) <= MOST_SIGNATURE or not arguments:
        return line
    return "\n".join([f"{name}(", *(f"    {one}," for one in arguments), f"){given}"])


def _docstring(said: str) -> list[str]:
    """A docstring in Markdown: its arguments and errors become lists, double ticks single ones."""
    lines: list[str] = []
    is_listing = False
    for line in inspect.cleandoc(said).splitlines():
        if line in _HEADS:
            lines += ["", f"*{line[:-1]}*", ""]
            is_listing = True
        elif is_listing and line.startswith("    ") and not line.startswith("     "):
            field = _FIELD.match(line.strip())
            lines.append(f"- `{field[1]}`: {_plain(field[2])}" if field else f"- {_plain(line.strip())}")
        elif is_listing and line.strip():
            lines.append(f"  {_plain(line.strip())}")
        else:
            is_listing = is_listing and not line.strip()
            lines.append(_plain(line))
    return lines


def _plain(text: str) -> str:
    """Text of a docstring as Markdown: what is between double ticks stays, the rest marks nothing."""
    pieces = re.split(r"``(.+?)``", text)
    return "".join(
        f"`{piece}`" if place % 2 else re.sub(r"([\\*_\[\]<>])", r"\\\1", piece) for place, piece in enumerate(pieces)
    )
