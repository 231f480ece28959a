"""The table of coverage: on the screen, as Markdown, as plain data; and the generated page of the documentation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from typing import Any

from tulou.kernel.words import Language
from tulou.operations.coverage import ROW_STATES, Part, Row
from tulou.operations.tracker.domain.grouping import clause_name
from tulou.publish.words import say

Cells = tuple[str, ...]
HEADS = ("clause", "title", "state", "parts", "commitments", "indicators", "measures", "truths")


def heads(names: Sequence[str], language: Language) -> Cells:
    """Heads of columns."""
    return tuple(say(f"coverage.column.{name}", language) for name in names)


def counted(rows: Sequence[Row], language: Language) -> str:
    """How many clauses are covered how far, in a sentence."""
    states = Counter(row.state for row in rows)
    return say(
        "coverage.count",
        language,
        clauses=len(rows),
        parts=sum(len(row.parts) for row in rows),
        lacking=sum(len(row.not_yet) for row in rows),
        truths=sum(len(row.truths) for row in rows),
        proved=sum(len(row.proved) for row in rows),
        **{state: states[state] for state in ROW_STATES},
    )


def table_rows(rows: Sequence[Row], language: Language, assessed: Container[str] | None = None) -> list[Cells]:
    """One row a clause.

    Args:
        rows: The clauses.
        language: Language of the words.
        assessed: Indicators that a check gave a value for; adds a column when given.
    """
    made: list[Cells] = []
    for row in rows:
        cells = (
            clause_name(row.number),
            row.title.say(language),
            say(f"coverage.state.{row.state}", language),
            say("coverage.of", language, there=len(row.parts) - len(row.not_yet), all=len(row.parts)),
            str(len(row.commitments)),
            str(len(row.indicators)),
            str(len(row.measures)),
            say("coverage.of", language, there=len(row.proved), all=len(row.truths)) if row.truths else "",
        )
        made.append(cells if assessed is None else (*cells, str(sum(name in assessed for name in row.indicators))))
    return made


def part_rows(row: Row, language: Language) -> list[Cells]:
    """The parts of a clause, one a row: what, how far, answered by what."""
    return [
        (part.says.say(language), say(f"coverage.part.{part.state}", language), _answers(part, language))
        for part in row.parts
    ]


def truth_rows(row: Row, language: Language) -> list[Cells]:
    """The published figures of a clause, one a row, with the tests that reproduce them."""
    return [(truth.says, truth.where or say("coverage.unproved", language)) for truth in row.truths]


def markdown(rows: Sequence[Row], language: Language) -> str:
    """The whole table as Markdown, without a title."""
    lines = [say("coverage.about", language), "", counted(rows, language), ""]
    lines += _table(heads(HEADS, language), table_rows(rows, language))
    for row in rows:
        lines += ["", f"## {clause_name(row.number)} {row.title.say(language)}", ""]
        lines += _section(row, language)
    return "\n".join(lines) + "\n"


def plain(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The whole table as plain data."""
    return [
        {
            "clause": row.number,
            "name": clause_name(row.number),
            "title": {"zh": row.title.zh, "en": row.title.en},
            "state": row.state,
            "parts": [
                {
                    "says": {"zh": part.says.zh, "en": part.says.en},
                    "state": part.state,
                    "by": list(part.by),
                    "missing": list(part.missing),
                }
                for part in row.parts
            ],
            "commitments": [
                {"id": one.id, "kind": one.kind, "sentences": list(one.sentences), "indicators": list(one.indicators)}
                for one in row.commitments
            ],
            "indicators": list(row.indicators),
            "measures": list(row.measures),
            "truths": [{"says": truth.says, "tests": truth.where or None} for truth in row.truths],
        }
        for row in rows
    ]


def _section(row: Row, language: Language) -> Iterator[str]:
    yield from _table(heads(("part", "state", "by"), language), part_rows(row, language))
    if row.truths:
        yield ""
        yield from _table(heads(("truth", "where"), language), truth_rows(row, language))
    yield ""
    for name, values in (("indicators", row.indicators), ("measures", row.measures)):
        listed = ", ".join(f"`{value}`" for value in values)
        yield f"- {say(f'coverage.column.{name}', language)} ({len(values)}): {listed}"
    ids = ", ".join(one.id for one in row.commitments)
    yield f"- {say('coverage.column.commitments', language)} ({len(row.commitments)}): {ids}"
    bare = [one.id for one in row.commitments if not one.indicators]
    if bare:
        yield f"- {say('coverage.no_indicator', language, names=', '.join(bare))}"


def _answers(part: Part, language: Language) -> str:
    text = ", ".join(name.split("/", 1)[1] for name in part.by)
    if part.missing:
        names = ", ".join(name.split("/", 1)[1] for name in part.missing)
        text += say("coverage.missing", language, names=names)
    return text


def _table(head: Sequence[str], rows: Sequence[Cells]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(' '.join(cell.replace('|', '/').replace('_', chr(92) + '_').split()) for cell in row)} |"
