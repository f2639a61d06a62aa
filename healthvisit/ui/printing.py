"""Letters and sheets: one painter for PDF and printer, with header, footer and page numbers; no temporary copy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextBlock,
    QTextDocument,
)

from healthvisit.domain.errors import HealthvisitError
from healthvisit.ui import theme
from healthvisit.ui.i18n import _

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

Draw = Callable[[QPainter, QRectF], object]
"""Draws into a rectangle measured in 1/96 inch, as on the screen."""

PROGRAM = "healthvisit"
DPI, MM = 96, 96 / 25.4
PAGES = {"A4": QPageSize.PageSizeId.A4, "A5": QPageSize.PageSizeId.A5}
EDGE_MM = {"A4": 18.0, "A5": 12.0}
BODY_PX, SMALL_PX = 14, 11
INK = "#000000"
DRAWING = "drawing:"
STYLE = """
h1 { font-size: 22px; font-weight: 600; } h2 { font-size: 17px; font-weight: 600; }
table { border-collapse: collapse; border-color: #808080; }
.large { font-size: 18px; } .small { font-size: 11px; }
"""


class PrintError(HealthvisitError):
    """Paper or file could not be made; the codes are `print.cannot_save` and `print.no_printer`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is printed.

    Args:
        html: The body in Qt's HTML 4 subset; sizes in px (1/96 inch). ``<img src="drawing:chart" width="500"
            height="300">`` is the place of `drawings["chart"]`.
        page: Paper.
        header: One line above every page, at the left; empty for none.
        footer: One line below every page, at the left of "1 / 2".
        practice: Prints the word across every page.
        drawings: Drawn as vectors at their place in `html`.
        own_pages: Each drawn on a page of its own at the end.
    """

    html: str = field(repr=False)
    page: Literal["A4", "A5"] = "A4"
    header: str = field(default="", repr=False)
    footer: str = field(default="", repr=False)
    practice: bool = False
    drawings: Mapping[str, Draw] = field(default_factory=dict, repr=False)
    own_pages: tuple[Draw, ...] = field(default=(), repr=False)


def pdf_bytes(letter: Letter) -> bytes:
    """The letter as a PDF: vectors, typeface embedded, no name in what describes the file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(PROGRAM)
    writer.setCreator(PROGRAM)
    writer.setResolution(1200)
    _set_page(writer, letter)
    _paint(letter, writer)
    buffer.close()
    return bytes(buffer.data().data())


def save_pdf(letter: Letter, folder: Path, number: int) -> Path:
    """Write the letter to ``healthvisit-NUMBER.pdf`` in the folder a person chose, and nowhere else.

    Raises:
        PrintError: `print.cannot_save`: the disk is full or the folder cannot be written; no half file is left.
    """
    return write_copy(pdf_bytes(letter), folder, number, ".pdf")


def write_copy(content: bytes, folder: Path, number: int, suffix: str) -> Path:
    """Write a file to ``healthvisit-NUMBER`` and its ending in the folder a person chose, and nowhere else.

    Raises:
        PrintError: As `save_pdf`.
    """
    path = folder / f"{PROGRAM}-{number}{suffix}"
    try:
        path.write_bytes(content)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise PrintError("print.cannot_save", number=number) from error
    return path


def to_printer(letter: Letter, printer: "QPrinter", number: int) -> None:
    """Print the letter as the job "healthvisit NUMBER".

    Raises:
        PrintError: `print.no_printer`: the printer did not take the job.
    """
    printer.setDocName(f"{PROGRAM} {number}")
    printer.setCreator(PROGRAM)
    _set_page(printer, letter)
    if not _paint(letter, printer):
        raise PrintError("print.no_printer", number=number)


def page_count(letter: Letter) -> int:
    """How many pages it takes."""
    return _body(letter).pageCount() + len(letter.own_pages)


def _set_page(device: QPagedPaintDevice, letter: Letter) -> None:
    size = QPageSize(PAGES[letter.page])
    no_edge = QMarginsF(0, 0, 0, 0)
    device.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, no_edge))
    if hasattr(device, "setFullPage"):
        device.setFullPage(True)


def _sheet(letter: Letter) -> QRectF:
    return QRectF(QPageSize(PAGES[letter.page]).rect(QPageSize.Unit.Millimeter))


def _room(letter: Letter) -> QRectF:
    """The body's place on the sheet, in 1/96 inch."""
    sheet, edge = _sheet(letter), EDGE_MM[letter.page] * MM
    above = 24 if letter.header else 0
    whole = QRectF(0, 0, sheet.width() * MM, sheet.height() * MM)
    return whole.adjusted(edge, edge + above, -edge, -edge - 24)


