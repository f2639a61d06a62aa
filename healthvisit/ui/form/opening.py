"""A form and what belongs to it, opened off the main thread and handed over whole."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtGui import QImage, QImageReader

from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.external import lists_beside
from healthvisit.forms.session import FormSession
from healthvisit.forms.snapshot import Snapshot
from healthvisit.forms.trace import form_text
from healthvisit.ui.form.attachments import small_picture

LARGEST_PICTURE = 20_000_000


@dataclass(frozen=True, slots=True)
class OpenedForm:
    """A session nobody else holds, and the form's pictures by file name."""

    session: FormSession
    pictures: Mapping[str, QImage]


def open_file(path: Path, *, language: str, now: datetime, tz: str) -> OpenedForm:
    """Read a workbook or an XForm with the files beside it, and begin a record.

    Args:
        path: `.xlsx`, `.xls`, Markdown, or XForm XML; its files are beside it or in `NAME-media`.
        language: Of the questions, where the form speaks it.
        now: The clock, aware.
        tz: Name of the time zone.

    Raises:
        FormError: What is wrong with the form.
        OSError: The file cannot be read.
    """
    definition = FormDefinition.load(form_text(path))
    folders = (path.parent, path.parent / f"{path.stem}-media")
    files = lists_beside(definition, folders)
    session = FormSession.open(definition, language=language, now=now, tz=tz, files=files)
    return OpenedForm(warmed(session), dict(_pictures(definition, folders)))


def restore(definition: FormDefinition, snapshot: Snapshot, *, now: datetime, tz: str) -> FormSession:
    """Open a draft again, ready for the screen."""
    return warmed(FormSession.restore(definition, snapshot, now=now, tz=tz))


def warmed(session: FormSession) -> FormSession:
    """Look at every page once, so that nothing on the main thread is the first to read a long list."""
    for page in session.pages():
        for path in page.paths:
            session.question(path)
    return session


def _pictures(definition: FormDefinition, folders: tuple[Path, Path]) -> Iterator[tuple[str, QImage]]:
    shown: Callable[[str], str] = lambda address: address.rpartition("/")[2]  # noqa: E731 - a name for one line
    names = {
        shown("".join(part for part in form.parts if isinstance(part, str)))
        for texts in definition.catalogue.texts.values()
        for text in texts.values()
        for kind, form in text.forms.items()
        if kind in ("image", "big-image")
    }
    for name in sorted(names - {""}):
        for folder in folders:
            file = folder / name
            if file.is_file() and file.stat().st_size <= LARGEST_PICTURE:
                image = small_picture(QImageReader(str(file)))
                if image is not None:
                    yield name, image
                    break
