"""Look for names where none may be readable: in every file, in every encoding they might have been written in."""

import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

LEAST_CHARACTERS = 5  # shorter ones are met by chance in sealed bytes
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1251", "cp1252")
_HEAD = 4


def hits(files: Iterable[Path], canaries: Iterable[str]) -> int:
    """How many canaries are met, counted once a file and encoding.

    Args:
        files: Files; folders are taken with all that is in them. A PDF is searched as it is and as ``pdftotext`` reads
            it.
        canaries: Names, phones, dates, notes; those under `LEAST_CHARACTERS` are left out.
    """
    return sum(len(found) for found in find(files, canaries).values())


def find(files: Iterable[Path], canaries: Iterable[str]) -> dict[Path, set[bytes]]:
    """Where what was met: for the person who must mend it, never for a log.

    Raises:
        FileNotFoundError: ``pdftotext`` is needed and absent.
    """
    wanted = _wanted(canaries)
    found = {}
    for path in _flat(files):
        met = {match for content in _contents(path) for match in _met(content, wanted)}
        if met:
            found[path] = met
    return found


def _wanted(canaries: Iterable[str]) -> dict[bytes, list[bytes]]:
    """The first four bytes of what is looked for, with all that begins so."""
    wanted: dict[bytes, list[bytes]] = {}
    long = [text for text in canaries if len(text) >= LEAST_CHARACTERS]
    forms = {form for text in long for form in (text, text.upper())}
    for encoded in {_encoded(form, encoding) for form in forms for encoding in _ENCODINGS} - {b""}:
        wanted.setdefault(encoded[:_HEAD], []).append(encoded)
    return wanted


def _met(content: bytes, wanted: dict[bytes, list[bytes]]) -> Iterator[bytes]:
    for at in range(len(content) - _HEAD):
        if content[at : at + _HEAD] in wanted:
            yield from (w for w in wanted[content[at : at + _HEAD]] if content.startswith(w, at))


def _encoded(text: str, encoding: str) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return b""


def _flat(files: Iterable[Path]) -> Iterator[Path]:
    for path in files:
        if path.is_dir():
            yield from (inner for inner in sorted(path.rglob("*")) if inner.is_file())
        elif path.exists():
            yield path


def _contents(path: Path) -> Iterator[bytes]:
    yield path.read_bytes()
    if path.suffix.lower() == ".pdf":
        program = shutil.which("pdftotext")
        if program is None:
            raise FileNotFoundError("pdftotext")
        read = subprocess.run([program, "-enc", "UTF-8", str(path), "-"], capture_output=True, check=False)  # noqa: S603
        yield read.stdout
