"""Files that answer questions, read off the main thread and named by their content."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from healthvisit.forms.errors import FormError
from healthvisit.ui.jobs import Jobs

MOST_BYTES = 5_000_000  # a photograph of a telephone; larger ones would hold up the sending of everything else
SMALL_PX = 640
SUFFIXES = {"jpeg": "jpg", "jpg": "jpg", "png": "png", "gif": "gif", "webp": "webp", "bmp": "bmp"}
PICTURE_FORMATS = frozenset({"jpeg", "png"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A file by the name that is its answer; `small` is its picture, where it is one."""

    name: str
    data: bytes = field(repr=False)
    small: QImage | None = field(default=None, repr=False)


def read_file(path: Path, media_type: str) -> Kept:
    """Read one file; its own name, which may be a child's, goes nowhere.

    Args:
        path: The file that was chosen.
        media_type: What the question takes; of `image/*` only pictures that can be drawn.

    Raises:
        FormError: `form.file_unreadable`, `form.file_too_large`, `form.not_a_picture`.
    """
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise FormError("form.file_too_large", limit=MOST_BYTES // 1_000_000)
        data = path.read_bytes()
    except OSError as exc:
        raise FormError("form.file_unreadable") from exc
    suffix, small = path.suffix.lower().lstrip("."), None
    if media_type.startswith("image/"):
        reader = QImageReader(str(path))
        suffix = SUFFIXES.get(bytes(reader.format().data()).decode(), "")
        small = small_picture(reader)
        if small is None or suffix not in PICTURE_FORMATS | {"jpg"}:
            raise FormError("form.not_a_picture")
    name = hashlib.sha256(data).hexdigest()[:32]
    return Kept(f"{name}.{suffix}" if suffix.isalnum() and suffix.isascii() else name, data, small)


def small_picture(reader: QImageReader) -> QImage | None:
    """A picture drawn small, turned as the camera held it; None for what is no picture."""
    reader.setAutoTransform(True)
    size = reader.size()
    if size.width() > SMALL_PX or size.height() > SMALL_PX:
        reader.setScaledSize(size.scaled(QSize(SMALL_PX, SMALL_PX), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else image


class MemoryFiles:
    """Keeps files while a form is open and no longer: for trying a form out."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self.kept: dict[str, Kept] = {}

    def keep(
        self,
        path: Path,
        media_type: str,
        *,
        done: Callable[[str], object],
        failed: Callable[[BaseException], object],
        owner: QObject,
    ) -> None:
        """Read a file on the lane of the vault, as a visit would."""

        def read(kept: Kept) -> None:
            self.kept[kept.name] = kept
            done(kept.name)

        self._jobs.vault(read_file, path, media_type, done=read, failed=failed, owner=owner)

    def picture(self, name: str) -> QImage | None:
        """The small picture of a kept file."""
        return self.kept[name].small if name in self.kept else None

    def size(self, name: str) -> int | None:
        """Bytes of a kept file."""
        return len(self.kept[name].data) if name in self.kept else None
