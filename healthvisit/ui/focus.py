"""The keyboard's way: Tab through a window, scrolling to what has it, and the ring around a button that does.

The ring is drawn outside a button with a gap, because inside a primary one it cannot be seen (1.6:1).
"""

from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QWidget,
)
from shiboken6 import isValid

from healthvisit.ui import theme

GAP, LINE, ROUND = 2, 2, 8
MOVED = {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide}


def tab_on(window: QWidget, *, forward: bool) -> bool:
    """Give the keyboard to the next control of a window in the order of Tab; False where there is no other.

    Qt's own walk takes a page that hands its keyboard to one of its controls for that control: from the last control of
    the page it comes back there, and what stands before it on the page is never reached.
    """
    begun: QWidget = window.focusWidget() or window
    now: QWidget | None = begun
    while now is not None:
        now = now.nextInFocusChain() if forward else now.previousInFocusChain()
        if now is None or now is begun:
            break
        if _takes_tab(now, window):
            now.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
            return True
    return False


def _takes_tab(widget: QWidget, window: QWidget) -> bool:
    return (
        bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget.focusProxy() is None
        and widget.isEnabled()
        and widget.isVisibleTo(window)
        and widget.window() is window
    )


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
            around = _around(now)
            if around is not None:
                self._ring = _Ring(now, around)


class InSight(QObject):
    """Scrolls a page to whatever of it has the keyboard."""

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow)

    def _follow(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._page.isAncestorOf(now):
            QTimer.singleShot(0, self, partial(_show_in_area, now))  # once the page has its new shape


def _show_in_area(widget: QWidget) -> None:
    """Scroll to a widget; it may be gone by now."""
    above = widget.parentWidget() if isValid(widget) else None
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget, 24, 60)
            return
        above = above.parentWidget()


def _around(button: QWidget) -> QWidget | None:
    """The nearest widget above a button with room for its ring that scrolls together with it."""
    around = button.parentWidget()
    while around is not None and not around.isWindow():
        above = around.parentWidget()
        scrolls = above is not None and isinstance(above.parentWidget(), QAbstractScrollArea)
        if scrolls or around.rect().contains(_wanted(button, around)):
            break
        around = above
    # a splitter makes a pane of any child, a stack a page
    return None if isinstance(around, QSplitter | QStackedWidget) else around


def _wanted(button: QWidget, around: QWidget) -> QRect:
    out = GAP + LINE
    return QRect(button.mapTo(around, QPoint(0, 0)), button.size()).adjusted(-out, -out, out, out)


class _Ring(QWidget):
    def __init__(self, button: QAbstractButton, around: QWidget) -> None:
        super().__init__(around)
        self._button, self._around = button, around
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._chain: list[QWidget] = [button]  # whichever of these moves takes the button along
        while (above := self._chain[-1].parentWidget()) is not None and above is not around:
            self._chain.append(above)
        for moving in self._chain:
            moving.installEventFilter(self)
        self._place()

    def end(self) -> None:
        """Go, and do not come back when the button is shown again before this is deleted."""
        for moving in filter(isValid, self._chain):
            moving.removeEventFilter(self)
        self.hide()
        self.deleteLater()

    def _place(self) -> None:
        self.setGeometry(_wanted(self._button, self._around) & self._around.rect())
        self.setVisible(self._button.isVisible())
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in MOVED and isValid(self) and isValid(self._button) and watched in self._chain:
            self._place()
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("focus"), LINE))
        edge = LINE / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), ROUND, ROUND)
        painter.end()
