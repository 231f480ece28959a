"""The sections of a SWMM input file, and edits that leave its line numbers alone.

Only what is asked of a model is read here; SWMM itself reads the rest and says what it refuses. What is taken out of
a model becomes a comment and what is added stands at its end, so that a line SWMM complains of is that of the file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tulou.kernel.errors import BadInput
from tulou.kernel.identity import digest_file
from tulou.sources import encodings, limits

MOST_MODEL_BYTES = 256 * 1024**2
"""Largest input file; one of a hundred thousand pipes takes about 30 MB."""
HEADS = {
    "TITLE": "[TITLE",
    "OPTIONS": "[OPTION",
    "FILES": "[FILE",
    "RAINGAGES": "[RAINGAGE",
    "TEMPERATURE": "[TEMPERATURE",
    "SUBCATCHMENTS": "[SUBCATCH",
    "LID_USAGE": "[LID_USAGE",
    "JUNCTIONS": "[JUNC",
    "OUTFALLS": "[OUTF",
    "DIVIDERS": "[DIVI",
    "STORAGE": "[STOR",
    "CONDUITS": "[COND",
    "PUMPS": "[PUMP",
    "ORIFICES": "[ORIF",
    "WEIRS": "[WEIR",
    "OUTLETS": "[OUTL",
    "XSECTIONS": "[XSECT",
    "CONTROLS": "[CONTROL",
    "CURVES": "[CURVE",
    "TIMESERIES": "[TIMESERIES",
    "COORDINATES": "[COORDINATE",
}
"""How a section is told: SWMM compares beginnings of headings, whatever their case."""
_WORD = re.compile(r'"([^"]*)"|(\S+)')


@dataclass(frozen=True)
class Row:
    """One line of a section that says something.

    Args:
        number: Line of the file, from 1.
        words: Its words, without comment; quotation marks are taken off.
    """

    number: int
    words: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Model:
    """A SWMM input file.

    Args:
        name: What messages call it.
        lines: Its lines.
        folder: Where files that it names lie; None for a model that names none.
        digest: SHA-256 of the file; empty for one that was made here.
    """

    name: str
    lines: tuple[str, ...]
    folder: Path | None = None
    digest: str = ""

    @cached_property
    def _sections(self) -> Mapping[str, tuple[Row, ...]]:
        found: dict[str, list[Row]] = {name: [] for name in HEADS}
        at: str | None = None
        for number, line in enumerate(self.lines, 1):
            text = line.partition(";")[0].strip()
            if text.startswith("["):
                at = next((name for name, head in HEADS.items() if text.upper().startswith(head)), None)
            elif text and at is not None:
                words = tuple(quoted or plain for quoted, plain in _WORD.findall(text))
                found[at].append(Row(number, words))
        return {name: tuple(rows) for name, rows in found.items()}

    def rows(self, section: str) -> tuple[Row, ...]:
        """Lines of a section, in their order; none when the model has no such section."""
        return self._sections[section]

    def option(self, name: str, default: str) -> str:
        """What an option is set to, in capitals; the last line counts, as it does for SWMM."""
        found = [row.words[1] for row in self.rows("OPTIONS") if row.words[0].upper() == name and len(row.words) > 1]
        return found[-1].upper() if found else default

    @property
    def text(self) -> str:
        """The whole file."""
        return "\n".join(self.lines) + "\n"

    def edited(self, out: Collection[int] = (), more: Mapping[str, Iterable[str]] | None = None) -> Model:
        """The model with lines taken out and sections added.

        Args:
            out: Numbers of the lines that become comments.
            more: Lines to be added, by section.
        """
        kept = [f";{line}" if number in out else line for number, line in enumerate(self.lines, 1)]
        for section, lines in (more or {}).items():
            kept += ["", f"[{section}]", *lines]
        return Model(self.name, tuple(kept), self.folder, self.digest)

    def with_options(self, options: Mapping[str, str]) -> Model:
        """The model with options set."""
        out = {row.number for row in self.rows("OPTIONS") if row.words[0].upper() in options}
        return self.edited(out, {"OPTIONS": [f"{name} {value}" for name, value in options.items()]})


def read_model(path: Path) -> Model:
    """Read a SWMM input file.

    Args:
        path: The file.

    Raises:
        BadInput: When it is absent, too large, or has no section of a SWMM model.
    """
    limits.size_of(path, MOST_MODEL_BYTES)
    text, _ = encodings.decode(path.read_bytes(), "", path.name)
    model = Model(path.name, tuple(text.splitlines()), path.parent.resolve(), digest_file(path))
    if not any(model.rows(name) for name in ("JUNCTIONS", "OUTFALLS", "STORAGE", "SUBCATCHMENTS")):
        raise BadInput(
            "this is no SWMM model", where=path.name, allowed=("[JUNCTIONS], [OUTFALLS], [STORAGE] or [SUBCATCHMENTS]",)
        )
    return model


def word_at(row: Row, place: int, where: str, default: str | None = None) -> str:
    """A word of a line.

    Args:
        row: The line.
        place: Which word, from 0.
        where: How messages call the file.
        default: What holds where the line ends before it; None when it must be there.

    Raises:
        BadInput: When the line is too short.
    """
    if place < len(row.words):
        return row.words[place]
    if default is None:
        raise BadInput("this line is too short", where=f"{where}: line {row.number}", found=" ".join(row.words))
    return default


def number_at(row: Row, place: int, where: str, default: float | None = None) -> float:
    """A number of a line.

    Args:
        row: The line.
        place: Which word, from 0.
        where: How messages call the file.
        default: What holds where the line ends before it or a ``*`` stands there; None when it must be there.

    Raises:
        BadInput: When there is no number.
    """
    word = word_at(row, place, where, "*")
    if word == "*" and default is not None:
        return default
    try:
        return float(word)
    except ValueError:
        raise BadInput("this is not a number", where=f"{where}: line {row.number}", found=word) from None


def sheltered(model: Model) -> tuple[Model, tuple[str, ...]]:
    """A model that writes no file of its own and reads only files beside it.

    Lines that would save a file are taken out, and so is the file name of a report of a green facility. Files to be
    read are named in full, so that the model may run in another folder.

    Returns:
        The model, and the lines that were taken out.

    Raises:
        BadInput: When it would read a file outside its folder, or one that is not there.
    """
    saved = [row for row in model.rows("FILES") if row.words[0].upper().startswith("SAVE")]
    reports = [row for row in model.rows("LID_USAGE") if len(row.words) > _LID_REPORT and row.words[_LID_REPORT] != "*"]
    out = {row.number for row in (*saved, *reports)}
    lid_usage = [" ".join((*row.words[:_LID_REPORT], "*", *row.words[_LID_REPORT + 1 :])) for row in reports]
    more: dict[str, list[str]] = {"LID_USAGE": lid_usage} if lid_usage else {}
    for section in ("FILES", *FILE_AT):
        for row in model.rows(section):
            place = _file_place(section, row.words)
            if place is not None and row.number not in out:
                out.add(row.number)
                more.setdefault(section, []).append(_with_file(model, row, place))
    return model.edited(out, more), tuple(" ".join(row.words) for row in (*saved, *reports))


_LID_REPORT = 8
"""Place of the report file in a line of [LID_USAGE]."""
FILE_AT = {"RAINGAGES": 4, "TEMPERATURE": 0, "TIMESERIES": 1}
"""Where the word FILE stands in a line of each section that may name one."""


def _file_place(section: str, words: Sequence[str]) -> int | None:
    """Where a line names a file to be read. SWMM compares beginnings of words here too."""
    if section == "FILES":
        return 2 if words[0].upper().startswith("USE") and len(words) > 2 else None  # noqa: PLR2004  (USE KIND FILE)
    at = FILE_AT[section]
    return at + 1 if len(words) > at + 1 and words[at].upper().startswith("FILE") else None


def _with_file(model: Model, row: Row, place: int) -> str:
    where = f"{model.name}: line {row.number}"
    name = row.words[place].replace("\\", "/")
    path = (model.folder / name).resolve() if model.folder else None
    if path is None or model.folder is None or not path.is_relative_to(model.folder):
        raise BadInput("a model may read only files of its own folder", where=where, found=name)
    if not path.is_file():
        near = sorted(one.name for one in path.parent.iterdir()) if path.parent.is_dir() else []
        raise BadInput("the model names a file that is not there", where=where, found=name, allowed=near)
    words = [f'"{path}"' if at == place else word for at, word in enumerate(row.words)]
    return " ".join(words)
