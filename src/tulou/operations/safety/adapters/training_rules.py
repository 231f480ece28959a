"""Reading ``safety/training.yaml``: kinds of certificates and their times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tulou.indicators.rulebook.reading import Faults, choice, keys, mapping, number, text
from tulou.kernel.documents import At
from tulou.kernel.errors import BadInput
from tulou.model.dictionary import words_of
from tulou.operations.safety.adapters.pages import GRADES, pages
from tulou.operations.safety.domain.training import CertificateKind

FOLDER = "safety"
FILE = "training.yaml"


@dataclass(frozen=True)
class TrainingRules:
    """Kinds of certificates.

    Args:
        kinds: Kinds by id.
        soon: Days ahead that count as soon.
    """

    kinds: Mapping[str, CertificateKind]
    soon: int


def read_training_rules(names: Sequence[str | Path]) -> TrainingRules:
    """Read kinds of certificates; a later rulebook takes the place of an earlier one, kind by kind.

    Raises:
        BadInput: With every fault, each with file and line.
    """
    faults, kinds, soon = Faults(), dict[str, CertificateKind](), 0
    for page in pages(names, FOLDER, FILE):
        with faults.kept(page.where()):
            keys(page, ("soon", "kinds"))
            if "soon" in page:
                soon = _whole(mapping(page, "soon"), "days") or 0
        table = mapping(page, "kinds", needed=False)
        for name in table:
            with faults.kept(table.where(name)):
                kinds[name] = _kind(name, mapping(table, name))
    faults.raise_any()
    return TrainingRules(kinds, soon)


def _kind(name: str, entry: At) -> CertificateKind:
    keys(entry, ("title", "months", "review", "source", "evidence"))
    return CertificateKind(
        name,
        words_of(entry, "title"),
        _whole(entry, "months"),
        _whole(entry, "review"),
        text(entry, "source"),
        choice(entry, "evidence", GRADES),
    )


def _whole(entry: At, key: str) -> int | None:
    if key not in entry:
        return None
    found = number(entry, key)
    if found <= 0 or not found.is_integer():
        raise BadInput("a time is a whole number above zero", where=entry.where(key), found=f"{found:g}")
    return int(found)
