"""Describing: what is fixed for a city and the dictionary it is described with, as JSON in its folder."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from tulou.kernel.atomic import write_text
from tulou.kernel.errors import BadInput
from tulou.kernel.words import Words
from tulou.model.dictionary import Attribute, Dictionary, Entity
from tulou.model.state import Profile
from tulou.model.store.layout import Layout
from tulou.model.store.manifest import FORMAT, Commit, read_json


def write_description(layout: Layout, profile: Profile, dictionary: Dictionary) -> None:
    """Write both files."""
    write_dictionary(layout, dictionary_text(dictionary))
    write_text(layout.city, _text({"format": FORMAT, "profile": asdict(profile)}))


def dictionary_text(dictionary: Dictionary) -> str:
    """A dictionary as its file holds it."""
    entities = [asdict(replace(entity, attributes=dict(entity.attributes))) for entity in dictionary.values()]
    return _text({"format": FORMAT, "entities": entities})


def write_dictionary(layout: Layout, text: str) -> None:
    """Write the text of a dictionary, unless it stands there already."""
    if not layout.dictionary.is_file() or layout.dictionary.read_text() != text:
        write_text(layout.dictionary, text)


def read_profile(layout: Layout) -> Profile:
    """The profile as it was when the city was made.

    Raises:
        BadInput: When there is no city here, or its file is damaged.
    """
    if not layout.city.is_file():
        raise BadInput("there is no city here", where=str(layout.root), allowed=("a folder with city.json",))
    found = read_json(layout.city)
    try:
        profile = found["profile"]
        return Profile(
            str(profile["name"]), str(profile["crs"]), bool(profile["synthetic"]), tuple(map(str, profile["credit"]))
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput("this city is damaged", where=str(layout.city), found=f"{error}") from None


def profile_at(profile: Profile, commits: Iterable[Commit]) -> Profile:
    """The profile after the changes that some commits made."""
    for commit in commits:
        found = dict(commit.profile)
        if "credit" in found:
            found["credit"] = tuple(found["credit"])
        profile = replace(profile, **found)
    return profile


def read_dictionary_of(layout: Layout) -> Dictionary:
    """The dictionary that the city was last written with.

    Raises:
        BadInput: When its file is missing or damaged.
    """
    found = read_json(layout.dictionary)
    try:
        return Dictionary({entity["name"]: _entity(entity) for entity in found["entities"]})
    except (KeyError, TypeError, AttributeError) as error:
        raise BadInput("this dictionary is damaged", where=str(layout.dictionary), found=f"{error}") from None


def _entity(found: dict[str, Any]) -> Entity:
    attributes = {name: _attribute(entry) for name, entry in found["attributes"].items()}
    title, is_list = Words(**found["title"]), bool(found.get("is_list", True))
    return Entity(found["name"], title, found["geometry"], attributes, found["level"], is_list=is_list)


def _attribute(found: dict[str, Any]) -> Attribute:
    values = {key: Words(**words) for key, words in found["values"].items()} if found["values"] else None
    return Attribute(found["name"], Words(**found["title"]), found["type"], found["unit"], values, found["sensitivity"])


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
