"""The focus ring: drawn outside a button with a gap, because inside a primary one it cannot be seen (1.6:1)."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QSplitter, QWidget
from shiboken6 import isValid

from healthvisit.ui import theme

GAP, LINE, ROUND = 2, 2, 8
MOVED = {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide}


class FocusRing(QObject):
    """Puts a ring around whichever button has the keyboard. Fields and lists draw their own edge."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._ring: _Ring | None = None
        app.focusChanged.connect(self._follow_focus)

    @staticmethod
    def follow(app: QApplication) -> None:
        """Start once for `app`."""
        if app.findChild(FocusRing) is None:
            FocusRing(app)

    def _follow_focus(self, _old: QWidget | None, now: QWidget | None) -> None:
        ring, self._ring = self._ring, None
        if ring is not None and isValid(ring):
            ring.end()
        if isinstance(now, QAbstractButton):
            around = now.parentWidget()
            if around is not None and not isinstance(around, QSplitter):  # a splitter makes a pane of any child
                self._ring = _Ring(now, around)


class _Ring(QWidget):
    def __init__(self, button: QAbstractButton, around: QWidget) -> None:
        super().__init__(around)
        self._button, self._around = button, around
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.installEventFilter(self)
        self._place()

    def end(self) -> None:
        """Go, and do not come back when the button is shown again before this is deleted."""
        if isValid(self._button):
            self._button.removeEventFilter(self)
        self.hide()
        self.deleteLater()

    def _place(self) -> None:
        out = GAP + LINE
        wanted = self._button.geometry().adjusted(-out, -out, out, out)
        self.setGeometry(wanted & self._around.rect())
        self.setVisible(self._button.isVisible())
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in MOVED and isValid(self) and watched is self._button:
            self._place()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("focus"), LINE))
        edge = LINE / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), ROUND, ROUND)
        painter.end()