def _font(px: int, weight: int = 400) -> QFont:
    theme.load_fonts()
    font = QFont(theme.FAMILY)
    font.setPixelSize(px)
    font.setWeight(QFont.Weight(weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _body(letter: Letter) -> QTextDocument:
    document = QTextDocument()
    document.setDefaultFont(_font(BODY_PX))
    document.setUseDesignMetrics(True)
    document.setDocumentMargin(0)
    document.setDefaultStyleSheet(STYLE)
    nothing = QImage(1, 1, QImage.Format.Format_ARGB32)
    nothing.fill(Qt.GlobalColor.transparent)
    for name in letter.drawings:  # the place is kept free, the drawing itself comes later as a vector
        document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(DRAWING + name), nothing)
    document.setHtml(letter.html)
    document.setPageSize(_room(letter).size())
    return document


def _paint(letter: Letter, device: QPagedPaintDevice) -> bool:
    document = _body(letter)
    pages = document.pageCount()
    total = pages + len(letter.own_pages)
    painter = QPainter()
    if not painter.begin(device):
        return False
    scale = device.logicalDpiX() / DPI
    painter.scale(scale, scale)
    for number in range(total):
        if number:
            device.newPage()
        _frame(painter, letter, number + 1, total)
        if number < pages:
            _text_page(painter, letter, document, number)
        else:
            painter.save()
            letter.own_pages[number - pages](painter, _room(letter))
            painter.restore()
    painter.end()
    return True


def _text_page(painter: QPainter, letter: Letter, document: QTextDocument, number: int) -> None:
    room = _room(letter)
    painter.save()
    painter.translate(room.left(), room.top() - number * room.height())
    shown = QRectF(0, number * room.height(), room.width(), room.height())
    painter.setClipRect(shown)
    context: Any = QAbstractTextDocumentLayout.PaintContext()  # its stub knows no fields
    context.clip = shown
    colours = QPalette()
    colours.setColor(QPalette.ColorRole.Text, QColor(INK))  # paper is white, whatever the screen is
    context.palette = colours
    document.documentLayout().draw(painter, context)
    for name, place in _places(document):
        if name in letter.drawings and shown.intersects(place):
            painter.save()
            letter.drawings[name](painter, place)
            painter.restore()
    painter.restore()


def _places(document: QTextDocument) -> list[tuple[str, QRectF]]:
    """Where each ``<img src="drawing:…">`` stands in the document."""
    found = []
    block = document.begin()
    while block.isValid():
        each = block.begin()
        while not each.atEnd():
            fragment = each.fragment()
            image = fragment.charFormat().toImageFormat()
            if image.isValid() and image.name().startswith(DRAWING):
                size = QSizeF(image.width(), image.height())
                place = _place(document, block, fragment.position() - block.position(), size)
                found.append((image.name().removeprefix(DRAWING), place))
            each += 1
        block = block.next()
    return found


def _place(document: QTextDocument, block: QTextBlock, at: int, size: QSizeF) -> QRectF:
    line = block.layout().lineForTextPosition(at)
    left: Any = line.cursorToX(at)  # a pair, whatever its stub says
    x = left[0] if isinstance(left, tuple) else left
    corner = document.documentLayout().blockBoundingRect(block).topLeft()
    corner.setX(corner.x() + x)
    corner.setY(corner.y() + line.y() + line.ascent() - size.height())
    return QRectF(corner, size)


def _frame(painter: QPainter, letter: Letter, number: int, total: int) -> None:
    """Header, footer, page number, and the word of practice."""
    room = _room(letter)
    painter.save()
    if letter.practice:
        _across(painter, room, _("PRACTICE"))
    painter.setFont(_font(SMALL_PX))
    painter.setPen(QColor(INK))
    if letter.header:
        above = QRectF(room.left(), room.top() - 24, room.width(), 16)
        painter.drawText(above, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, letter.header)
        painter.drawLine(above.bottomLeft(), above.bottomRight())
    below = QRectF(room.left(), room.bottom() + 8, room.width(), 16)
    painter.drawText(below, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, letter.footer)
    painter.drawText(below, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{number} / {total}")
    painter.restore()


def _across(painter: QPainter, room: QRectF, word: str) -> None:
    painter.save()
    painter.translate(room.center())
    painter.rotate(-50)
    font = _font(BODY_PX, 700)
    font.setPixelSize(round(room.width() / max(6, len(word)) * 1.3))
    painter.setFont(font)
    painter.setPen(QColor("#D9D9D9"))
    length = room.width() * 2
    painter.drawText(QRectF(-length / 2, -100, length, 200), Qt.AlignmentFlag.AlignCenter, word)
    painter.restore()
