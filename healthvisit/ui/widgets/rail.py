"""The rail at the left: the places to go, the worker's short label and Lock at its foot."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from healthvisit.ui import theme
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.widgets.layout import ElidedLabel

WIDE_PX, SLIM_PX = 176, 56


class RailButton(Retranslated, theme.Restyled, QPushButton):
    """A place: icon and word, or the icon alone; a number or a dot beside it."""

    def __init__(self, text: str, icon: str, *, checkable: bool = True) -> None:
        super().__init__()
        self._text, self._icon_name = text, icon
        self._slim = False
        self.badge, self.needs_attention, self.note = "", False, ""
        self.setCheckable(checkable)
        self.setAutoDefault(False)
        self.toggled.connect(self._tint)
        self.set_slim(slim=False)
        self.restyle()

    def restyle(self) -> None:
        """Follow text size and colours."""
        self._tint(self.isChecked())

    def retranslate(self) -> None:
        """Say the name in the language in use."""
        name = _(self._text)
        self.setText("" if self._slim else f" {name}")  # Qt leaves too little between icon and word
        self.setAccessibleName(name)
        said = ", ".join(part for part in (name if self._slim else "", self.note, self.badge) if part)
        self.setToolTip(said)
        self.setAccessibleDescription(", ".join(part for part in (self.note, self.badge) if part))

    def set_slim(self, *, slim: bool) -> None:
        self._slim = slim
        theme.set_kind(self, "rail-narrow" if slim else "rail")
        self.retranslate()

    def set_badge(self, badge: str, *, needs_attention: bool = False, note: str = "") -> None:
        self.badge, self.needs_attention, self.note = badge, needs_attention, note
        self.retranslate()
        self.update()

    def _tint(self, checked: bool) -> None:
        self.setIcon(theme.icon(self._icon_name, "primary" if checked else "muted"))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.badge and not self.needs_attention:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = theme.font(11 if self._slim else 13, 600)
        painter.setFont(font)
        height = theme.px(16 if self._slim else 20)
        width = max(height, painter.fontMetrics().horizontalAdvance(self.badge) + theme.px(10))
        top = theme.px(4) if self._slim else (self.height() - height) // 2
        box = QRect(self.width() - width - theme.px(4 if self._slim else 12), top, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("danger" if self.needs_attention else "primary"))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(theme.colour("on_danger" if self.needs_attention else "on_primary"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), self.badge or "!")
        painter.end()


class Rail(QFrame):
    """The places in order; `picked` names one."""

    picked = Signal(str)
    lock_asked = Signal()

    def __init__(self, *, practice: bool, lock_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_kind(self, "rail-practice" if practice else "rail")
        self.buttons: dict[str, RailButton] = {}
        self._slim = False
        self.worker = ElidedLabel(role="small")
        self.worker.setContentsMargins(theme.px(16), 0, theme.px(8), 0)
        self.lock = RailButton(lock_text, "lock", checkable=False)
        self.lock.clicked.connect(self.lock_asked)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, theme.px(8), 1, theme.px(8))
        self._column.setSpacing(theme.px(4))
        self._column.addStretch()
        self._column.addWidget(self.worker)
        self._column.addWidget(self.lock)

    def add(self, name: str, text: str, icon: str) -> None:
        """Add a place at the end."""
        made = RailButton(text, icon)
        made.setAutoExclusive(True)
        made.set_slim(slim=self._slim)
        made.clicked.connect(lambda _checked=False, name=name: self.picked.emit(name))
        self._column.insertWidget(len(self.buttons), made)
        self.buttons[name] = made

    def set_slim(self, *, slim: bool) -> None:
        """Icons alone, or icons and words."""
        self._slim = slim
        self.setFixedWidth(theme.px(SLIM_PX if slim else WIDE_PX))
        self.worker.setVisible(not slim)
        for place in (*self.buttons.values(), self.lock):
            place.set_slim(slim=slim)
