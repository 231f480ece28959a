"""The unit grid of a city: proposed from its communities, kept as facts, checked wherever it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from tulou.app.wiring import RULEBOOKS, last_day, open_city
from tulou.kernel.errors import BadInput, BadUse, NotEnoughData
from tulou.kernel.facts import Facts
from tulou.kernel.identity import object_id
from tulou.model.geography import choose_system, extent_of, to_metric
from tulou.model.rows import Rows
from tulou.model.state import State
from tulou.model.store.importing import Importing
from tulou.model.store.manifest import Commit
from tulou.model.units import PUBLIC
from tulou.operations.city_management.adapters.reading import read_grid_rule
from tulou.operations.city_management.domain.cells import GridRule, propose_cells
from tulou.operations.city_management.domain.codes import COMMUNITY_DIGITS, COUNTY, STREET, cell_of, community_of
from tulou.operations.city_management.domain.topology import Cells, GridFault, Surroundings, check_grid
from tulou.publish.drawing.ground import Layers
from tulou.publish.layers import layers_of
from tulou.sources.datum import to_wgs84
from tulou.sources.layers import read_layer

Shapes = NDArray[np.object_]

ENTITY = "grid_cell"
NOBODY = "0000"
"""End of a code that is no county's: a province, or none."""
PROPOSED_BY = "tulou manage grid"
CODE_COLUMNS = (
    "code",
    "BGID",
    "bgid",
    "BGCode",
    "bgcode",
    "cell_code",
    "单元网格标识码",
    "网格编码",
    "网格代码",
    "标识码",
)
"""Names under which layers keep the code of a cell; the first that is there counts. BGID is CJ/T 213's."""


@dataclass(frozen=True, eq=False)
class Grid:
    """A unit grid and what lies around it.

    Args:
        city: What the city or file is called.
        cells: The cells, in metres.
        around: Communities and streets it is held against.
        crs: The metric system.
        layers: What its map is drawn on.
        rule: Sizes it is made and checked by.
        communities: Community of each cell, as an id; empty where it is not known.
        is_synthetic: Whether the city was generated.
        is_proposed: Whether it was cut here, and not drawn by anybody.
    """

    city: str
    cells: Cells
    around: Surroundings
    crs: str
    layers: Layers
    rule: GridRule
    communities: Sequence[str] = ()
    is_synthetic: bool = False
    is_proposed: bool = False

    def faults(self) -> list[GridFault]:
        """Everything that is wrong with it."""
        return check_grid(self.cells, self.around, self.rule)


def propose_grid(
    city: Path, counties: Mapping[str, str], day: date | None = None, names: Sequence[str] = RULEBOOKS
) -> Grid:
    """Cut the communities of a city into unit cells and give them codes.

    Args:
        city: Folder of the city.
        counties: Six-digit code of each district by its id; that of all under the empty name.
        day: The day; the newest known by default.
        names: Rulebooks that say how large cells are.

    Raises:
        NotEnoughData: When the city has no communities with a shape.
        BadUse: When the code of a county is needed and not given.
    """
    state, rule = _state(city, day), read_grid_rule(names)
    rows = _shaped(state.rows("community"))
    if not len(rows):
        raise NotEnoughData("this city has no communities with a shape", where=str(city), allowed=("tulou derive",))
    codes = community_codes(state, rows, counties)
    buildings = _known(state.rows("building").shapes)
    streets = _streets(state)
    made = propose_cells(rows.shapes, streets, buildings, rule)
    cells = [cell_of(codes[one], number) for one, number in zip(made.community, made.number.tolist(), strict=True)]
    profile = state.profile
    around = Surroundings(rows.shapes, codes, _names(rows), streets)
    ids = [object_id("grid", code) for code in cells]
    inside = [str(rows.ids[one]) for one in made.community]
    return Grid(
        profile.name, Cells(ids, cells, made.shapes), around, profile.crs, layers_of(state), rule, inside,
        profile.synthetic, is_proposed=True,
    )  # fmt: skip


