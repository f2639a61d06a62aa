"""Lists that come beside a form as files: CSV, XML and GeoJSON, read into the shape expressions walk."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from healthvisit.forms.errors import FormError
from healthvisit.forms.instance import ROOT, Node, load_document

if TYPE_CHECKING:
    from healthvisit.forms.definition import FormDefinition

MAX_ROWS = 200_000

_DIVIDERS = ",;\t|"  # the one that divides the head into most columns, of several the first


def read_files(definition: "FormDefinition", files: Mapping[str, bytes]) -> dict[str, Node]:
    """Instance id → document, for every list of the form that comes as a file; and every table for `pulldata`.

    Raises:
        FormError: As `read_external`.
    """
    given = {name.rpartition("/")[2]: data for name, data in files.items()}
    found = {
        name.rpartition(".")[0]: _read(name, data)
        for name, data in given.items()
        if name.rpartition(".")[2].lower() in {"csv", "xml", "geojson"}
    }
    for name, source in definition.externals.items():
        wanted = source.rpartition("/")[2]
        if wanted in given:
            found[name] = _read(wanted, given[wanted])
    return found


@lru_cache(maxsize=16)
def _read(name: str, data: bytes) -> Node:
    """Read once: a document of a list is never changed."""
    return read_external(name, data)


def lists_beside(definition: "FormDefinition", folders: Iterable[Path]) -> dict[str, bytes]:
    """File name → file, for every list of the form that lies in one of the folders; the first of them counts.

    Raises:
        OSError: One that is there cannot be read.
    """
    names = {address.rpartition("/")[2] for address in definition.externals.values()}
    found = {name: next((path for each in folders if (path := each / name).is_file()), None) for name in names - {""}}
    return {name: path.read_bytes() for name, path in sorted(found.items()) if path is not None}


def read_external(name: str, data: bytes) -> Node:
    """One file as a document: `root/item/column` for tables and GeoJSON, an XML file as it is.

    Args:
        name: The file's name; its ending says what it is.
        data: The file.

    Raises:
        FormError: `form.bad_attachment` with the file's `name` and the `row` where known; as `parse_xml` for XML.
    """
    ending = name.rpartition(".")[2].lower()
    if ending == "xml":
        return load_document(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise FormError("form.bad_attachment", name=name) from exc
    return _geojson(name, text) if ending in {"geojson", "json"} else _table(name, text)


def _table(name: str, text: str) -> Node:
    """A table with a head: the columns become elements, short rows blank ones."""
    first = [io.StringIO(text, newline="").readline()]
    divider = max(_DIVIDERS, key=lambda mark: len(next(csv.reader(first, delimiter=mark))))
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=divider)
    try:
        head = [cell.strip() for cell in next(rows, [])]
        return _document(_rows(name, rows, head))
    except csv.Error as exc:
        raise FormError("form.bad_attachment", name=name, row=rows.line_num) from exc


def _rows(name: str, rows: Iterable[list[str]], head: list[str]) -> Iterable[list[tuple[str, str]]]:
    for number, row in enumerate(rows, 2):
        if number > MAX_ROWS:
            raise FormError("form.bad_attachment", name=name, row=number)
        if any(row):
            yield [(column, row[at] if at < len(row) else "") for at, column in enumerate(head) if column]


def _geojson(name: str, text: str) -> Node:
    """Each feature an item: `geometry` as ODK writes places, its `id`, its properties."""
    try:
        data = json.loads(text)
        features = data["features"]
        return _document(_feature(feature) for feature in features)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        raise FormError("form.bad_attachment", name=name) from exc


def _feature(feature: dict[str, Any]) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    if geometry := feature.get("geometry"):
        found["geometry"] = _geometry(geometry.get("type", ""), geometry.get("coordinates") or [])
    properties = feature.get("properties") or {}
    own = properties.get("id") if feature.get("id") is None else feature["id"]
    if own is not None:
        found["id"] = _word(own)
    found.update((str(key), _word(value)) for key, value in properties.items() if key != "id")
    return list(found.items())


def _geometry(kind: str, places: list[Any]) -> str:
    """`latitude longitude altitude accuracy`; of a line or a shape each corner, divided by semicolons."""
    if kind == "Point":
        return _point(places)
    corners = places[0] if kind == "Polygon" and places else places
    return "; ".join(_point(corner) for corner in corners) if kind in {"LineString", "Polygon"} else ""


def _point(place: list[Any]) -> str:
    altitude = place[2] if len(place) > 2 else 0  # noqa: PLR2004 - the third coordinate
    return f"{_word(place[1])} {_word(place[0])} {_word(altitude)} 0"


def _word(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)


def _document(rows: Iterable[Iterable[tuple[str, str]]]) -> Node:
    document = Node("", kind=ROOT)
    root = document.append(Node("root"))
    for row in rows:
        item = root.append(Node("item"))
        for column, text in row:
            item.append(Node(column, text))
    return document
