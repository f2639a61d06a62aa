"""Lists that selects and `instance()` read: whether each is there, and has the columns that expressions name."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from healthvisit.forms.check_expression import Fault, parts
from healthvisit.forms.errors import FormError
from healthvisit.forms.external import read_external
from healthvisit.forms.findings import Finding, Level, Place
from healthvisit.forms.instance import ELEMENT, MAX_BYTES
from healthvisit.forms.xform import XF
from healthvisit.forms.xpath.parse import Tree

_PULLDATA_NAMES = 3  # the list, the column wanted and the column of the key may be written as text
_OF_RECORD = "jr://instance/"
MOST_ROWS = 1_000  # of a file, looked at for the names of its columns

_COLUMN = re.compile(r"@?[^\W\d][\w.:-]*")


class CheckedLists:
    """The secondary instances of one XForm. `columns` of a list are None where they are not known."""

    def __init__(self, model: Any, folders: Collection[Path], given: Collection[str]) -> None:
        self._elements = [e for e in model.findall(f"{XF}instance")[1:] if e.get("id")]
        self._columns: dict[str, frozenset[str] | None] = {}
        self._findings: list[Finding] = []
        for element in self._elements:
            name, src = element.get("id"), element.get("src") or ""
            if not src:
                self._columns[name] = _columns_of(element)
                if self._columns[name] is None:
                    self._find("empty_list", element, name=name)
            elif name in given or src.startswith(_OF_RECORD):
                self._columns[name] = None
            else:
                self._columns[name] = self._read(folders, src, element)

    def files(self) -> Iterator[Finding]:
        """Lists whose file is missing or cannot be read, and lists without rows."""
        yield from self._findings

    def faults_of(self, tree: Tree) -> Iterator[Fault]:
        """Lists and columns that an expression names and that are not there."""
        for part in parts(tree):
            if part[0] == "call" and part[1] == "instance" and part[2] and part[2][0][0] == "string":
                name = part[2][0][1]
                if name not in self._columns:
                    yield Fault("unknown_list", Level.ERROR, {"name": name})
            elif part[0] == "call" and part[1] == "pulldata":
                texts = [argument[1] for argument in part[2][:_PULLDATA_NAMES] if argument[0] == "string"]
                if len(texts) == _PULLDATA_NAMES:
                    yield from self.lacking(texts[0].removesuffix(".csv"), texts[1:])
            elif part[0] == "path" and isinstance(part[1], tuple) and part[1][:2] == ("call", "instance"):
                yield from self._path(part)

    def _path(self, part: Tree) -> Iterator[Fault]:
        steps = part[2]
        if part[1][2][0][0] != "string" or len(steps) < 2 or steps[1][0] != "child":  # noqa: PLR2004 - root, item
            return
        wanted = [
            inner[2][0][1][1]
            for predicate in steps[1][2]
            for inner in parts(predicate)
            if inner[0] == "path" and inner[1] is None and inner[2][0][:2][0] == "child" and inner[2][0][1][0] == "name"
        ]
        if len(steps) > 2 and steps[2][0] == "child" and steps[2][1][0] == "name":  # noqa: PLR2004 - the column
            wanted.append(steps[2][1][1])
        yield from self.lacking(part[1][2][0][1], wanted)

    def lacking(self, name: str, wanted: Collection[str]) -> Iterator[Fault]:
        """The columns (`name`, `@name`) among `wanted` that a list does not have; other expressions are no columns."""
        columns = self._columns.get(name)
        if name not in self._columns:
            yield Fault("unknown_list", Level.ERROR, {"name": name})
        elif columns is not None:
            for column in dict.fromkeys(wanted):
                if column not in columns and _COLUMN.fullmatch(column):
                    yield Fault("no_such_column", Level.ERROR, {"list": name, "name": column})

    def _find(self, kind: str, element: Any, level: Level = Level.ERROR, **details: Any) -> None:
        place = Place(line=element.sourceline)
        details = {"list": element.get("id"), **details}
        self._findings.append(Finding(kind=kind, level=level, place=place, details=details))

    def _read(self, folders: Collection[Path], src: str, element: Any) -> frozenset[str] | None:
        name = src.rpartition("/")[2]
        path = beside(folders, name)
        if path is None:
            self._find("missing_file", element, name=name)
            return None
        if path.stat().st_size > MAX_BYTES:
            self._find("large_file", element, name=name, limit=MAX_BYTES)
            return None
        try:
            document = read_external(name, path.read_bytes())
        except (FormError, OSError):
            self._find("broken_file", element, name=name)
            return None
        rows = [row for top in document.children for row in top.children if row.kind == ELEMENT]
        if not rows:
            self._find("empty_list", element, Level.WARNING, name=name)
        is_even = name.rpartition(".")[2].lower() in {"csv", "xml"} and rows  # each GeoJSON feature brings its own
        rows = rows[:MOST_ROWS]
        cells = {cell.name for row in rows for cell in row.children}
        return frozenset(cells | {f"@{each.name}" for row in rows for each in row.attributes}) if is_even else None


def beside(folders: Collection[Path], name: str) -> Path | None:
    """The file of that name in one of the folders."""
    found = (folder / name for folder in folders if name not in {"", ".", ".."})
    return next((path for path in found if path.is_file()), None)


def _columns_of(element: Any) -> frozenset[str] | None:
    """The names below the rows of a list; None when it has no rows."""
    rows = [row for top in element for row in top if isinstance(row.tag, str)]
    columns = {cell.tag.rpartition("}")[2] for row in rows for cell in row if isinstance(cell.tag, str)}
    columns |= {f"@{name}" for row in rows for name in row.attrib}
    return frozenset(columns) if rows else None
