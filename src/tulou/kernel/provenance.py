"""Provenance: where facts came from, and what a reader of them met on the way."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Source:
    """One file, feed or form that facts were read from.

    Args:
        name: File name or address, without the folders of this machine.
        digest: SHA-256 of the bytes; empty for a feed.
        connector: Name of the connector that read it.
        version: Version of that connector.
        mapping: Digest of the mapping file, when one was used.
        licence: Licence and credit line, when the source states one.
        datum: Coordinate system as found, e.g. ``EPSG:4326`` or ``GCJ-02``, and what was done about it.
        moment: Moment up to which the source is current, as it says itself, ISO 8601; empty when it does not say.
    """

    name: str
    digest: str = ""
    connector: str = ""
    version: str = "1"
    mapping: str = ""
    licence: str = ""
    datum: str = ""
    moment: str = ""


@dataclass(frozen=True)
class Remark:
    """One kind of trouble met while reading, with how often and a few examples.

    Args:
        kind: Short stable name, e.g. ``invalid_polygon``.
        treated: ``repaired``, ``refused`` or ``noted``.
        rows: How many rows it concerns.
        text: One sentence for a person.
        examples: Up to five row numbers or ids.
    """

    kind: str
    treated: str
    rows: int
    text: str
    examples: tuple[str, ...] = ()


@dataclass
class Quality:
    """Quality report of one import: rows read, kept, repaired, refused and why.

    Args:
        read: Rows (or objects) met in the source.
        kept: Rows that became facts.
        remarks: What was repaired, refused or noted.
    """

    read: int = 0
    kept: int = 0
    remarks: list[Remark] = field(default_factory=list)

    @property
    def repaired(self) -> int:
        """Rows kept after a repair."""
        return sum(remark.rows for remark in self.remarks if remark.treated == "repaired")

    @property
    def refused(self) -> int:
        """Rows left out, each for a reason given in the remarks."""
        return sum(remark.rows for remark in self.remarks if remark.treated == "refused")

    def note(self, kind: str, treated: str, rows: int, text: str, examples: tuple[str, ...] = ()) -> None:
        """Add a remark, unless it concerns no row."""
        if rows:
            self.remarks.append(Remark(kind, treated, int(rows), text, tuple(map(str, examples[:5]))))
