"""Blocks of what was found, with what is missing above them: "check and sign" and a signed visit look alike."""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from healthvisit.ui import theme
from healthvisit.ui.i18n import _
from healthvisit.ui.visit.findings import Findings
from healthvisit.ui.widgets.layout import Card, KeyValue, button, label, vertical


class FindingsPane(QWidget):
    """Cards, one a person, and the family's."""

    def __init__(self) -> None:
        super().__init__()
        self._column = vertical(spacing=12)
        self._above: list[QWidget] = []
        self.setLayout(self._column)

    def show_findings(self, blocks: Iterable[Findings], above: Iterable[QWidget] = ()) -> None:
        """Draw these below `above`."""
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._above = list(above)
        for widget in self._above:
            self._column.addWidget(widget)
        for block in blocks:
            card = Card(block.title)
            card.body.addWidget(KeyValue(block.rows or [(_("Nothing was recorded."), "")]))
            self._column.addWidget(card)
        for at in range(self._column.count()):
            self._column.itemAt(at).widget().show()  # now: what is not shown yet cannot take the keyboard
        self._column.addStretch()

    def first_line(self) -> QWidget | None:
        """The first way to what keeps the visit from being signed; None when nothing does."""
        return next((made for card in self._above for made in card.findChildren(QPushButton)), None)

    def text(self) -> str:
        """Everything said, for tests and screen readers."""
        return "\n".join(found.text() for found in self.findChildren(QLabel) if found.isVisibleTo(self))


def missing_card(missing: Iterable[tuple[str, str]], pick: Callable[[str], object]) -> QWidget:
    """What still needs an answer, each line a way to its section."""
    card = Card(_("Still missing"))
    theme.set_kind(card, "summary")
    for key, said in missing:
        line = button(said, partial(pick, key), "link")
        line.setAccessibleName(said)
        card.body.addWidget(line)
    return card


def danger_card(names: str, refer: Callable[[], object]) -> QWidget:
    """A danger sign that nobody was referred for yet."""
    card = Card(_("Danger sign without a referral"))
    theme.set_kind(card, "summary")
    card.body.addWidget(label(_("{name}: a visit with a danger sign is signed with its referral.").format(name=names)))
    made = button(_("Danger now"), refer, "danger")
    card.body.addWidget(made)
    return card
