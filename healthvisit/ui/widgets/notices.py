"""What the page has to say: mistakes to put right, messages with a deed, empty pages that say what next."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from itertools import pairwise
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from healthvisit.ui import theme
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.widgets.layout import FlowLayout, button, horizontal, label, vertical

Kind = Literal["info", "ok", "warn", "danger"]
SIGNS = {
    "info": ("info", "muted"),
    "ok": ("circle-check", "ok"),
    "warn": ("alert", "warn"),
    "danger": ("alert", "danger"),
}


def announce(widget: QWidget) -> None:
    """Let a screen reader say `widget` now."""
    QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.Alert))


Target = QWidget | Callable[[], object]
"""A field, or what brings it on the screen."""


def _go(target: Target) -> None:
    if isinstance(target, QWidget):
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)
    else:
        target()


class ErrorSummary(Retranslated, QFrame):
    """What is still wrong on the page, in the words that stand beside the fields.

    Each line goes to its field, Enter to the first.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_kind(self, "summary")
        self.heading = label(role="heading")
        self._lines = vertical(spacing=4)
        self.setLayout(vertical(self.heading, self._lines, margins=16))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.links: list[QLabel] = []
        self._first: Target | None = None
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        """Say the heading in the language in use."""
        self.heading.setText(_("There is a problem"))
        self.setAccessibleName(_("There is a problem"))

    def show_problems(self, problems: Sequence[tuple[str, Target]]) -> None:
        """List sentences with the field each belongs to, or the way there, and take the keyboard here.

        None hides the summary.
        """
        for old in self.links:
            self._lines.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.links = [self._link(sentence, field) for sentence, field in problems]
        self._first = problems[0][1] if problems else None
        for before, after in pairwise([self, *self.links]):
            QWidget.setTabOrder(before, after)
        self.setAccessibleDescription(" ".join(sentence for sentence, _field in problems))
        self.setVisible(bool(problems))
        if problems:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            announce(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._first is not None:
            _go(self._first)
        else:
            super().keyPressEvent(event)

    def _link(self, sentence: str, field: Target) -> QLabel:
        ink = theme.current().tokens.danger
        made = QLabel(f'<a href="#field" style="color:{ink}">{escape(sentence)}</a>')
        made.setTextFormat(Qt.TextFormat.RichText)
        made.setWordWrap(True)
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByKeyboard | Qt.TextInteractionFlag.LinksAccessibleByMouse
        )
        made.setAccessibleName(sentence)
        made.linkActivated.connect(lambda _href: _go(field))
        self._lines.addWidget(made)
        return made


class Banner(Retranslated, QFrame):
    """A message in the page, with at most one deed; it stays until it is closed or replaced."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind: Kind = "info"
        self._sign = QLabel()
        self._words = label()
        self.deed = button("")
        self.shut = QPushButton()
        self.shut.setAutoDefault(False)
        theme.set_kind(self.shut, "quiet")
        self.shut.clicked.connect(self.clear)
        self._on_deed: Callable[[], object] | None = None
        self.deed.clicked.connect(self._do)
        row = horizontal(self._sign, self._words, self.deed, self.shut, margins=8, spacing=12)
        row.setStretchFactor(self._words, 1)
        row.setContentsMargins(theme.px(12), theme.px(8), theme.px(8), theme.px(8))
        self.setLayout(row)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        """Name the cross in the language in use."""
        self.shut.setIcon(theme.icon("x", "muted"))
        self.shut.setAccessibleName(_("Close"))
        self.shut.setToolTip(_("Close"))

    def say(
        self,
        sentence: str,
        kind: Kind = "info",
        *,
        deed: str = "",
        on_deed: Callable[[], object] | None = None,
        closable: bool = True,
    ) -> None:
        """Show `sentence`; `deed` is the word on the button that calls `on_deed` ("Undo", "Open")."""
        self.kind = kind
        theme.set_kind(self, f"banner-{kind}")
        sign, ink = SIGNS[kind]
        self._sign.setPixmap(theme.pixmap(sign, ink, theme.px(20), self.devicePixelRatioF()))
        self._words.setText(sentence)
        self.setAccessibleName(sentence)
        self.deed.setText(deed)
        self.deed.setVisible(bool(deed))
        self._on_deed = on_deed
        self.shut.setVisible(closable)
        self.show()
        announce(self)

    def text(self) -> str:
        """What is being said; empty when nothing is."""
        return self._words.text()

    def clear(self) -> None:
        """Say nothing."""
        self._words.clear()
        self._on_deed = None
        self.hide()
        self.closed.emit()

    def _do(self) -> None:
        if self._on_deed is not None:
            self._on_deed()


class EmptyState(theme.Restyled, QWidget):
    """A page with nothing on it: says so, says what comes next, offers the ways on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = label(role="heading")
        self._words.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.buttons: list[QPushButton] = []
        self._deeds = FlowLayout(spacing=12)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._words)
        self._column.addLayout(self._deeds)
        self._column.addStretch()
        self.restyle()

    def restyle(self) -> None:
        """Follow the text size; at the left it stands where the page's title begins."""
        self._column.setContentsMargins(0, theme.px(24), 0, theme.px(24))
        self._column.setSpacing(theme.px(16))

    def say(self, sentence: str, deeds: Iterable[tuple[str, Callable[[], object]]] = ()) -> None:
        """Show `sentence`, and a button for each deed; the first is the main one."""
        self._words.setText(sentence)
        for old in self.buttons:
            self._deeds.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.buttons = []
        for text, on_click in deeds:
            made = button(text, on_click, "secondary" if self.buttons else "primary")
            self._deeds.addWidget(made)
            self.buttons.append(made)
