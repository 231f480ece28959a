"""Every schema there is, read from the text of modules and rulebooks, none of them run.

Classes with declared fields, tables of databases (declared or as SQL), schemas of columns, entities of the data
dictionary, fields that flows take: what is not written down anywhere cannot be kept, and what is written down is found.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tulou.indicators.rulebook.reading import entries, keys, mapping, text, texts
from tulou.kernel.documents import At, read_document
from tulou.kernel.errors import BadInput
from tulou.operations.trust.domain.bans import Bans, Column, Table, lexicon

PAGE = "trust/bans.yaml"
KINDS = ("persons", "identifiers", "marks", "subjects")
_CREATE = re.compile(r"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?[\"`]?(\w+)[\"`]?\s*\(", re.IGNORECASE)
_RESTRAINTS = frozenset({"PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "CONSTRAINT"})


def read_bans(folders: Iterable[Path]) -> Bans:
    """Read what is banned; words of all rulebooks count.

    Args:
        folders: Folders of rulebooks.

    Raises:
        BadInput: When a page is not as it should be.
    """
    words: dict[str, tuple[list[str], list[str]]] = {kind: ([], []) for kind in KINDS}
    allowed, places = {}, {}
    for folder in folders:
        if not (folder / PAGE).is_file():
            continue
        page = read_document(folder / PAGE, f"{folder.name}/{PAGE}")
        keys(page, (*words, "allowed", "source", "evidence"))
        for kind, both in words.items():
            listed = mapping(page, kind, needed=False)
            both[0].extend(texts(listed, "en"))
            both[1].extend(texts(listed, "zh"))
        for entry in entries(page, "allowed"):
            keys(entry, ("name", "why"))
            allowed[text(entry, "name")] = text(entry, "why")
            places[text(entry, "name")] = entry.where()
    persons, identifiers, marks, subjects = (lexicon(*found) for found in words.values())
    return Bans(persons, identifiers, marks, subjects, allowed, places)


def source_tables(folder: Path) -> Iterator[Table]:
    """Schemas that modules below a folder declare."""
    for path in sorted(folder.rglob("*.py")):
        yield from module_tables(path.read_text("utf-8"), path.relative_to(folder.parent).as_posix())


def module_tables(source: str, name: str) -> Iterator[Table]:
    """Schemas that the text of a module declares.

    Raises:
        BadInput: When it is not Python.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise BadInput("this module is not Python", where=f"{name}:{error.lineno}") from None
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from _class_table(node, name)
        elif isinstance(node, ast.Call):
            yield from _called_table(node, name)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "create" in node.value.lower():
            yield from sql_tables(node.value, f"{name}:{node.lineno}")


def _class_table(node: ast.ClassDef, name: str) -> Iterator[Table]:
    fields = [one for one in node.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)]
    columns = tuple(Column(ast.unparse(one.target), "", f"{name}:{one.lineno}") for one in fields)
    if columns:
        yield Table(node.name, columns, (columns[0].name,), "", f"{name}:{node.lineno}")


def _called_table(node: ast.Call, name: str) -> Iterator[Table]:
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if called == "Table" and node.args and _text(node.args[0]):
        yield _sql_table(node, name)
    elif called == "schema":
        yield from _arrow_table(node, name)


def _sql_table(node: ast.Call, name: str) -> Table:
    columns, keyed = [], []
    for one in node.args[1:]:
        if isinstance(one, ast.Call) and _name(one) == "Column" and one.args and _text(one.args[0]):
            columns.append(Column(_text(one.args[0]), "", f"{name}:{one.lineno}"))
            if any(word.arg in {"primary_key", "unique"} for word in one.keywords):
                keyed.append(columns[-1].name)
        elif isinstance(one, ast.Call) and _name(one) in {"PrimaryKeyConstraint", "UniqueConstraint"}:
            keyed += [_text(arg) for arg in one.args if _text(arg)]
    return Table(_text(node.args[0]), tuple(columns), tuple(keyed), "", f"{name}:{node.lineno}")


def _arrow_table(node: ast.Call, name: str) -> Iterator[Table]:
    pairs = [one for arg in node.args for one in ast.walk(arg) if isinstance(one, ast.Tuple | ast.Call)]
    columns = []
    for one in pairs:
        parts = one.elts if isinstance(one, ast.Tuple) else one.args if _name(one) == "field" else []
        if parts and _text(parts[0]):
            columns.append(Column(_text(parts[0]), "", f"{name}:{one.lineno}"))
    if columns:
        yield Table(Path(name).stem, tuple(columns), (columns[0].name,), "", f"{name}:{node.lineno}")


def sql_tables(script: str, where: str) -> Iterator[Table]:
    """Tables that a text of SQL makes."""
    for found in _CREATE.finditer(script):
        columns, keyed = [], []
        for part in _parts(script[found.end() :]):
            words = part.replace('"', "").split()
            if words and words[0].upper() in _RESTRAINTS:
                if words[0].upper() in {"PRIMARY", "UNIQUE"}:
                    keyed += re.findall(r"\w+", part.partition("(")[2])
            elif words:
                columns.append(Column(words[0], "", where))
                if re.search(r"PRIMARY\s+KEY|UNIQUE", part, re.IGNORECASE):
                    keyed.append(words[0])
        yield Table(found[1], tuple(columns), tuple(keyed), "", where)


def _parts(text: str) -> Iterator[str]:
    """Parts between commas, up to the parenthesis that closes the whole."""
    depth, begun = 0, 0
    for at, letter in enumerate(text):
        if letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
        if (letter == "," and depth == 0) or depth < 0:
            yield text[begun:at].strip()
            begun = at + 1
        if depth < 0:
            return


def rulebook_tables(folder: Path) -> Iterator[Table]:
    """Entities and fields of flows that a rulebook declares."""
    for path in sorted((folder / "columns").glob("*.yaml")):
        page = read_document(path, f"{folder.name}/columns/{path.name}")
        yield _declared(page, "attributes", str(page.get("entity") or path.stem), page)
    for path in sorted((folder / "flows").glob("*.yaml")):
        page = read_document(path, f"{folder.name}/flows/{path.name}")
        for version in page.get("versions") or ():
            if isinstance(version, At):
                yield _declared(version, "fields", f"case_{page.get('id') or path.stem}", page)


def _declared(holder: At, key: str, name: str, page: At) -> Table:
    found = holder.get(key)
    listed = found if isinstance(found, At) else At()
    columns = [Column(one, _title(listed[one]), listed.where(one)) for one in listed]
    return Table(name, tuple(columns), (), _title(page), holder.where())


def _title(entry: object) -> str:
    title = entry.get("title") if isinstance(entry, At) else None
    return " ".join(str(one) for one in title.values()) if isinstance(title, At) else ""


def _name(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
