"""One thing to decide: what, whom it concerns, the values or the reason, and its deeds."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QPushButton, QWidget

from healthvisit.packs.pack import Pack
from healthvisit.services.attention import BOTH, AttentionCard, FieldConflict, Value
from healthvisit.ui.dates import day_clock
from healthvisit.ui.i18n import _
from healthvisit.ui.messages import said
from healthvisit.ui.sync.words import field_words, subject_words, value_words
from healthvisit.ui.widgets.layout import FlowLayout, KeyValue, button, label, rule, vertical

Decide = Callable[[AttentionCard, str, str], object]
Open = Callable[[AttentionCard], object]


class DecisionCard(QWidget):
    """A conflict with both values, or a refusal with its reason. Sensitive values stand behind their own button."""

    def __init__(self, card: AttentionCard, pack: Pack, decide: Decide, open_it: Open, *, today: date) -> None:
        super().__init__()
        self._today = today
        self.buttons: list[QPushButton] = []
        self._inside = QWidget()
        self._body = vertical(spacing=8)
        self._inside.setLayout(self._body)
        if card.conflicts:
            for conflict in card.conflicts:
                self._add_conflict(card, conflict, pack, decide)
        else:
            self._body.addWidget(label(said(card.code)))
            if card.visit or card.household:
                self._add_deeds([(_("Open and correct"), partial(open_it, card))])
        self.heading = label(subject_words(card, today), "strong")
        self.show_it = button("", self._reveal)
        self.show_it.setText(_("Show what differs"))
        hidden = card.is_sensitive and bool(card.conflicts)
        self._is_sensitive = hidden
        row = FlowLayout()
        row.addWidget(self.show_it)
        self.setLayout(vertical(self.heading, row, self._inside, rule(), spacing=8))
        (self._inside if hidden else self.show_it).hide()
        self.setAccessibleName(self.heading.text())

    @property
    def first(self) -> QPushButton | None:
        """Where the keyboard goes."""
        return self.show_it if not self.show_it.isHidden() else next(iter(self.buttons), None)

    def _add_conflict(self, card: AttentionCard, conflict: FieldConflict, pack: Pack, decide: Decide) -> None:
        said_of = field_words(conflict.name)
        self._body.addWidget(label(_("{field}: two answers. Which one is right?").format(field=said_of)))
        facts = KeyValue([(_whose(value), self._with_day(value, conflict.name, pack)) for value in conflict.values])
        self._body.addWidget(facts)
        deeds = [
            (_deed(value, len(conflict.values), value_words(conflict.name, value.value, pack)),
             partial(decide, card, conflict.name, value.choice))
            for value in sorted(conflict.values, key=lambda value: not value.is_mine)
        ]  # fmt: skip
        if conflict.may_keep_both:
            deeds.append((_("Keep both"), partial(decide, card, conflict.name, BOTH)))
        self._add_deeds(deeds, about=said_of)

    def _with_day(self, value: Value, name: str, pack: Pack) -> str:
        words = value_words(name, value.value, pack)
        return f"{words} ({day_clock(value.at, self._today)})" if value.at else words

    def _add_deeds(self, deeds: Sequence[tuple[str, Callable[[], object]]], about: str = "") -> None:
        row = FlowLayout()
        for text, deed in deeds:
            made = button(text, deed)
            made.setAccessibleDescription(about)
            row.addWidget(made)
            self.buttons.append(made)
        self._body.addLayout(row)

    def _reveal(self) -> None:
        self._inside.show()
        self.show_it.hide()
        if self.buttons:
            self.buttons[0].setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        """What was opened closes when the page is left."""
        super().hideEvent(event)
        if self._is_sensitive:
            self._inside.hide()
            self.show_it.show()


def _whose(value: Value) -> str:
    return _("Yours") if value.is_mine else _("The office's")


def _deed(value: Value, count: int, words: str) -> str:
    if count > 2:  # noqa: PLR2004 - more than two sides: each button says its value
        return _("Keep “{value}”").format(value=words)
    return _("Keep mine") if value.is_mine else _("Take theirs")