def keep_grid(city: Path, grid: Grid, *, who: str, day: date | None = None) -> Commit:
    """Commit proposed cells to a city; cells proposed before that are no more are ended.

    Raises:
        BadUse: When the city has cells that somebody drew.
    """
    opened = open_city(city)
    valid = day or last_day(opened)
    held = opened.state(valid=valid).rows(ENTITY)
    if len(held) and not (held.numbers("derived") == 1).all():
        allowed = (f"tulou manage grid check {city}",)
        raise BadUse("this city has unit cells that somebody drew", where=str(city), allowed=allowed)
    gone = sorted(set(map(str, held.ids)) - set(grid.cells.ids))
    count, less = len(grid.cells.ids), len(gone)
    rows = pa.table(
        {
            "id": pa.array([*grid.cells.ids, *gone], pa.string()),
            "code": pa.array([*grid.cells.codes, *[None] * less], pa.string()),
            "unit": pa.array([*grid.communities, *[None] * less], pa.string()),
            "derived": pa.array([True] * (count + less)),
            "exists": pa.array([True] * count + [False] * less),
            "geometry": pa.array([*shapely.to_wkb(grid.cells.shapes).tolist(), *[None] * less], pa.binary()),
        }
    )
    return opened.commit(
        [Facts(ENTITY, rows, complete=("*",))], who=who or PROPOSED_BY, message="unit grid, proposed",
        valid_from=valid, how=Importing(is_metric=True),
    )  # fmt: skip


def grid_of_city(city: Path, day: date | None = None, names: Sequence[str] = RULEBOOKS) -> Grid:
    """The unit grid that a city holds.

    Raises:
        NotEnoughData: When it holds none.
    """
    state = _state(city, day)
    rows = state.rows(ENTITY)
    if not len(rows):
        allowed = (f"tulou manage grid propose {city} --keep", f"tulou import {city} FILE --entity {ENTITY}")
        raise NotEnoughData("this city holds no unit grid", where=str(city), allowed=allowed)
    codes = [code or "" for code in rows.texts("code")]
    inside = [unit or "" for unit in rows.texts("unit")]
    profile = state.profile
    return Grid(
        profile.name, Cells(rows.ids.tolist(), codes, rows.shapes), _surroundings(state), profile.crs,
        layers_of(state), read_grid_rule(names), inside, profile.synthetic,
        is_proposed=bool((rows.numbers("derived") == 1).all()),
    )  # fmt: skip


def grid_of_file(
    file: Path, *, city: Path | None = None, column: str = "", day: date | None = None,
    names: Sequence[str] = RULEBOOKS,
) -> Grid:  # fmt: skip
    """The unit grid of a layer that somebody drew: GeoPackage, Shapefile, GeoJSON, FlatGeobuf or GeoParquet.

    Args:
        file: The file, with one layer.
        city: City whose communities and streets it is held against.
        column: Column of the codes; a usual name by default.
        day: Day of the city.
        names: Rulebooks that say from what size on a fault counts.

    Raises:
        BadInput: When it cannot be read, has no shapes, or does not say what its coordinates are.
        BadUse: When it has no such column.
    """
    raw = read_layer(file)
    if raw.shapes is None:
        raise BadInput("this layer has no shapes", where=file.name)
    if raw.datum is None and file.suffix.lower() not in {".geojson", ".json"}:
        raise BadInput(
            "this layer does not say what its coordinates are", where=file.name, allowed=("a layer with its system",)
        )
    datum, shapes = raw.datum, raw.shapes
    if datum is not None:
        shapes = shapely.transform(shapes, lambda at: np.column_stack(to_wgs84(at[:, 0], at[:, 1], datum)))
    state = None if city is None else _state(city, day)
    extent = extent_of(shapes)
    if extent is None:
        raise BadInput("this layer has no shapes", where=file.name)
    crs = choose_system(extent) if state is None else state.profile.crs
    name = _code_column(raw.columns, column, file.name)
    codes = [str(value or "").strip() for value in raw.columns[name].to_pylist()] if name else [""] * len(shapes)
    ids = [f"{file.name}:{number}" for number in raw.numbers.tolist()]
    around = Surroundings() if state is None else _surroundings(state)
    layers = Layers() if state is None else layers_of(state)
    known = state is not None and state.profile.synthetic
    cells = Cells(ids, codes, to_metric(np.asarray(shapes, object), crs))
    return Grid(file.name, cells, around, crs, layers, read_grid_rule(names), is_synthetic=known)


def community_codes(state: State, rows: Rows, counties: Mapping[str, str]) -> list[str]:
    """Twelve-digit code of each community: its own where it is on record, else county, street and a number.

    Streets are numbered from north to south, communities within a street likewise; where the block has a code of its
    own, its last three digits are those of the street.

    Raises:
        BadUse: When the code of a county is needed and not given.
    """
    recorded = [code or "" for code in rows.texts("code")]
    streets = _shaped(state.rows("block"))
    parents = _parents(rows, streets)
    numbers = _street_numbers(streets)
    found: list[str] = [""] * len(rows)
    taken: dict[tuple[str, int], int] = {}
    for one in _north_to_south(rows.shapes):
        own = recorded[one]
        if len(own) == COMMUNITY_DIGITS and own.isdigit():
            found[one] = own
            continue
        block = parents[one]
        county = _county(state, streets, block, counties)
        street = numbers[block] if block >= 0 else 1
        taken[county, street] = taken.get((county, street), 0) + 1
        found[one] = community_of(county, street, taken[county, street])
    return found


