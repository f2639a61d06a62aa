"""What a check comes to: the result in words, every reason, what follows, ideas for the family. Never a verdict."""

from collections.abc import Iterable

from PySide6.QtWidgets import QVBoxLayout, QWidget

from healthvisit.ui import theme
from healthvisit.ui.widgets.layout import Card, label
from healthvisit.ui.words import Tone

Block = tuple[str, Iterable[str]]


class ResultPanel(Card):
    """A word with its colour, then blocks of a small heading and lines."""

    def __init__(self) -> None:
        super().__init__()
        self.name, self.notice = label(role="heading"), label(role="muted")
        self._blocks = QWidget()
        self._lines = QVBoxLayout(self._blocks)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(theme.px(4))
        for part in (self.name, self._blocks, self.notice):
            self.body.addWidget(part)
        self.body.addStretch()

    def show_words(self, name: str, tone: Tone, blocks: Iterable[Block], notice: str) -> None:
        """Draw it."""
        theme.set_role(self.name, f"result-{tone}")
        self.name.setText(name)
        self.notice.setText(notice)
        while self._lines.count():
            old = self._lines.takeAt(0).widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for heading, lines in blocks:
            held = [line for line in lines if line]
            if held:
                if heading:
                    head = label(heading, "small")
                    head.setContentsMargins(0, theme.px(6), 0, 0)
                    self._lines.addWidget(head)
                for line in held:
                    self._lines.addWidget(label(line))

    def words(self) -> str:
        """Everything that stands there, for tests and a screen reader."""
        found = (self._lines.itemAt(at).widget() for at in range(self._lines.count()))
        texts = [w.text() for w in found if w is not None and hasattr(w, "text")]
        return "\n".join([self.name.text(), *texts, self.notice.text()])
