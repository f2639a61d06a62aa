"""From an author's XLSForm to the XForm the engine reads, once, when a form is written; never when a visit is opened.

`python -m healthvisit.forms.xlsform --compile DIR` writes every DIR/*.md as DIR/*.xml;
`--check DIR` compiles again and fails when a committed XForm differs from its source.
"""

import argparse
import io
import re
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from healthvisit.forms.book import Book, Row, Sheet, column_of
from healthvisit.forms.errors import FormError
from healthvisit.forms.instance import MAX_BYTES

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".md")
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
MAX_UNPACKED_BYTES = 100_000_000  # a workbook is a packed file: a small one may unfold into gigabytes


def compile_markdown(text: str) -> str:
    """Compile one XLSForm, written as Markdown tables, to XForm XML (one element a line, same text for same source).

    Raises:
        FormError: `form.does_not_compile`, with `sheet`, `row`, `column` or `line` where they are known, and `reason`;
            `form.compiler_missing` where the extra `healthvisit[author]` is not installed.
    """
    return _convert(text, ".md", text)[0]


def compile_file(path: Path) -> str:
    """Compile a workbook (xlsx, xls, or Markdown tables) to XForm XML.

    Raises:
        OSError: It cannot be read at all.
        FormError: As `read_source` and `compile_markdown`.
    """
    source = read_source(path)
    text, _ = compile_source(source)
    return text


def read_source(path: Path) -> dict[str, Any]:
    """Read a workbook into the compiler's own shape: sheet → rows, sheet_header → columns.

    Raises:
        OSError: It cannot be read at all.
        FormError: `form.not_a_form` for another kind of file, `form.too_large`, `form.forbidden_xml`,
            `form.broken_workbook` with `reason`: ``empty_file``, ``locked_workbook``, ``not_utf8``, ``no_tables``, or
            the reader's own words; `form.compiler_missing`.
    """
    suffix = path.suffix.lower()
    if suffix not in WORKBOOKS:
        raise FormError("form.not_a_form")
    if path.stat().st_size > MAX_BYTES:
        raise FormError("form.too_large", limit=MAX_BYTES)
    data = path.read_bytes()
    backends = _backends()
    try:
        _refuse_hostile(data)
        _refuse_others(data, suffix)
        definition = backends.Definition(
            data=io.BytesIO(data), file_type=backends.SupportedFileTypes(suffix), file_path_stem=path.stem
        )
        read: dict[str, Any] = asdict(backends.definition_to_dict(definition, file_type=suffix))
        columns = _columns(data, suffix, read, backends)
    except FormError:
        raise
    except Exception as exc:  # the readers of two file formats meet bytes of unknown origin, and raise all sorts
        raise FormError("form.broken_workbook", reason=_words(exc)) from exc
    if not isinstance(read.get("survey"), list):
        raise FormError("form.not_a_form")
    for rows in (read[name] for name in columns):
        for row in rows or ():
            row.pop(None, None)  # cells below no header
    return {**read, "columns": columns}


def book_of(source: dict[str, Any]) -> Book:
    """The same workbook as rows with their places."""
    sheets = {}
    names = {name.lower(): name for name in source["sheet_names"] or ()}
    for key, columns in source["columns"].items():
        found = tuple(column_of(at, header) for at, header in enumerate(columns) if header)
        rows = tuple(Row(number, cells) for number, cells in enumerate(source.get(key) or (), 2))
        sheets[key] = Sheet(names.get(key, key), found, rows)
    return Book(sheets)


def compile_source(source: dict[str, Any]) -> tuple[str, list[str]]:
    """Compile what `read_source` gave; the XForm and the compiler's warnings, in its own English.

    Raises:
        FormError: `form.does_not_compile`, as `compile_markdown`.
    """
    given = {key: value for key, value in source.items() if key != "columns"}
    return _convert(given, None, "")


def _backends() -> Any:
    try:
        from pyxform import xls2json_backends
    except ImportError as exc:
        raise FormError("form.compiler_missing", name="healthvisit[author]") from exc
    return xls2json_backends


