"""How the program looks: typeface, palette, style sheet, icons, sizes; switched while it runs."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QGridLayout, QLayout, QWidget

from healthvisit.settings import resource
from healthvisit.ui.stylesheet import sheet
from healthvisit.ui.tokens import DARK, LIGHT, Tokens

if TYPE_CHECKING:
    _Widget = QWidget
else:
    _Widget = object

FAMILY = "Inter HV"
TEXT_PERCENTS = (100, 115, 130)
BODY_PX = 15
ICON_SIZES = (16, 20, 24, 32, 48)
_PROPERTY = "healthvisit_theme"


@dataclass(frozen=True, slots=True)
class Theme:
    """Light or dark, and the size of text in percent (100, 115 or 130)."""

    dark: bool = False
    text_percent: int = 100

    def __post_init__(self) -> None:
        if self.text_percent not in TEXT_PERCENTS:
            raise ValueError(f"text_percent must be one of {TEXT_PERCENTS}")

    @property
    def tokens(self) -> Tokens:
        return DARK if self.dark else LIGHT

    def px(self, size: int) -> int:
        """`size`, thought of at 100 %, in this theme's pixels."""
        return round(size * self.text_percent / 100)


def load_fonts() -> None:
    """Make the program's own typeface known to Qt; again is harmless.

    Raises:
        FileNotFoundError: A weight is missing or cannot be read: the installation is damaged.
    """
    if FAMILY in QFontDatabase.families():
        return
    files = sorted(resource("fonts").glob("*.otf"))
    if not files or any(QFontDatabase.addApplicationFont(str(file)) < 0 for file in files):
        raise FileNotFoundError("resources/fonts")
    QFont.insertSubstitution("Inter", FAMILY)


def font(size: int = BODY_PX, weight: int = 400, *, theme: Theme | None = None) -> QFont:
    """The typeface in `size` px (as thought of at 100 %) and `weight` 400, 500, 600 or 700."""
    made = QFont(FAMILY)
    made.setPixelSize((theme or current()).px(size))
    made.setWeight(QFont.Weight(weight))
    return made


def apply(app: QApplication, theme: Theme) -> None:
    """Give the whole program this look; widgets that size or paint themselves follow in `restyle`."""
    load_fonts()
    _stretch_gaps(current().text_percent, theme.text_percent)
    app.setProperty(_PROPERTY, theme)
    if app.style().objectName() != "fusion" and not app.styleSheet():
        app.setStyle("Fusion")
    app.setPalette(palette(theme.tokens))
    app.setFont(font(theme=theme))
    mode = "dark" if theme.dark else "light"
    app.setStyleSheet(sheet(theme.tokens, mode=mode, percent=theme.text_percent, icons=resource("icons")))


def _stretch_gaps(before: int, after: int) -> None:
    """What stands on a page already keeps its edges in line with what sizes itself in `restyle`."""
    if before == after:
        return
    for widget in QApplication.allWidgets():
        for layout in widget.findChildren(QLayout, options=Qt.FindChildOption.FindDirectChildrenOnly):
            _stretch(layout, before, after)


def _stretch(layout: QLayout, before: int, after: int) -> None:
    """A layout and those inside it; a gap that the style chooses (below 0) stays the style's."""
    edges = layout.contentsMargins()
    layout.setContentsMargins(
        *(round(edge * after / before) for edge in (edges.left(), edges.top(), edges.right(), edges.bottom()))
    )
    if isinstance(layout, QGridLayout):
        layout.setHorizontalSpacing(round(layout.horizontalSpacing() * after / before))
        layout.setVerticalSpacing(round(layout.verticalSpacing() * after / before))
    elif layout.spacing() > 0:
        layout.setSpacing(round(layout.spacing() * after / before))
    for inner in layout.findChildren(QLayout, options=Qt.FindChildOption.FindDirectChildrenOnly):
        _stretch(inner, before, after)


def current() -> Theme:
    """The look in use; the plain light one before `apply`."""
    app = QApplication.instance()
    found = app.property(_PROPERTY) if app else None
    return found if isinstance(found, Theme) else Theme()


def px(size: int) -> int:
    """`size`, thought of at 100 %, in the pixels of the look in use."""
    return current().px(size)


def colour(name: str) -> QColor:
    """The token `name` of the look in use."""
    return QColor(getattr(current().tokens, name))


def palette(tokens: Tokens) -> QPalette:
    """Colours of what no style sheet reaches: dialogs, placeholders, selections, links."""
    role = QPalette.ColorRole
    made = QPalette()
    for what, name in (
        (role.Window, "bg"),
        (role.WindowText, "text"),
        (role.Base, "surface"),
        (role.AlternateBase, "bg"),
        (role.Text, "text"),
        (role.Button, "surface"),
        (role.ButtonText, "text"),
        (role.BrightText, "danger"),
        (role.ToolTipBase, "surface"),
        (role.ToolTipText, "text"),
        (role.PlaceholderText, "muted"),
        (role.Highlight, "primary"),
        (role.HighlightedText, "on_primary"),
        (role.Accent, "primary"),
        (role.Link, "primary"),
        (role.LinkVisited, "primary"),
        (role.Light, "surface"),
        (role.Midlight, "sunken"),
        (role.Mid, "line"),
        (role.Dark, "control"),
        (role.Shadow, "text"),
    ):
        made.setColor(what, QColor(getattr(tokens, name)))
    for what in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, what, QColor(tokens.muted))
    return made


def set_kind(widget: QWidget, kind: str) -> None:
    """Say what `widget` is (primary, secondary, danger, quiet, card …) and dress it again."""
    _set(widget, "kind", kind)


def set_role(label: QWidget, role: str) -> None:
    """Say what a text is for (title, heading, strong, muted, small, error, ok, warn, chip-…) and dress it again."""
    _set(label, "role", role)


def set_wrong(widget: QWidget, *, wrong: bool) -> None:
    """Give a field the edge of one that holds a mistake, or take it away."""
    _set(widget, "wrong", "true" if wrong else "false")


def _set(widget: QWidget, name: str, value: str) -> None:
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)  # Qt does not look at a changed property by itself
    widget.style().polish(widget)
    QWidget.update(widget)  # views have another `update`


@lru_cache
def _drawing(name: str) -> str:
    return (resource("icons") / f"{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, colour_name: str, size: int, ratio: float = 1.0) -> QPixmap:
    """The icon `name` in a token's colour (or ``#RRGGBB``), `size` px square, sharp at device pixel `ratio`."""
    ink = colour_name if colour_name.startswith("#") else getattr(current().tokens, colour_name)
    renderer = QSvgRenderer(QByteArray(_drawing(name).replace("currentColor", ink).encode()))
    side = round(size * ratio)
    made = QPixmap(side, side)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def icon(name: str, colour_name: str = "text") -> QIcon:
    """The icon `name` in a token's colour, drawn for every size in use."""
    made = QIcon()
    for size in ICON_SIZES:
        made.addPixmap(pixmap(name, colour_name, size))
    return made


class Restyled(_Widget):
    """Mixin, left of the Qt class: `restyle` runs again when the look changes; call it once yourself when built."""

    def restyle(self) -> None:
        """Set sizes, icons and fonts that no style sheet sets."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.restyle()