def parse_counties(given: Sequence[str]) -> dict[str, str]:
    """Codes of counties as given on the command line: ``350102`` for all, or ``district-2=350102``.

    Raises:
        BadUse: When one is no code of six digits.
    """
    found: dict[str, str] = {}
    for text in given:
        district, sign, code = text.rpartition("=")
        if len(code) != COUNTY or not (code.isascii() and code.isdigit()) or (sign and not district):
            allowed = ("350102", "DISTRICT=350102")
            raise BadUse("the code of a county has six digits", where="--county", found=text, allowed=allowed)
        found[district] = code
    return found


def _state(city: Path, day: date | None) -> State:
    opened = open_city(city)
    return opened.state(valid=day or last_day(opened))


def _surroundings(state: State) -> Surroundings:
    rows = _shaped(state.rows("community"))
    codes = [code if code and len(code) == COMMUNITY_DIGITS else "" for code in rows.texts("code")]
    return Surroundings(rows.shapes, codes, _names(rows), _streets(state))


def _streets(state: State) -> Shapes:
    roads = state.rows("road")
    shapes = np.asarray(roads.shapes, object)
    chosen: Shapes = shapes[np.isin(roads.texts("class"), PUBLIC) & ~shapely.is_missing(shapes)]
    return chosen


def _known(shapes: Shapes) -> Shapes:
    known: Shapes = np.asarray(shapes, object)[~shapely.is_missing(shapes)]
    return known


def _shaped(rows: Rows) -> Rows:
    return rows.where(~shapely.is_missing(rows.shapes))


def _names(rows: Rows) -> list[str]:
    return [str(name or one) for name, one in zip(rows.texts("name"), rows.ids, strict=True)]


def _north_to_south(shapes: Shapes) -> Iterator[int]:
    points = shapely.centroid(shapes)
    yield from np.lexsort((shapely.get_x(points), -shapely.get_y(points))).tolist()


def _parents(rows: Rows, streets: Rows) -> list[int]:
    """Position of the block each community belongs to, as recorded or by place; -1 where there is none."""
    places = {str(one): place for place, one in enumerate(streets.ids)}
    points = shapely.point_on_surface(rows.shapes)
    inside = np.full(len(rows), -1, np.int64)
    if len(streets):
        community, street = shapely.STRtree(streets.shapes).query(points, predicate="intersects")
        inside[community[::-1]] = street[::-1]
    return [places.get(str(unit), int(inside[one])) for one, unit in enumerate(rows.texts("unit"))]


def _street_numbers(streets: Rows) -> list[int]:
    own = [code or "" for code in streets.texts("code")]
    found, free = [0] * len(streets), 1
    used = {int(code[COUNTY : COUNTY + STREET]) for code in own if _names_street(code)}
    for one in _north_to_south(streets.shapes):
        if _names_street(own[one]):
            found[one] = int(own[one][COUNTY : COUNTY + STREET])
            continue
        while free in used:
            free += 1
        used.add(free)
        found[one] = free
    return found


def _names_street(code: str) -> bool:
    return code.isdigit() and len(code) >= COUNTY + STREET and int(code[COUNTY : COUNTY + STREET]) > 0


def _county(state: State, streets: Rows, block: int, counties: Mapping[str, str]) -> str:
    """Code of the county a block lies in: of its own code, as given for its district, or as given for all."""
    own = streets.texts("code")[block] if block >= 0 else None
    if own and _names_street(own):
        return str(own[:COUNTY])
    district = str(streets.texts("unit")[block]) if block >= 0 else ""
    if district in counties or "" in counties:
        return counties.get(district) or counties[""]
    districts = state.rows("district")
    codes = dict(zip(map(str, districts.ids), districts.texts("code"), strict=True))
    recorded = codes.get(district) or (state.rows("city").texts("code").tolist() or [None])[0]
    if recorded and len(recorded) >= COUNTY and recorded[:COUNTY].isdigit() and not recorded[:COUNTY].endswith(NOBODY):
        return str(recorded[:COUNTY])
    allowed = ("--county 350102", *(f"--county {one}=350102" for one in districts.ids))
    raise BadUse("the code of the county is not on record and must be given", where="--county", allowed=allowed)


def _code_column(columns: Mapping[str, object], wanted: str, name: str) -> str:
    if wanted and wanted not in columns:
        raise BadUse("the layer has no such column", where=name, found=wanted, allowed=sorted(columns))
    return wanted or next((one for one in CODE_COLUMNS if one in columns), "")
