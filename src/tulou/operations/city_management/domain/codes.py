"""Codes of city management: unit cells (15 digits), parts (16) and classes of parts and events (10).

- A cell: 6 digits county (GB/T 2260), 3 street or town, 3 community, 3 number within the community. Beijing's local
  standard of the unit grid, methods S04; the predecessor is CJ/T 213.
- A part (部件): 6 county, 2 class, 2 subclass, 6 number; an event (事件): 6 county, 2 class, 2 subclass. From memory of
  CJ/T 214; codes of parts that two systems of Suzhou print have this layout (SOURCE.md of the truths).
"""

from __future__ import annotations

from dataclasses import dataclass

from tulou.kernel.errors import BadInput

COUNTY, STREET, COMMUNITY, CELL = 6, 3, 3, 3
CLASS, PART = 4, 6
CELL_DIGITS = COUNTY + STREET + COMMUNITY + CELL
PART_DIGITS = COUNTY + CLASS + PART
COMMUNITY_DIGITS = COUNTY + STREET + COMMUNITY
MOST = 10**CELL - 1
"""Largest number of a street, a community or a cell."""

NO_CELL = "this is not the code of a unit cell"
NO_PART = "this is not the code of a part"
NOTHING = "a part of this code is all zeros, which stands for nothing"


@dataclass(frozen=True, order=True)
class CellCode:
    """Code of a unit cell in its parts.

    Args:
        county: Six digits.
        street: Three digits, street office or town.
        community: Three digits.
        cell: Three digits, from west to east and north to south within the community.
    """

    county: str
    street: str
    community: str
    cell: str

    @property
    def within(self) -> str:
        """The code of its community, twelve digits."""
        return f"{self.county}{self.street}{self.community}"

    def __str__(self) -> str:
        return f"{self.within}{self.cell}"


@dataclass(frozen=True, order=True)
class PartCode:
    """Code of a part in its parts.

    Args:
        county: Six digits.
        class_code: Four digits, class and subclass.
        number: Six digits.
    """

    county: str
    class_code: str
    number: str

    def __str__(self) -> str:
        return f"{self.county}{self.class_code}{self.number}"


def parse_cell(text: str, where: str = "") -> CellCode:
    """Read the code of a cell, e.g. ``350102003005012``.

    Args:
        text: The code.
        where: How messages call its place.

    Raises:
        BadInput: When it is none.
    """
    _must_be(text, CELL_DIGITS, NO_CELL, where)
    street, community = COUNTY + STREET, COMMUNITY_DIGITS
    found = CellCode(text[:COUNTY], text[COUNTY:street], text[street:community], text[community:])
    _must_count((found.county, found.street, found.community, found.cell), text, where)
    return found


def parse_part(text: str, where: str = "") -> PartCode:
    """Read the code of a part, e.g. ``3205080101000001``.

    Raises:
        BadInput: When it is none.
    """
    _must_be(text, PART_DIGITS, NO_PART, where)
    found = PartCode(text[:COUNTY], text[COUNTY : COUNTY + CLASS], text[COUNTY + CLASS :])
    _must_count((found.county, found.class_code, found.number), text, where)
    return found


def cell_of(community: str, number: int) -> str:
    """The code of a cell from that of its community and its number.

    Args:
        community: Twelve digits.
        number: From 1.

    Raises:
        BadInput: When a number has more than three digits.
    """
    _must_fit(number, community)
    return f"{community}{number:0{CELL}d}"


def community_of(county: str, street: int, community: int) -> str:
    """The code of a community from that of its county and two numbers.

    Raises:
        BadInput: When a number has more than three digits, or the county no six.
    """
    _must_be(county, COUNTY, "this is not the code of a county", "")
    _must_fit(street, county)
    _must_fit(community, county)
    return f"{county}{street:0{STREET}d}{community:0{COMMUNITY}d}"


def _must_fit(number: int, where: str) -> None:
    if not 0 < number <= MOST:
        raise BadInput(
            "a code has three digits for this number", where=where, found=number, allowed=(f"1 to {MOST}",)
        )  # fmt: skip


def _must_be(text: str, digits: int, what: str, where: str) -> None:
    if len(text) != digits or not (text.isascii() and text.isdigit()):
        raise BadInput(what, where=where, found=text, allowed=(f"{digits} digits",))


def _must_count(parts: tuple[str, ...], text: str, where: str) -> None:
    if any(not part.strip("0") for part in parts):
        raise BadInput(NOTHING, where=where, found=text)
