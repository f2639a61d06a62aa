"""Blocks of what was found, with what is missing above them: "check and sign" and a signed visit look alike."""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from healthvisit.ui import theme
from healthvisit.ui.i18n import _
from healthvisit.ui.visit.findings import Findings
from healthvisit.ui.widgets.layout import Card, KeyValue, button, horizontal, label, vertical

TWO_COLUMNS_PX = 900


class FindingsPane(QWidget):
    """Cards, one a person, and the family's; side by side where there is room for two."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[Card] = []
        self._above: list[QWidget] = []
        self._top, self._across = vertical(spacing=12), horizontal(spacing=12)
        self._columns = [vertical(spacing=12), vertical(spacing=12)]
        for column in self._columns:
            self._across.addLayout(column, 1)
        whole = vertical(self._top, self._across, spacing=12)
        whole.addStretch()
        self.setLayout(whole)

    def show_findings(self, blocks: Iterable[Findings], above: Iterable[QWidget] = ()) -> None:
        """Draw these below `above`."""
        for old in (*self._above, *self.cards):
            old.hide()
            old.deleteLater()
        self._above, self.cards = list(above), []
        for block in blocks:
            card = Card(block.title)
            card.body.addWidget(KeyValue(block.rows or [(_("Nothing was recorded."), "")]))
            self.cards.append(card)
        for widget in self._above:
            self._top.addWidget(widget)
            widget.show()  # now: what is not shown yet cannot take the keyboard
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_wide() != (self._columns[1].count() > 0):
            QTimer.singleShot(0, self, self._arrange)  # once this is laid out

    def _is_wide(self) -> bool:
        return self.width() >= theme.px(TWO_COLUMNS_PX) and len(self.cards) > 1

    def _arrange(self) -> None:
        """Each card below the shorter column, so that the first ones stand at the top."""
        heights = [0, 0]
        for card in self.cards:
            at = heights.index(min(heights)) if self._is_wide() else 0
            heights[at] += card.sizeHint().height()
            self._columns[at].addWidget(card, 0, Qt.AlignmentFlag.AlignTop)
            card.show()
        self._across.setStretch(1, 1 if self._is_wide() else 0)
        for column in self._columns:
            column.setAlignment(Qt.AlignmentFlag.AlignTop)

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
