"""Faults that show in the sheets of a workbook: names, groups, lists, references, translations."""

import re
from collections import Counter
from collections.abc import Iterator

from healthvisit.forms.book import HEADERS, Asked, Book, Row, Sheet, asked, begins, ends, is_repeat
from healthvisit.forms.definition import NAMESPACE
from healthvisit.forms.findings import Finding, Level, Place
from healthvisit.forms.text import language_code

REFERENCE = re.compile(r"\$\{\s*(?:last-saved#)?\s*([^}\s]*)\s*\}")
SELECT = re.compile(
    r"(?:select_one|select one from|select one|select1|select_multiple|select all that apply from|"
    r"select all that apply|rank)\s+(?P<list>\S+)",
    re.IGNORECASE,
)
FROM_FILE = re.compile(r"select[_ ](?:one|multiple)[_ ](?:from[_ ]file|external)\s", re.IGNORECASE)
UNWRITABLE = re.compile("[\0-\b\v\f\x0e-\x1f\ufffe\uffff]")
WORDS = frozenset(("label", "hint", "guidance_hint", "constraint_message", "required_message"))
_NAME = re.compile(r"[^\W\d][\w.\-]*\Z")
_NAMELESS = (
    "audit",
    "start",
    "end",
    "today",
    "deviceid",
    "username",
    "phonenumber",
    "email",
    "simserial",
    "subscriberid",
)
_SECOND_SHEETS = ("choices", "entities", "settings")


def book_findings(book: Book) -> Iterator[Finding]:
    """Every fault that can be seen without compiling."""
    rows = list(asked(book))
    yield from _settings(book)
    yield from _columns(book)
    yield from _characters(book)
    yield from _groups(book)
    yield from _names(book, rows)
    yield from _references(book, rows)
    yield from _lists(book, rows)
    yield from _translations(book)


def _settings(book: Book) -> Iterator[Finding]:
    settings = book.sheet("settings")
    row = settings.rows[0] if settings.rows else Row(2, {})
    at = settings.place(row.number) if settings.rows else Place(sheet=settings.name)
    if not settings.text(row, "form_id"):
        yield Finding(kind="no_form_id", level=Level.WARNING, place=at)
    if not settings.text(row, "version"):
        yield Finding(kind="no_version", level=Level.WARNING, place=at)
    mapped = [c for c in book.sheet("survey").columns if c.kind in {"entry", "field", "unit"}]
    if mapped and NAMESPACE not in settings.text(row, "namespaces"):
        yield Finding(
            kind="no_namespace", place=settings.place(row.number, "namespaces"), details={"namespace": NAMESPACE}
        )


def _columns(book: Book) -> Iterator[Finding]:
    for name, wanted in (("survey", ("type", "name")), ("choices", ("list_name", "name"))):
        sheet = book.sheet(name)
        if sheet.rows:
            for kind in wanted:
                if not sheet.of(kind):
                    yield Finding(kind="missing_column", place=sheet.place(1), details={"name": kind})
        headers = Counter(column.header for column in sheet.columns)
        for column in sheet.columns:
            if headers.pop(column.header, 1) > 1:
                place = Place(sheet=sheet.name, row=1, column=column.at)
                yield Finding(kind="column_twice", place=place, details={"name": column.header})


def _characters(book: Book) -> Iterator[Finding]:
    """Control characters, which come with text that was copied from elsewhere: no XML can hold them."""
    for sheet in book.sheets.values():
        for row in sheet.rows:
            for column in sheet.columns:
                if wrong := UNWRITABLE.search(row.cells.get(column.header, "")):
                    place = Place(sheet=sheet.name, row=row.number, column=column.at)
                    yield Finding(kind="bad_character", place=place, details={"number": ord(wrong[0])})


def _groups(book: Book) -> Iterator[Finding]:
    survey = book.sheet("survey")
    opened: list[tuple[Row, str]] = []
    for row in survey.rows:
        type_ = survey.text(row, "type")
        if begins(type_):
            opened.append((row, type_))
        elif ends(type_):
            if not opened:
                yield Finding(kind="unmatched_end", place=survey.place(row.number, "type"))
            elif is_repeat((begun := opened.pop())[1]) != is_repeat(type_):
                details = {"other": begun[0].number}
                yield Finding(kind="crossed_end", place=survey.place(row.number, "type"), details=details)
    for row, _ in opened:
        name = survey.text(row, "name")
        yield Finding(kind="unmatched_begin", place=survey.place(row.number, "type"), details={"name": name})


def _names(book: Book, rows: list[Asked]) -> Iterator[Finding]:
    survey = book.sheet("survey")
    if not survey.of("name"):
        return
    seen: dict[str, int] = {}
    repeats: dict[str, int] = {}
    for each in rows:
        at, name = survey.place(each.row.number, "name"), each.name
        is_repeated = begins(each.type) and is_repeat(each.type)
        if not each.type:
            if name or survey.text(each.row, "label"):
                yield Finding(kind="no_type", place=survey.place(each.row.number, "type"))
        elif kind := _misnamed(each):
            yield Finding(kind=kind, place=at, details={"name": name})
        elif name and (other := seen.get(each.path) or (repeats.get(name) if is_repeated else None)):
            yield Finding(kind="duplicate_name", place=at, details={"name": name, "other": other})
        seen.setdefault(each.path, each.row.number)
        if is_repeated:
            repeats.setdefault(name, each.row.number)


