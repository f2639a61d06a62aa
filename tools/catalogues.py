"""The translations: collect the program's sentences, bring catalogues up to date, compile them, refuse gaps.

    .venv/bin/python tools/catalogues.py extract    source code -> resources/locale/healthvisit.pot
    .venv/bin/python tools/catalogues.py update     pot -> each language's .po, new sentences empty
    .venv/bin/python tools/catalogues.py compile    .po -> .mo
    .venv/bin/python tools/catalogues.py check      refuses what is stale, missing or would fail when filled in

English stands in the code, so an empty English entry means the sentence itself.
"""

import ast
import io
import string
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "healthvisit"
LOCALE = ROOT / "resources" / "locale"
DOMAIN = "healthvisit"
LANGUAGES = ("tk", "ru", "en")
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)  # git knows the real one
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "N_": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}

Key = tuple[str | None, tuple[str, ...]]  # a sentence's context, and its singular and plural


def key(message: Message) -> Key:
    """What a sentence is looked up by."""
    return message.context, forms(message.id)


def forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """A text's singular and plurals."""
    return (text,) if isinstance(text, str) else tuple(text)


def sentences(catalogue: Catalog) -> dict[Key, Message]:
    """All entries but the header."""
    return {key(message): message for message in catalogue if message.id}


def collect(source: Path) -> Catalog:
    """Every marked sentence of the source code."""
    catalogue = Catalog(project=DOMAIN, copyright_holder="the healthvisit authors", msgid_bugs_address="-", fuzzy=False)
    for file, _line, text, comments, context in extract_from_dir(
        source, [("**.py", "python")], keywords=KEYWORDS, comment_tags=("TRANSLATORS:",), strip_comment_tags=True
    ):
        catalogue.add(text, None, [(f"{source.name}/{file}", 0)], auto_comments=comments, context=context)
    return catalogue


def read(path: Path, language: str | None = None) -> Catalog:
    """Read a .po or .pot file."""
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN, abort_invalid=True)


def write(path: Path, catalogue: Catalog) -> None:
    """Write sentences in a stable order, without line numbers and today's date: only a changed sentence changes it."""
    catalogue.creation_date = catalogue.revision_date = NO_DATE
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, include_lineno=False, sort_output=True, ignore_obsolete=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(buffer.getvalue())


def po_path(locale: Path, language: str) -> Path:
    """Where a language's catalogue stands."""
    return locale / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def compiled(catalogue: Catalog) -> bytes:
    """The bytes of the .mo file."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def extract(source: Path = SOURCE, locale: Path = LOCALE) -> None:
    """Write the template anew."""
    write(locale / f"{DOMAIN}.pot", collect(source))


def update(locale: Path = LOCALE) -> None:
    """Give every language the template's sentences; wording is kept, never guessed from a similar sentence."""
    template = read(locale / f"{DOMAIN}.pot")
    for language in LANGUAGES:
        path = po_path(locale, language)
        catalogue = read(path, language) if path.exists() else Catalog(locale=language, domain=DOMAIN, fuzzy=False)
        catalogue.update(template, no_fuzzy_matching=True)
        write(path, catalogue)


def compile_all(locale: Path = LOCALE) -> None:
    """Write each language's .mo beside its .po."""
    for language in LANGUAGES:
        path = po_path(locale, language)
        path.with_suffix(".mo").write_bytes(compiled(read(path, language)))


def check(source: Path = SOURCE, locale: Path = LOCALE) -> Iterator[str]:
    """Say what keeps a reader from a whole and right sentence in her language."""
    yield from unmarked(source)
    wanted = set(sentences(collect(source)))
    template = locale / f"{DOMAIN}.pot"
    if not template.exists():
        if wanted:
            yield f"{template.name}: missing; run extract, update, compile"
        return
    if set(sentences(read(template))) != wanted:
        yield f"{template.name}: stale; run extract"
    for language in LANGUAGES:
        yield from check_language(po_path(locale, language), language, wanted)


