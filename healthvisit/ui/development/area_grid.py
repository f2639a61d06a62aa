"""Scores and standings by area of a tool that others scored: a row an area."""

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QWidget

from healthvisit.packs.instruments import Tool
from healthvisit.ui import theme
from healthvisit.ui.dates import number
from healthvisit.ui.development import words
from healthvisit.ui.widgets.fields import NumberField
from healthvisit.ui.widgets.layout import label


class AreaGrid(QWidget):
    """The rows; `edited` after each key and choice."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.areas: dict[str, tuple[NumberField, QComboBox]] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnMinimumWidth(0, theme.px(220))
        self._grid.setColumnStretch(3, 1)
        self._grid.setHorizontalSpacing(theme.px(12))

    def show_tool(self, tool: Tool | None, typed: Callable[[str], str]) -> None:
        """Ask for the areas of a tool, filled with what was typed under ``score AREA`` and ``said AREA``."""
        while self._grid.count():
            old = self._grid.takeAt(0).widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self.areas = {}
        for at, area in enumerate(tool.areas if tool else ()):
            name = words.own(area.name)
            bounds = f"{number(area.low)}–{number(area.high)}" if area.low is not None and area.high is not None else ""
            score, said = NumberField("", unit=bounds), QComboBox()
            score.editor.setAccessibleName(name)
            said.setAccessibleName(name)
            said.addItem("–", "")
            for status in tool.statuses if tool else ():
                said.addItem(words.own(status.name), status.code)
            score.set_text(as_typed(typed(f"score {area.code}")))
            said.setCurrentIndex(max(0, said.findData(typed(f"said {area.code}"))))
            score.edited.connect(lambda _text: self.edited.emit())
            said.activated.connect(lambda _at: self.edited.emit())
            for column, widget in enumerate((label(name), score, said)):
                self._grid.addWidget(widget, at, column)
            self.areas[area.code] = (score, said)
        self.setVisible(bool(self.areas))

    def typed(self) -> dict[str, str]:
        """What stands in the rows, as typed."""
        scores = {f"score {code}": score.text() for code, (score, _said) in self.areas.items()}
        return scores | {f"said {code}": said.currentData() or "" for code, (_score, said) in self.areas.items()}

    def standings(self) -> dict[str, str]:
        """Area to the standing chosen, where one is."""
        return {code: said.currentData() for code, (_score, said) in self.areas.items() if said.currentData()}


def as_typed(kept: str) -> str:
    """A number of a record as one types it; what was typed stays as it was."""
    try:
        return number(Decimal(kept)) if "." in kept else kept
    except ArithmeticError:
        return kept
