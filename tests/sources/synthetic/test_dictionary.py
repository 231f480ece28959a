"""The generated city speaks the data dictionary: every column is an attribute, every text an allowed value."""

from pathlib import Path

import pytest

from tulou.kernel.facts import EXISTS, GEOMETRY, ID
from tulou.model.dictionary import read_dictionary
from tulou.sources.synthetic.connector import rongcheng

DICTIONARY = read_dictionary([Path(__file__).parents[3] / "rulebooks" / "china" / "columns"])
FACTS = {facts.entity: facts.rows for facts in rongcheng(600).facts}


@pytest.mark.parametrize("entity", sorted(FACTS))
def test_columns_are_attributes(entity):
    known = {*DICTIONARY[entity].attributes, ID, GEOMETRY, EXISTS}
    assert set(FACTS[entity].column_names) <= known


@pytest.mark.parametrize("entity", sorted(FACTS))
def test_texts_are_allowed_values(entity):
    for name, attribute in DICTIONARY[entity].attributes.items():
        if attribute.values and name in FACTS[entity].column_names:
            assert set(FACTS[entity][name].to_pylist()) - {None} <= set(attribute.values)


def test_every_entity_of_the_dictionary_has_rows():
    with_rows = {entity for entity, rows in FACTS.items() if rows.num_rows}
    from_models = {"drainage_node", "metered_district", "ventilation_corridor"}
    from_desks = {  # kept by commands of operations, which have samples of their own
        "credit_record", "enterprise", "grid_cell", "inspector", "managed_part", "risk_point", "safety_certificate",
        "sensor", "social_grid",
    }  # fmt: skip
    assert with_rows >= set(DICTIONARY) - {"district", "route"} - from_models - from_desks
