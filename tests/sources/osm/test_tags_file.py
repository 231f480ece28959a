"""The file of tags speaks the language of the data dictionary, and its faults are named by line."""

from pathlib import Path

import pytest

from tulou.kernel.errors import BadInput
from tulou.model.dictionary import read_dictionary
from tulou.sources.osm.rules import read_rules

COLUMNS = Path(__file__).parents[3] / "rulebooks" / "china" / "columns"
KINDS = {"number": "number", "length": "number", "speed": "number", "year": "number", "flag": "flag"}
UNITS = {"length": "m", "speed": "km/hour"}


@pytest.fixture(scope="module")
def dictionary():
    return read_dictionary([COLUMNS])


@pytest.mark.parametrize("layer", read_rules().layers, ids=lambda layer: f"{layer.entity}-{'-'.join(layer.shapes)}")
def test_every_attribute_and_value_is_in_the_dictionary(dictionary, layer):
    entity = dictionary[layer.entity]
    for setting in layer.settings:
        attribute = entity.attribute(setting.attribute)
        given = {rule.gives for rule in setting.rules} | {setting.otherwise}
        if setting.how == "choose" and attribute.type == "text":
            assert attribute.values is not None
            assert given - {None} <= set(attribute.values)
        elif setting.how == "choose":
            assert (attribute.type, given <= {True, False, None}) == ("flag", True)
        else:
            assert attribute.type == KINDS.get(setting.how, "text")
        if setting.how in UNITS:
            assert attribute.unit == UNITS[setting.how]


def test_every_layer_has_the_shape_of_its_entity(dictionary):
    drawn = {"node": "point", "point": "point", "line": "line", "polygon": "polygon"}
    for layer in read_rules().layers:
        wanted = dictionary[layer.entity].geometry
        assert wanted == "any" or {drawn[shape] for shape in layer.shapes} == {wanted}


LAYER = "layers:\n  - entity: road\n    shapes: [line]\n    where: [{highway: '*'}]\n    set:\n"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("      name: {txt: [name]}\n", 6),
        ("      name: {text: [name], number: [name]}\n", 6),
        ("      lit: {choose: [{is: true, lit: [yes]}]}\n", 6),
        ("      lit: {choose: [{is: true}]}\n", 6),
        ("      lit: {flag: [lit], perhaps: ['x']}\n", 6),
        ("      name: {text: name}\n", 6),
        ("    colour: red\n", None),
    ],
)
def test_a_fault_is_named_by_file_and_line(tmp_path, body, line):
    path = tmp_path / "tags.yaml"
    path.write_text(LAYER + body)
    with pytest.raises(BadInput) as error:
        read_rules(path)
    assert error.value.faults[0].where.startswith(f"tags.yaml:{line}" if line else "tags.yaml:")


def test_an_unknown_shape_is_refused(tmp_path):
    path = tmp_path / "tags.yaml"
    path.write_text(LAYER.replace("[line]", "[lines]") + "      name: {text: [name]}\n")
    with pytest.raises(BadInput) as error:
        read_rules(path)
    assert error.value.faults[0].guess == "line"
