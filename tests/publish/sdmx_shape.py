"""What an SDMX-JSON 2.0.0 data message must look like: the rules of its published schema, written down again.

Source: sdmx-twg/sdmx-json, data-message/tools/schemas/2.0.0 (read on 2026-11-27).
"""

ID = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_-]*$"}
CODE = {"type": "string", "pattern": "^[A-Za-z0-9_@$-]+$"}
TEXT = {"type": "string"}
TEXTS = {"type": "object", "propertyNames": {"pattern": "^[a-z]{2,3}(-[a-z0-9]+)*$"}, "additionalProperties": TEXT}
MOMENT = {"type": "string", "format": "date-time"}
NAMED = {"name": TEXT, "names": TEXTS, "description": TEXT, "descriptions": TEXTS}
PLACES = {"type": "array", "items": {"type": "integer", "minimum": 0}}
LINKS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "rel": TEXT,
            "href": {"type": "string", "format": "uri"},
            "urn": {"type": "string", "format": "uri"},
        },
        "anyOf": [{"required": ["href", "rel"]}, {"required": ["urn", "rel"]}],
    },
}
PLAIN = {"oneOf": [{"type": "integer"}, {"type": "number"}, {"type": "boolean"}, TEXT]}
"""As published: a whole number is an integer and a number, so that it can never be one of them alone."""
VALUE = {
    "type": "object",
    "oneOf": [{"required": ["id", "name"]}, {"required": ["value"]}],
    "properties": {"id": CODE, "value": PLAIN, "start": MOMENT, "end": MOMENT, "parent": CODE, **NAMED, "links": LINKS},
}
VALUES = {"type": "array", "items": VALUE, "minItems": 1, "uniqueItems": True}
DIMENSION = {
    "type": "object",
    "required": ["id", "keyPosition", "values"],
    "properties": {
        "id": ID, "keyPosition": {"type": "integer", "minimum": 0}, "roles": {"type": "array", "items": ID},
        "values": VALUES, **NAMED,
    },
}  # fmt: skip
MEASURE = {"type": "object", "required": ["id"], "properties": {"id": ID, "values": VALUES, **NAMED}}
RELATIONSHIP = {
    "type": "object",
    "properties": {
        "dataflow": {"type": "object", "maxProperties": 0},
        "observation": {"type": "object", "maxProperties": 0},
        "dimensions": {"type": "array", "items": ID, "minItems": 1},
    },
    "oneOf": [{"required": ["dimensions"]}, {"required": ["dataflow"]}, {"required": ["observation"]}],
}
ATTRIBUTE = {
    "type": "object",
    "required": ["id", "relationship"],
    "properties": {"id": ID, "relationship": RELATIONSHIP, "values": VALUES, **NAMED},
}


def listed(item, *levels):
    """Components by the level they stand on; no other level may stand there."""
    held = {"type": "array", "items": item, "uniqueItems": True}
    return {"type": "object", "properties": dict.fromkeys(levels, held), "additionalProperties": False}


CELLS = {"type": "array", "items": {"type": ["number", "boolean", "string", "null", "object", "array"]}}
KEYED = "^[0-9]+(:[0-9]+)*$"
GROUP = "^([0-9]+(:[0-9]*)*)$|^((:[0-9]*)*(:[0-9]+)+(:[0-9]*)*)$"
DATA_SET = {
    "type": "object",
    "required": ["links"],
    "properties": {
        "structure": {"type": "integer"},
        "action": {"enum": ["Information", "Append", "Replace", "Delete"]},
        "validFrom": MOMENT,
        "validTo": MOMENT,
        "annotations": PLACES,
        "attributes": CELLS,
        "links": LINKS,
        "dimensionGroupAttributes": {
            "type": "object", "patternProperties": {GROUP: CELLS}, "additionalProperties": False
        },
        "observations": {
            "type": "object", "patternProperties": {KEYED: CELLS}, "additionalProperties": False
        },
    },
}  # fmt: skip
STRUCTURE = {
    "type": "object",
    "required": ["dimensions"],
    "properties": {
        "dataSets": {"type": "array", "items": {"type": "integer"}, "minItems": 1},
        "links": LINKS,
        "dimensions": listed(DIMENSION, "dataSet", "series", "observation"),
        "measures": listed(MEASURE, "observation"),
        "attributes": listed(ATTRIBUTE, "dataSet", "dimensionGroup", "series", "observation"),
        "annotations": {
            "type": "array",
            "items": {"type": "object", "properties": {"id": TEXT, "type": TEXT, "text": TEXT, "texts": TEXTS}},
        },
        **NAMED,
    },
}
SHAPE = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "type": "object",
    "properties": {
        "meta": {
            "type": "object",
            "required": ["id", "prepared", "sender"],
            "properties": {
                "schema": {"type": "string", "format": "uri"}, "id": CODE, "test": {"type": "boolean"},
                "prepared": MOMENT, "contentLanguages": {"type": "array", "items": TEXT},
                "sender": {"type": "object", "required": ["id"], "properties": {"id": CODE, **NAMED}}, **NAMED,
            },
        },
        "data": {
            "type": "object",
            "properties": {
                "structures": {"type": "array", "items": STRUCTURE},
                "dataSets": {"type": "array", "items": DATA_SET},
            },
        },
    },
}  # fmt: skip
