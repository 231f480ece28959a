"""Codes that stand in real registers."""

import csv

import pytest

from shared_data import shared
from tulou.kernel.errors import BadInput
from tulou.operations.city_management.domain.codes import cell_of, parse_cell, parse_part


def test_the_code_of_the_reference():
    code = parse_cell("350102003005012")
    assert [code.county, code.street, code.community, code.cell] == ["350102", "003", "005", "012"]


def test_a_sewage_cover_of_zhangjiagang_lies_in_a_cell_of_its_own_county():
    cell, part = parse_cell("320582110152102"), parse_part("3205820102048188")
    assert cell.county == part.county == "320582"
    assert (part.class_code, part.number) == ("0102", "048188")
    assert (cell.street, cell.community, cell.cell) == ("110", "152", "102")
    assert parse_part("3205080101000001").class_code == "0101"


def test_every_community_of_fujian_gives_codes_that_read_back():
    with shared("fj_province/admin_codes_villages_communities.csv").open(encoding="utf-8") as stream:
        codes = [row["code"] for row in csv.DictReader(stream)]
    assert len(codes) == 17_498
    assert [code for code in codes if code.endswith("000000")] == ["350527000000"]  # a county without communities
    with pytest.raises(BadInput, match="all zeros"):
        parse_cell(cell_of("350527000000", 7))
    for code in codes:
        if code == "350527000000":
            continue
        cell = parse_cell(cell_of(code, 7))
        assert (cell.within, cell.county, cell.cell) == (code, code[:6], "007")
