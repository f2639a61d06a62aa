"""One or several of a list, as large targets."""

import re

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import QLayout, QWidget

from healthvisit.forms.views import Question
from healthvisit.ui.form.kinds.base import ENTER, PLAIN, PLAIN_KEYS, Framed, Ground
from healthvisit.ui.form.markup import plain
from healthvisit.ui.widgets.choices import Choice, ChoiceGroup
from healthvisit.ui.widgets.columns import ColumnsLayout

BACK = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
PICTURE_PX = 140
COLUMNS = re.compile(r"\bcolumns(?:-(\d))?\b|\b(?:compact|quickcompact|horizontal)-(\d)\b")


class ChoiceQuestion(Framed):
    """A digit chooses, Enter goes on, Delete takes the answer back."""

    def __init__(self, question: Question, ground: Ground = PLAIN) -> None:
        below = bool({"list", "vertical"} & set(question.appearance.split()))
        many = question.kind == "select_multiple"
        self.group = ChoiceGroup("", many=many, zero=True, below=below, layout=_layout(question))
        self.group.changed.connect(self._choose)
        self.group.zeroed.connect(self._zero)
        super().__init__(question, ground, self.group)
        self.group.installEventFilter(self)
        self.setFocusProxy(self.group)
        self._words: tuple[object, ...] = ()
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        self.group.label.setText(plain(question.label))  # heard with each answer, shown by the head
        self.group.label.hide()
        offered = (tuple(question.choices), question.pictures)
        if offered != self._words:
            self._words = offered
            self.group.set_choices(
                Choice(key, plain(text), self._picture(question, key)) for key, text in question.choices
            )
        chosen = question.value.split() if question.kind == "select_multiple" else [question.value]
        if list(self.group.keys()) != [key for key, _text in question.choices if key in chosen]:
            self.group.choose(*chosen)

    def controls(self) -> list[QWidget]:
        return [self.group]

    def stop(self) -> QWidget:
        chosen = self.group.key()
        return self.group.buttons[chosen] if chosen else self.group.focusProxy() or self.group

    def stops(self) -> list[QWidget]:
        return list(self.group.buttons.values())

    def _picture(self, question: Question, key: str) -> QPixmap | None:
        address = question.pictures.get(key, "")
        return self.ground.picture(address, PICTURE_PX) if address else None

    def _choose(self) -> None:
        self._say(" ".join(self.group.keys()))
        if self.question.kind == "select_one" and "quick" in self.question.appearance:
            self.moved_on.emit(self.path)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter goes on to the next question, not to the next of many answers."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.modifiers() in PLAIN_KEYS:
            last = next(reversed(self.group.buttons.values()), None)
            if event.key() in ENTER and last is not None:
                last.setFocus(Qt.FocusReason.TabFocusReason)
                last.focusNextChild()
                return True
            if event.key() in BACK and self.group.keys():
                self.group.choose()
                self._say("")
                return True
        return super().eventFilter(watched, event)

    def _zero(self) -> None:
        if any(key == "none" for key in self.group.buttons):
            self.group.choose("none")
            self._choose()
        else:
            self.zeroed.emit()


def _layout(question: Question) -> QLayout | None:
    """Columns where the form asks for them, or where choices are pictures; a scale stands in one row."""
    looks = question.appearance
    if "likert" in looks.split():
        return ColumnsLayout(max(1, len(question.choices)))
    if found := COLUMNS.search(looks):
        return ColumnsLayout(int(found[1] or found[2] or 0))
    return ColumnsLayout() if question.pictures else None
