"""The reference of the interface over HTTP: a page for each part, from the description the server gives of itself."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from docs_site.cells import table

SERVER = "http://127.0.0.1:8765"
PROBLEMS = frozenset({"HTTPValidationError", "ValidationError", "Problem"})
"""Shapes of errors, which are told of once."""
EXAMPLES = Path("src", "tulou", "app", "api", "examples.json")
"""Where real answers are kept, seen from the folder of the house."""
DEEPEST = 4
MOST_ENTRIES, MOST_LETTERS = 2, 160
"""How much of an answer an example shows."""
WORDS: Mapping[str, Mapping[str, str]] = tomllib.loads((Path(__file__).parent / "http_words.toml").read_text("utf-8"))


class Reference:
    """Pages of one description.

    Args:
        docs: Folder of the documentation, where the description and its words stand.
    """

    def __init__(self, docs: Path) -> None:
        self.said: Mapping[str, Any] = json.loads((docs / "openapi.json").read_text("utf-8"))
        self.examples: Mapping[str, Any] = json.loads((docs.parent / EXAMPLES).read_text("utf-8"))
        self.words: Mapping[str, Any] = tomllib.loads((docs / "http.toml").read_text("utf-8"))
        self.untold: set[str] = set()

    def pages(self, language: str) -> dict[str, str]:
        """Markdown of each part by its name, and of their list."""
        by_tag: dict[str, list[tuple[str, str, Mapping[str, Any]]]] = {}
        for path, methods in self.said["paths"].items():
            for method, operation in methods.items():
                by_tag.setdefault((operation.get("tags") or ["other"])[0], []).append((method, path, operation))
        say = WORDS[language]
        found = {}
        lines = [f"# {say['reference']}", "", say["about"], ""]
        for tag, operations in by_tag.items():
            name = tag.split()[0].lower()
            lines += ["", f"**[{self._title(tag, language)}]({name}.md)**", ""]
            lines += [f"- `{method.upper()} {path}` {self._told(one, language)}" for method, path, one in operations]
            found[f"http/{name}"] = self._page(tag, operations, language)
        found["http/index"] = "\n".join(lines) + "\n"
        return found

    def _page(self, tag: str, operations: Iterable[tuple[str, str, Mapping[str, Any]]], language: str) -> str:
        lines = [f"# {self._title(tag, language)}", "", WORDS[language]["about"], ""]
        for method, path, operation in operations:
            lines += [f"## `{method.upper()} {path}`", "", self._told(operation, language), ""]
            lines += self._parameters(operation, language)
            lines += self._body(operation, language)
            lines += self._answers(operation, language)
            lines += self._example(method, path, operation, language)
        return "\n".join(lines) + "\n"

    def _parameters(self, operation: Mapping[str, Any], language: str) -> list[str]:
        say = WORDS[language]
        rows = [
            (
                f"`{one['name']}`",
                say[one["in"]],
                self._type(one.get("schema", {}), language) + (f", {say['needed']}" if one.get("required") else ""),
                self._meaning(one["name"], one.get("description"), language),
            )
            for one in operation.get("parameters", ())
        ]
        return table([say[name] for name in ("parameter", "where", "type", "meaning")], rows) if rows else []

    def _body(self, operation: Mapping[str, Any], language: str) -> list[str]:
        lines: list[str] = []
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            lines += [f"**{WORDS[language]['body']}** `{kind}`", ""]
            lines += self._shape(content.get("schema", {}), language)
        return lines

    def _shape(self, given: Mapping[str, Any], language: str) -> list[str]:
        """Fields of a body, and below it of what its fields hold."""
        say, schema = WORDS[language], self._resolved(given)
        needed, fields = schema.get("required", ()), schema.get("properties", {})
        about, told = told_fields(schema.get("description", ""), fields)
        rows = [
            (
                f"`{name}`",
                self._type(field, language) + (f", {say['needed']}" if name in needed else ""),
                self._meaning(name, field.get("description") or told.get(name), language),
            )
            for name, field in fields.items()
        ]
        lines = [self._sentence(about, language), ""]
        lines += table([say[name] for name in ("field", "type", "meaning")], rows) if rows else []
        for field in fields.values():
            for inner in [field, field.get("items", {}), *field.get("anyOf", ())]:
                if "$ref" in inner:
                    lines += [f"`{self._resolved(inner).get('title', '')}`", "", *self._shape(inner, language)]
        return lines

    def _answers(self, operation: Mapping[str, Any], language: str) -> list[str]:
        parts = []
        for code, answer in operation.get("responses", {}).items():
            shapes = [content.get("schema", {}).get("$ref", "") for content in answer.get("content", {}).values()]
            if not any(shape.rsplit("/", 1)[-1] in PROBLEMS for shape in shapes):
                kinds = " / ".join(f"`{kind}`" for kind in answer.get("content", {})) or WORDS[language]["none"]
                parts.append(f"{code} {kinds}")
        joined = ("；" if language == "zh" else "; ").join(parts)
        return [f"{WORDS[language]['answer']}{'：' if language == 'zh' else ': '}{joined}", ""] if parts else []

    def _example(self, method: str, path: str, operation: Mapping[str, Any], language: str) -> list[str]:
        example = self.examples.get(operation["operationId"])
        if example is None:
            return []
        parameters = operation.get("parameters", ())
        given = {one["name"]: one["example"] for one in parameters if "example" in one} | example["asked"]
        asked = {
            one["name"]: str(given[one["name"]]) for one in parameters if one["in"] == "query" and one["name"] in given
        }
        for name, value in given.items():
            path = path.replace("{" + name + "}", quote(str(value)))
        address = f"{SERVER}{path}" + (f"?{urlencode(asked)}" if asked else "")
        sent = ["curl", *(["-X", method.upper()] if method != "get" else []), f"'{address}'"]
        lines = [" ".join(sent)]
        if "body" in example:
            said = json.dumps(example["body"], ensure_ascii=False)
            lines = [" \\\n  ".join([*lines, "-H 'Content-Type: application/json'", f"-d '{said}'"])]
        lines = _block(lines[0])
        if example["answer"] is not None:
            lines += [
                "",
                WORDS[language]["cut"],
                *_block(json.dumps(short(example["answer"]), ensure_ascii=False, indent=2)),
            ]
        return [*lines, ""]

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        reference = schema.get("$ref")
        return self.said["components"]["schemas"][reference.rsplit("/", 1)[-1]] if reference else schema

    def _type(self, schema: Mapping[str, Any], language: str) -> str:
        shapes = [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]
        names = dict.fromkeys(
            str(one.get("type") or self._resolved(one).get("title") or one.get("const", "")) for one in shapes
        )
        said = " | ".join(name for name in names if name)
        if said == "array" and "$ref" in shapes[0].get("items", {}):
            said += f" `{self._resolved(shapes[0]['items']).get('title', '')}`"
        shape = shapes[0] if shapes else schema
        if "enum" in shape:
            said = " | ".join(f"`{value}`" for value in shape["enum"])
        least, most = shape.get("minimum"), shape.get("maximum")
        if least is not None or most is not None:
            said += f" {'' if least is None else least}–{'' if most is None else most}"
        usual = schema.get("default")
        if usual not in (None, "", [], {}):
            said += f", {WORDS[language]['usual']} `{json.dumps(usual, ensure_ascii=False)}`"
        return said

    def _title(self, tag: str, language: str) -> str:
        if tag not in self.words["tags"]:
            self.untold.add(f"[tags] {tag}")
        return str(self.words["tags"].get(tag, {}).get(language, tag))

    def _told(self, operation: Mapping[str, Any], language: str) -> str:
        return self._sentence(" ".join(operation.get("description", "").split()), language)

    def _meaning(self, name: str, description: str | None, language: str) -> str:
        said = " ".join(str(description or "").split())
        named = self.words["names"].get(name, {}).get(language, "")
        if said and (language == "en" or said in self.words["zh"]):
            return self._sentence(said, language)
        if not named:
            self.untold.add(f"[names] {name}")
        return str(named or said)

    def _sentence(self, said: str, language: str) -> str:
        if not said or language == "en":
            return said.replace("``", "`")
        if said not in self.words["zh"]:
            self.untold.add(f"[zh] {said}")
        return str(self.words["zh"].get(said, said))


def told_fields(description: str, fields: Iterable[str]) -> tuple[str, dict[str, str]]:
    """What a description says of the whole, and of each field under ``Args:``."""
    about, _, rest = description.partition("Args:")
    parts = re.split(rf"\s*\b({'|'.join(map(re.escape, fields))}): ", rest) if rest else []
    told = {name: " ".join(said.split()) for name, said in zip(parts[1::2], parts[2::2], strict=True)}
    return " ".join(about.split()), told


def short(answer: object, depth: int = 0) -> object:
    """An answer of which a reader sees the shape: few entries, few letters, not too deep."""
    if isinstance(answer, str):
        return answer if len(answer) <= MOST_LETTERS else answer[:MOST_LETTERS] + "…"
    if isinstance(answer, list | dict) and answer and depth >= DEEPEST:
        return "…"
    if isinstance(answer, list):
        return [short(one, depth + 1) for one in answer[:MOST_ENTRIES]] + ["…"] * (len(answer) > MOST_ENTRIES)
    if isinstance(answer, dict):
        return {key: short(one, depth + 1) for key, one in answer.items()}
    return answer


def _block(text: str) -> list[str]:
    return ["", *("    " + line for line in text.splitlines())]
