"""Files that answer questions, read off the main thread and named by their content.

A photograph is drawn anew before it is kept: no more than 1600 points wide or high, as JPEG. So it is small enough for
a slow line, and what the camera wrote beside it (place, time, its own number) goes nowhere.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QBuffer, QByteArray, QObject, QSize, Qt
from PySide6.QtGui import QColorSpace, QImage, QImageReader, QImageWriter, QPainter

from healthvisit.domain.attachment import MOST_BYTES, name_of
from healthvisit.forms.errors import FormError
from healthvisit.ui.jobs import Jobs

MOST_PHOTO_BYTES = 40_000_000  # as it comes from a camera; what is kept of it is far below MOST_BYTES
WIDEST_PX, QUALITY = 1600, 85
SMALL_PX = 640
PICTURE_FORMATS = frozenset({"jpeg", "jpg", "png"})
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A file by the name that is its answer; `small` is its picture, where it is one."""

    name: str
    data: bytes = field(repr=False)
    small: QImage | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a screen needs of a kept file: its size, and its picture drawn small."""

    size: int
    small: QImage | None = field(default=None, repr=False)


def read_file(path: Path, media_type: str) -> Kept:
    """Read one file; its own name, which may be a child's, goes nowhere.

    Args:
        path: The file that was chosen.
        media_type: What the question takes; of `image/*` only pictures that can be drawn, and these are drawn anew.

    Raises:
        FormError: `form.file_unreadable`, `form.file_too_large`, `form.not_a_picture`.
    """
    is_picture = media_type.startswith("image/")
    limit = MOST_PHOTO_BYTES if is_picture else MOST_BYTES
    try:
        if path.stat().st_size > limit:
            raise FormError("form.file_too_large", limit=limit // MEGABYTE)
        data = path.read_bytes()
    except OSError as exc:
        raise FormError("form.file_unreadable") from exc
    if not is_picture:
        return Kept(name_of(data, path.suffix.lstrip(".")), data)
    buffer = _opened(data)
    reader = QImageReader(buffer)
    found = _read(reader, WIDEST_PX) if bytes(reader.format().data()).decode() in PICTURE_FORMATS else None
    if found is None:
        raise FormError("form.not_a_picture")
    image = _clean(found)
    data = _written(image)
    if len(data) > MOST_BYTES:
        raise FormError("form.file_too_large", limit=MOST_BYTES // MEGABYTE)
    return Kept(name_of(data, "jpg"), data, _no_larger(image, SMALL_PX))


def small_picture(reader: QImageReader) -> QImage | None:
    """A picture drawn small, turned as the camera held it; None for what is no picture."""
    return _read(reader, SMALL_PX)


def look(files: Mapping[str, bytes], most: int = SMALL_PX) -> dict[str, Seen]:
    """Draw kept files no larger than `most`. Off the main thread."""
    seen = {}
    for name, data in files.items():
        buffer = _opened(data)
        seen[name] = Seen(len(data), _read(QImageReader(buffer), most))
    return seen


def _opened(data: bytes) -> QBuffer:
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    return buffer


def _read(reader: QImageReader, most: int) -> QImage | None:
    reader.setAutoTransform(True)
    size = reader.size()
    if size.width() > most or size.height() > most:
        reader.setScaledSize(size.scaled(QSize(most, most), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else image


def _clean(image: QImage) -> QImage:
    """The picture alone on white, in plain colours: Qt would write the remarks that an image holds along with it."""
    if image.colorSpace().isValid():
        image = image.convertedToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    clean = QImage(image.size(), QImage.Format.Format_RGB32)
    clean.fill(Qt.GlobalColor.white)
    painter = QPainter(clean)
    painter.drawImage(0, 0, image)
    painter.end()
    return clean


def _written(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"jpeg"))
    writer.setQuality(QUALITY)
    if not writer.write(image):
        raise FormError("form.not_a_picture")
    return bytes(buffer.data().data())


def _no_larger(image: QImage, most: int) -> QImage:
    if image.width() <= most and image.height() <= most:
        return image
    return image.scaled(most, most, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)


class Take(Protocol):
    """Keeps what was read, where it is to stay."""

    def __call__(
        self,
        data: bytes,
        *,
        done: Callable[[object], object],
        failed: Callable[[BaseException], object],
        owner: QObject,
    ) -> None:
        """`done` is called once it is on the disk."""
        ...


class Files:
    """Reads files that answer questions, and knows those seen so far: what is not known is not on this computer.

    Without `take` nothing is kept: for trying a form out.
    """

    def __init__(self, jobs: Jobs, seen: Mapping[str, Seen] | None = None, take: Take | None = None) -> None:
        self._jobs, self._seen, self._take = jobs, dict(seen or {}), take

    def picture(self, name: str) -> QImage | None:
        """The small picture of a kept file."""
        return self._seen[name].small if name in self._seen else None

    def size(self, name: str) -> int | None:
        """Bytes of a kept file."""
        return self._seen[name].size if name in self._seen else None

    def keep(
        self,
        path: Path,
        media_type: str,
        *,
        done: Callable[[str], object],
        failed: Callable[[BaseException], object],
        owner: QObject,
    ) -> None:
        """Read a file on the vault's lane; `done` is told its name once it is kept."""

        def read(kept: Kept) -> None:
            def is_kept(_nothing: object = None) -> None:
                self._seen[kept.name] = Seen(len(kept.data), kept.small)
                done(kept.name)

            if self._take is None:
                is_kept()
            else:
                self._take(kept.data, done=is_kept, failed=failed, owner=owner)

        self._jobs.vault(read_file, path, media_type, done=read, failed=failed, owner=owner)