def _refuse_hostile(data: bytes) -> None:
    """Refuse what unfolds beyond measure, and parts with a document type: spreadsheets have none."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(entry.file_size for entry in packed.infolist()) > MAX_UNPACKED_BYTES:
            raise FormError("form.too_large", limit=MAX_UNPACKED_BYTES)
        if any(b"<!DOCTYPE" in packed.read(name) for name in packed.namelist() if name.endswith((".xml", ".rels"))):
            raise FormError("form.forbidden_xml")


def _refuse_others(data: bytes, suffix: str) -> None:
    """Say in a word what the readers of workbooks say in their own English."""
    if not data.strip():
        raise FormError("form.broken_workbook", reason="empty_file")
    if suffix in {".xlsx", ".xlsm"} and data.startswith(OLD_EXCEL):  # an encrypted workbook wears the older coat
        raise FormError("form.broken_workbook", reason="locked_workbook")
    if suffix == ".md" and b"\0" not in data:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as exc:
            raise FormError("form.broken_workbook", reason="not_utf8") from exc
        if not re.search(r"^\s*\|", text, re.MULTILINE):
            raise FormError("form.broken_workbook", reason="no_tables")


def _columns(data: bytes, suffix: str, read: dict[str, Any], backends: Any) -> dict[str, list[str | None]]:
    """Each sheet's headers in their true columns: the compiler leaves empty ones out, and all cells would shift."""
    known = {key.removesuffix("_header"): value for key, value in read.items() if key.endswith("_header") and value}
    columns: dict[str, list[str | None]] = {key: list(value[0]) for key, value in known.items()}
    first_rows: dict[str, list[Any]] = {}
    if suffix in {".xlsx", ".xlsm"}:
        book = backends.pyxl_open(io.BytesIO(data), read_only=True, data_only=True)
        for name in book.sheetnames:
            first_rows[name] = [cell.value for cell in next(iter(book[name].rows), ())]
        book.close()
    elif suffix == ".xls":
        book = backends.xlrd_open(file_contents=data)
        first_rows = {sheet.name: sheet.row_values(0) for sheet in book.sheets() if sheet.nrows}
    for name, cells in first_rows.items():
        key = name.lower() if name.lower() in columns else "survey" if len(first_rows) == 1 else ""
        if key:
            columns[key] = [re.sub(" +", " ", str(cell).strip()) if cell else None for cell in cells]
    return columns


def _convert(source: Any, file_type: str | None, text: str) -> tuple[str, list[str]]:
    try:
        from pyxform.errors import PyXFormError
        from pyxform.xls2xform import convert
    except ImportError as exc:
        raise FormError("form.compiler_missing", name="healthvisit[author]") from exc
    warnings: list[str] = []
    try:
        xform: str = convert(source, warnings=warnings, validate=False, pretty_print=True, file_type=file_type).xform
    except PyXFormError as exc:
        raise FormError("form.does_not_compile", **_place(exc, text), reason=_words(exc)) from exc
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError) as exc:  # its own stumbling
        raise FormError("form.does_not_compile", reason=_words(exc)) from exc
    return xform if xform.endswith("\n") else xform + "\n", warnings


def _words(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error)).strip() or type(error).__name__


def _place(error: Exception, text: str) -> dict[str, object]:
    """Sheet, row and column: from the compiler's context, else from its words; else the line with what it quotes."""
    found = {key: value for key, value in getattr(error, "context", {}).items() if key in ("sheet", "row", "column")}
    words = str(error)
    if "row" not in found and (row := re.search(r"\[row ?: ?(\d+)\]", words)):
        found["row"] = int(row[1])
    if "sheet" not in found and (sheet := re.search(r"(?:the '(\w+)' sheet)|(?:a (\w+) sheet)", words)):
        found["sheet"] = sheet[1] or sheet[2]
    if "column" not in found and (column := re.search(r"the '([\w:]+)' value", words)):
        found["column"] = column[1]
    if "row" not in found and (quoted := re.search(r"'([^']+)'", words)):
        lines = [
            number
            for number, line in enumerate(text.splitlines(), 1)
            if re.search(rf"\|\s*{re.escape(quoted[1])}\b", line)
        ]
        found |= {"line": lines[0]} if lines else {}
    return found


def compile_folder(folder: Path, *, write: bool, functions: Sequence[str] = ()) -> list[str]:
    """Compile every Markdown form of `folder`; a line comes back for each that is broken, or stale when not writing.

    Args:
        folder: Where *.md and *.xml stand side by side.
        write: Write the XForm beside its source; otherwise compare with the one that stands there.
        functions: Names of functions that the program hands in when it opens these forms.
    """
    from healthvisit.forms.definition import FormDefinition

    faults = []
    for source in sorted(folder.glob("*.md")):
        target = source.with_suffix(".xml")
        try:
            xform = compile_markdown(source.read_text(encoding="utf-8"))
            FormDefinition.load(xform, functions=functions).require_resolved()
        except FormError as exc:
            faults.append(f"{source.name}: {exc}")
            continue
        if write:
            target.write_text(xform, encoding="utf-8", newline="\n")
        elif not target.exists() or target.read_text(encoding="utf-8") != xform:
            faults.append(f"{target.name}: stale, compile it again")
    return faults


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; 1 when a form is broken or stale."""
    parser = argparse.ArgumentParser(prog="python -m healthvisit.forms.xlsform", description=__doc__)
    deed = parser.add_mutually_exclusive_group(required=True)
    deed.add_argument("--compile", metavar="DIR", type=Path, help="write DIR/*.xml from DIR/*.md")
    deed.add_argument("--check", metavar="DIR", type=Path, help="fail when a DIR/*.xml is stale")
    parser.add_argument(
        "--function", metavar="NAME", action="append", default=[], help="a function the program hands in"
    )
    options = parser.parse_args(arguments)
    faults = compile_folder(options.compile or options.check, write=bool(options.compile), functions=options.function)
    sys.stdout.writelines(fault + "\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