def check_language(path: Path, language: str, wanted: set[Key]) -> Iterator[str]:
    """Check one language's .po and .mo."""
    if not path.exists():
        yield f"{language}: no catalogue; run update"
        return
    catalogue = read(path, language)
    present = sentences(catalogue)
    for missing in sorted(wanted - set(present), key=str):
        yield f"{language}: not in the catalogue: {missing[1][0]!r}; run update"
    for left_over in sorted(set(present) - wanted, key=str):
        yield f"{language}: no longer in the program: {left_over[1][0]!r}; run update"
    right = Catalog(locale=language).plural_forms
    if catalogue.mime_headers and right not in dict(read_headers(path)).get("Plural-Forms", ""):
        yield f"{language}: the header's plural rule should be: {right}"
    for message in present.values():
        yield from (
            f"{language}: {problem}: {forms(message.id)[0]!r}" for problem in faults(message, catalogue, language)
        )
    mo = path.with_suffix(".mo")
    if not mo.exists() or mo.read_bytes() != compiled(catalogue):
        yield f"{language}: {mo.name} is stale; run compile"


def read_headers(path: Path) -> Iterator[tuple[str, str]]:
    """The header's lines as they stand in the file (Babel replaces the plural rule while reading)."""
    for line in path.read_text("utf-8").split("\n\n", 1)[0].splitlines():
        name, colon, value = line.strip('"').removesuffix("\\n").partition(": ")
        if colon:
            yield name, value


def faults(message: Message, catalogue: Catalog, language: str) -> Iterator[str]:
    """What is wrong with one entry."""
    texts = forms(message.string or "")
    if message.fuzzy:
        yield "only guessed (fuzzy)"
    if not any(texts) and language == "en":
        return
    if not all(texts) or (message.pluralizable and len(texts) != catalogue.num_plurals):
        yield "not translated"
        return
    for index, text in enumerate(texts):
        # Only where "one" is the number 1 alone may the first form leave the number out, as English does.
        alone = index == 0 and catalogue.num_plurals == 2
        allowed = {placeholders(original) for original in forms(message.id)[0 if alone else -1 :]}
        if placeholders(text) not in allowed:
            yield "other {placeholders} than the English"


def placeholders(text: str) -> frozenset[str] | None:
    """The names to be filled in; `None` when the text cannot be filled in at all."""
    try:
        return frozenset(name for _text, name, _spec, _how in string.Formatter().parse(text) if name is not None)
    except ValueError:
        return None


def unmarked(source: Path) -> Iterator[str]:
    """Calls whose text is put together before it is looked up, or that no extraction sees inside an f-string."""
    for path in sorted(source.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.JoinedStr) and any(map(is_marked, ast.walk(node))):
                where = f"{path.relative_to(source.parent)}:{node.lineno}"
                yield f"{where}: a sentence inside an f-string is never extracted; give it a name first"
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            built = (isinstance(arg, ast.JoinedStr | ast.BinOp) or is_filled(arg) for arg in node.args[:2])
            if name in KEYWORDS and any(built):
                where = f"{path.relative_to(source.parent)}:{node.lineno}"
                yield f"{where}: {name}() wants a literal sentence, filled in afterwards"


def is_marked(node: ast.AST) -> bool:
    """Whether it is `_("…")` or another call that marks a literal sentence."""
    if not isinstance(node, ast.Call) or not node.args:
        return False
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    return name in KEYWORDS and isinstance(node.args[0], ast.Constant)


def is_filled(node: ast.expr) -> bool:
    """Whether it is `"…".format(…)`."""
    return isinstance(node, ast.Call) and getattr(node.func, "attr", None) == "format"


def main(argv: list[str]) -> int:
    """Obey the one word given."""
    deeds: dict[str, Callable[[], None]] = {"extract": extract, "update": update, "compile": compile_all}
    if len(argv) != 1 or argv[0] not in {*deeds, "check"}:
        print(__doc__)
        return 2
    if argv[0] != "check":
        deeds[argv[0]]()
        return 0
    problems = list(check())
    print("\n".join(problems) or f"catalogues {', '.join(LANGUAGES)}: nothing found")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
