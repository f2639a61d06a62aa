"""The cover over everything while the program is locked: nothing behind it can be seen, read aloud or reached."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from healthvisit.ui import theme
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.widgets.fields import PassphraseField
from healthvisit.ui.widgets.layout import Card, button, horizontal, label

CARD_PX = 440


class Cover(Retranslated, QWidget):
    """Asks for the passphrase. `unlock_tried` carries what was typed; `show_wrong` answers, or it is hidden."""

    unlock_tried = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.practice_phrase = ""  # practice protects nothing: its words are said
        self.passphrase = PassphraseField("")
        self.unlock = button("", self._try, "primary")
        self.worker = label(role="muted")
        self._card = Card(" ")
        self._card.setMaximumWidth(theme.px(CARD_PX))
        self._card.body.setSpacing(theme.px(14))
        self._card.body.addWidget(self.worker)
        self._card.body.addWidget(self.passphrase)
        deeds = horizontal()
        deeds.addStretch()
        deeds.addWidget(self.unlock)
        self._card.body.addLayout(deeds)
        middle = horizontal()
        middle.addStretch(1)
        middle.addWidget(self._card, 1000)
        middle.addStretch(1)
        column = QVBoxLayout(self)
        column.addStretch(2)
        column.addLayout(middle)
        column.addStretch(3)
        self.passphrase.entered.connect(self._try)
        self.retranslate()
        self.hide()

    def retranslate(self) -> None:
        """Say it in the language in use."""
        self._card.set_heading(_("Locked"))
        self.passphrase.set_label(_("Passphrase"))
        self.unlock.setText(_("Unlock"))
        self.setAccessibleName(_("Locked"))
        if self.practice_phrase:
            self.passphrase.set_lasting_hint(_("Practice passphrase: {words}").format(words=self.practice_phrase))

    def ask(self, worker: str = "") -> None:
        """Cover the window and ask; `worker` is the short label of who locked it."""
        self.worker.setText(worker)
        self.worker.setVisible(bool(worker))
        self.passphrase.clear()
        self.passphrase.set_error("")
        self.set_busy(busy=False)
        self.setGeometry(self.window().rect())
        self.show()
        self.raise_()
        self.passphrase.editor.setFocus()

    def show_wrong(self, sentence: str) -> None:
        """Say why it did not open, and let her type again."""
        self.set_busy(busy=False)
        self.passphrase.set_error(sentence)
        self.passphrase.editor.setFocus()

    def set_busy(self, *, busy: bool) -> None:
        """While the key is being made nothing can be pressed twice."""
        self.unlock.setEnabled(not busy)
        self.passphrase.setEnabled(not busy)

    def _try(self, _typed: str = "") -> None:
        self.unlock_tried.emit(self.passphrase.text())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("bg"))
        painter.end()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab stays on the cover."""
        stops = [self.passphrase.editor, self.passphrase.show_it, self.unlock]
        now = self.window().focusWidget()
        at = stops.index(now) if now in stops else 0
        stops[(at + (1 if next else -1)) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)
        return True
