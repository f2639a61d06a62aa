"""What came of a child sent to a doctor: asked above the form's own questions until somebody says that one saw it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from healthvisit.ui import theme
from healthvisit.ui.i18n import _
from healthvisit.ui.visit.development_section import FollowQuestion
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.layout import vertical

GAP_PX = 6  # with the column's own it stands as far from the form's questions as these from one another


class FollowPane(QWidget):
    """A group of answers for each; `answered` carries path and answer."""

    answered = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.groups: dict[str, ChoiceGroup] = {}
        self._column = vertical(spacing=14)
        self._column.setContentsMargins(0, 0, 0, theme.px(GAP_PX))
        self.setLayout(self._column)
        self.hide()

    def show_questions(self, asked: Sequence[FollowQuestion]) -> None:
        """Ask these; a group that stays keeps the keyboard."""
        for path in [p for p in self.groups if p not in {a.path for a in asked}]:
            gone = self.groups.pop(path)
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for one in asked:
            self._group(one)
        self.setVisible(bool(asked))

    def _group(self, one: FollowQuestion) -> None:
        choices = [Choice("yes", _("A doctor has seen the child")), Choice("no", _("Not yet"))]
        group = self.groups.get(one.path)
        if group is None or [made.text() for made in group.buttons.values()] != [c.text for c in choices]:
            if group is not None:
                self._column.removeWidget(group)
                group.hide()
                group.deleteLater()
            group = self.groups[one.path] = ChoiceGroup(one.text, choices)
            theme.set_role(group.label, "strong")
            group.changed.connect(lambda path=one.path: self._answer(path))
            self._column.addWidget(group)
            group.show()  # what is not shown yet cannot take the keyboard
        group.label.setText(one.text)
        group.choose(*([one.value] if one.value else []))

    def _answer(self, path: str) -> None:
        group = self.groups[path]
        group.set_error("")
        self.answered.emit(path, group.key() or "")

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """Say what is wrong beside each."""
        for path, group in self.groups.items():
            group.set_error(errors.get(path, ""))

    def focus_open(self) -> bool:
        """Give the keyboard to the first without an answer; tells whether there was one."""
        group = next((g for g in self.groups.values() if g.key() is None), None)
        if group is not None:
            group.setFocus(Qt.FocusReason.OtherFocusReason)
        return group is not None