def _misnamed(each: Asked) -> str | None:
    if not each.name:
        return None if each.type.lower().startswith(_NAMELESS) else "no_name"
    if each.name.lower() == "meta":
        return "reserved_meta"
    return None if is_xml_name(each.name) else "bad_name"


def _references(book: Book, rows: list[Asked]) -> Iterator[Finding]:
    names = Counter(each.name for each in rows)
    for key in ("survey", *_SECOND_SHEETS):
        sheet = book.sheet(key)
        for row in sheet.rows:
            for column in sheet.columns:
                for name in dict.fromkeys(REFERENCE.findall(row.cells.get(column.header, ""))):
                    if names[name] == 1:
                        continue
                    place = Place(sheet=sheet.name, row=row.number, column=column.at)
                    kind = "ambiguous_name" if names[name] else "unknown_name"
                    yield Finding(kind=kind, place=place, details={"name": name, **_likely(name, names)})


def _likely(name: str, names: Counter[str]) -> dict[str, str]:
    """A name that differs only in capitals: the commonest slip."""
    twin = next((other for other in names if other and other != name and other.lower() == name.lower()), None)
    return {"likely": twin} if twin else {}


def _lists(book: Book, rows: list[Asked]) -> Iterator[Finding]:
    survey, choices = book.sheet("survey"), book.sheet("choices")
    listed: dict[str, list[Row]] = {}
    for row in choices.rows:
        if name := choices.text(row, "list_name"):
            listed.setdefault(name, []).append(row)
    used: set[str] = set()
    for each in rows:
        if FROM_FILE.match(each.type) or not (found := SELECT.match(each.type)):
            continue
        used.add(found["list"])
        if found["list"] not in listed and not REFERENCE.fullmatch(found["list"]):
            yield Finding(
                kind="empty_list", place=survey.place(each.row.number, "type"), details={"list": found["list"]}
            )
    spoken = " ".join(cell for row in survey.rows for cell in row.cells.values())
    for name, found_rows in listed.items():
        word = re.escape(name)
        if name not in used and not re.search(rf"instance\(\s*['\"]{word}['\"]|={word}\b", spoken):
            place = choices.place(found_rows[0].number, "list_name")
            yield Finding(kind="unused_list", level=Level.WARNING, place=place, details={"list": name})
        yield from _choices(book, name, found_rows)


def _choices(book: Book, name: str, rows: list[Row]) -> Iterator[Finding]:
    choices, settings = book.sheet("choices"), book.sheet("settings")
    may_repeat = any(settings.text(row, "allow_choice_duplicates").lower() in {"yes", "true"} for row in settings.rows)
    seen: dict[str, int] = {}
    for row in rows:
        choice, at = choices.text(row, "name"), choices.place(row.number, "name")
        if not choice and choices.of("name"):
            yield Finding(kind="choice_without_name", place=at, details={"list": name})
        elif choice in seen and not may_repeat:
            details = {"name": choice, "list": name, "other": seen[choice]}
            yield Finding(kind="duplicate_choice", place=at, details=details)
        elif " " in choice:
            yield Finding(kind="blank_in_choice", place=at, details={"name": choice})
        seen.setdefault(choice, row.number)


def _translations(book: Book) -> Iterator[Finding]:
    sheets = [book.sheet("survey"), book.sheet("choices")]
    spoken = [c.language for sheet in sheets for c in sheet.columns if c.kind in WORDS and c.language]
    languages = list(dict.fromkeys(spoken))
    if not languages:
        yield Finding(kind="one_language", level=Level.NOTE, place=Place(sheet=sheets[0].name))
        return
    for sheet in sheets:
        for kind in sorted(WORDS & {column.kind for column in sheet.columns}):
            yield from _untranslated(sheet, kind, languages)
    codes = ", ".join(language_code(language) for language in languages)
    yield Finding(kind="languages", level=Level.NOTE, details={"count": len(languages), "languages": codes})


def _untranslated(sheet: Sheet, kind: str, languages: list[str]) -> Iterator[Finding]:
    columns = {column.language: column for column in sheet.of(kind)}
    said = [row for row in sheet.rows if any(row.cells.get(c.header, "").strip() for c in columns.values())]
    for language in languages:
        details = {"what": kind, "language": language}
        if language not in columns:
            if said:
                yield Finding(
                    kind="no_translation_column", level=Level.WARNING, place=sheet.place(1, kind), details=details
                )
            continue
        for row in said:
            if not row.cells.get(columns[language].header, "").strip():
                place = Place(sheet=sheet.name, row=row.number, column=columns[language].at)
                yield Finding(kind="no_translation", level=Level.WARNING, place=place, details=details)


def is_words(header: str) -> bool:
    """Whether a column holds what people read, rather than expressions."""
    base = header.partition("::")[0].strip().lower()
    return base in WORDS or base in HEADERS["label"] | HEADERS["constraint_message"] | HEADERS["required_message"]


def is_xml_name(name: str) -> bool:
    """Whether a question can be called so."""
    return _NAME.match(name) is not None
