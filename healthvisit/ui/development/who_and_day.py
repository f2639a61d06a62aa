"""Whose page of development it is, and the day that what is asked is of."""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from healthvisit.ui import theme
from healthvisit.ui.widgets.fields import DateField
from healthvisit.ui.widgets.layout import horizontal, label, vertical


class WhoAndDay(QWidget):
    """Name and facts at the left with what else is said of them below, the day at the right."""

    def __init__(self, latest: date, *below: QLabel) -> None:
        super().__init__()
        self.name, self.facts = label(role="heading"), label(role="muted")
        self.day = DateField("", latest=latest)
        who = vertical(self.name, self.facts, *below, spacing=2)
        who.addStretch()
        row = horizontal(who, self.day, spacing=16)
        row.setStretch(0, 1)
        row.setAlignment(self.day, Qt.AlignmentFlag.AlignTop)
        row.setContentsMargins(theme.px(24), theme.px(4), theme.px(16), 0)
        self.setLayout(row)
