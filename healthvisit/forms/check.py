"""The author's check: every problem of a form in one run, each at its cell in the workbook or its line in the XForm."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from healthvisit.forms.book import Book
from healthvisit.forms.check_book import book_findings
from healthvisit.forms.check_expression import faults_of
from healthvisit.forms.check_mend import Mender
from healthvisit.forms.check_places import Places, as_xpath, in_the_authors_words
from healthvisit.forms.check_texts import translations
from healthvisit.forms.check_xform import CONDITIONS, check_xform
from healthvisit.forms.errors import FormError
from healthvisit.forms.findings import Finding, Level, Place
from healthvisit.forms.instance import MAX_BYTES, parse_xml
from healthvisit.forms.xlsform import WORKBOOKS, book_of, read_source

EXPRESSIONS = ("relevant", "required", "readonly", "constraint", "calculate", "count", "choice_filter", "default")
_PLAIN = frozenset(("yes", "no", "true", "false"))


def check(
    path: Path,
    *,
    vocabulary: Mapping[str, Collection[str]],
    functions: Collection[str] = (),
    given: Collection[str] = (),
) -> list[Finding]:
    """Find everything that is wrong with a form.

    Args:
        path: A workbook (xlsx, xls, Markdown) or an XForm (xml); its lists and pictures lie beside it.
        vocabulary: Entry → its fields, as `mapping` knows them.
        functions: Names of functions that the program hands in when it opens the form.
        given: Names of the lists that the program hands in.

    Raises:
        OSError: It cannot be read at all.
        FormError: It is no form: `form.not_a_form`, `form.not_xml`, `form.forbidden_xml`, `form.too_large`,
            `form.broken_workbook`, `form.compiler_missing`.
    """
    if path.suffix.lower() in WORKBOOKS:
        found = _check_workbook(path, vocabulary, functions, given)
    elif path.suffix.lower() in {".xml", ".xhtml"}:
        if path.stat().st_size > MAX_BYTES:
            raise FormError("form.too_large", limit=MAX_BYTES)
        root = parse_xml(path.read_bytes())
        faults = check_xform(root, folders=_folders(path), vocabulary=vocabulary, functions=functions, given=given)
        found = [*faults, *translations(root)]
        found.sort(key=lambda finding: finding.place.line or 0)
    else:
        raise FormError("form.not_a_form")
    return list({finding.key(): finding for finding in found}.values())


def _folders(path: Path) -> tuple[Path, Path]:
    """Lists and pictures lie beside the form, or in the folder that ODK's tools make for them."""
    return path.parent, path.parent / f"{path.stem}-media"


def _check_workbook(
    path: Path, vocabulary: Mapping[str, Collection[str]], functions: Collection[str], given: Collection[str]
) -> list[Finding]:
    source = read_source(path)
    book = book_of(source)
    if not book.sheet("survey").rows:
        return [Finding(kind="no_survey", place=Place(sheet="survey"))]
    found = list(book_findings(book))
    places = Places(book)
    xform, said = Mender(source, places, found).compile()
    found += said
    if xform is None:
        found += _loose_expressions(book, functions)
    else:
        try:
            faults = check_xform(
                parse_xml(xform), folders=_folders(path), vocabulary=vocabulary, functions=functions, given=given
            )
        except FormError as exc:  # the compiler copies some cells into the XForm as they are
            if all(each.level is not Level.ERROR for each in found):  # a mended one may be the cause
                found.append(Finding(kind=exc.code.removeprefix("form."), details=exc.details))
        else:
            found += [moved for fault in faults if (moved := places.moved(fault)) is not None]
    sheets = list(book.sheets)
    return sorted(found, key=lambda f: (_rank(sheets, f.place.sheet), f.place.row or 0, f.place.column or 0))


def _rank(sheets: list[str], name: str | None) -> int:
    if name is None:
        return len(sheets) + 1
    return sheets.index(name.lower()) if name.lower() in sheets else len(sheets)


def _loose_expressions(book: Book, functions: Collection[str]) -> Iterator[Finding]:
    """The expressions of a workbook that cannot be compiled at all, each by itself."""
    survey = book.sheet("survey")
    for row in survey.rows:
        for column in survey.columns:
            cell = row.cells.get(column.header, "").strip()
            if column.kind not in EXPRESSIONS or not cell or cell.lower() in _PLAIN:
                continue
            if column.kind == "default" and "(" not in cell:
                continue
            place = Place(sheet=survey.name, row=row.number, column=column.at)
            for fault in faults_of(
                as_xpath(cell),
                repeats=(),
                functions=functions,
                is_condition=column.kind in CONDITIONS,
                is_calculate=column.kind == "calculate",
            ):
                details = in_the_authors_words(fault.kind, fault.details, cell)
                yield Finding(kind=fault.kind, level=fault.level, place=place, details=details)
