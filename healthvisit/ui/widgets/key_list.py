"""The list of keys that F1 shows."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QLabel, QWidget

from healthvisit.ui import theme
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.shortcuts import COMMANDS, ON_PAGES, PAGES, Key, sequence
from healthvisit.ui.widgets.layout import button, horizontal, label, scrolled, vertical

HEIGHT_PX, WIDTH_PX = 500, 640


class KeyList(Retranslated, QDialog):
    """Every key and what it does, beside the page's own help text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("healthvisit")
        self.heading = label(role="title")
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        self._grid.setContentsMargins(0, 0, theme.px(12), 0)
        self._grid.setHorizontalSpacing(theme.px(16))
        self._grid.setVerticalSpacing(theme.px(6))
        self._words: list[tuple[QLabel, QLabel, Key]] = []
        for at, key in enumerate((*PAGES, *COMMANDS, *ON_PAGES)):
            name, words = label(role="chip", wrap=False), label()
            self._grid.addWidget(name, at, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(words, at, 1)
            self._words.append((name, words, key))
        inside = QWidget()
        inside.setLayout(self._grid)
        self.close_it = button("", self.accept)
        foot = horizontal()
        foot.addStretch()
        foot.addWidget(self.close_it)
        body = vertical(self.heading, scrolled(inside), margins=16, spacing=12)
        body.addLayout(foot)
        self.setLayout(body)
        self.resize(theme.px(WIDTH_PX), min(theme.px(HEIGHT_PX), 520))
        self.retranslate()

    def retranslate(self) -> None:
        """Say the list in the language in use."""
        self.heading.setText(_("Keys"))
        self.close_it.setText(_("Close"))
        for name, words, key in self._words:
            shown = [sequence(text).toString(QKeySequence.SequenceFormat.NativeText) for text in key.keys]
            if key.command == "hide":
                shown.append("Esc Esc")
            name.setText("  ".join(shown))
            words.setText(_(key.words))
