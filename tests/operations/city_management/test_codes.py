import pytest
from hypothesis import given
from hypothesis import strategies as st

from tulou.kernel.errors import BadInput
from tulou.operations.city_management.domain.codes import cell_of, community_of, parse_cell, parse_part


def test_a_code_falls_into_its_parts():
    code = parse_cell("350102003005012")
    assert (code.county, code.street, code.community, code.cell) == ("350102", "003", "005", "012")
    assert code.within == "350102003005"


@given(st.integers(110000, 659999), st.integers(1, 999), st.integers(1, 999), st.integers(1, 999))
def test_what_is_made_is_read_back(county, street, community, cell):
    made = cell_of(community_of(str(county), street, community), cell)
    read = parse_cell(made)
    assert str(read) == made
    assert (int(read.county), int(read.street), int(read.community), int(read.cell)) == (
        county, street, community, cell,
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["", "35010200300501", "3501020030050123", "35010200300501a", "３５０１０２００３００５０１２", "350102003005 12"],
)
def test_what_is_no_code_is_refused(text):
    with pytest.raises(BadInput, match="not the code of a unit cell") as caught:
        parse_cell(text, "row 7")
    assert caught.value.faults[0].where == "row 7"
    assert caught.value.faults[0].allowed == ("15 digits",)


@pytest.mark.parametrize("text", ["000000003005012", "350102000005012", "350102003000012", "350102003005000"])
def test_zeros_stand_for_nothing(text):
    with pytest.raises(BadInput, match="all zeros"):
        parse_cell(text)


@pytest.mark.parametrize("number", [0, -1, 1000])
def test_a_number_has_three_digits(number):
    with pytest.raises(BadInput, match="three digits"):
        cell_of("350102003005", number)


def test_a_part_has_county_class_and_number():
    part = parse_part("3205080101000001")
    assert (part.county, part.class_code, part.number) == ("320508", "0101", "000001")
    with pytest.raises(BadInput, match="not the code of a part"):
        parse_part("320508010100001")
