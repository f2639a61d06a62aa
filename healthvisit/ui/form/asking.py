"""What every page of questions does: keeps its widgets by path, says mistakes, knows where the keyboard is."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from healthvisit.forms.views import Question
from healthvisit.ui.form.kinds.base import PLAIN, Ground, QuestionWidget
from healthvisit.ui.form.questions import widget_for


class Asking(QWidget):
    """Questions on a page. `answered` carries path and text, `left` the path that the keyboard left.

    `zeroed`: 0 was pressed, "none of these". `moved_on`: an answer says that the next question may come.
    """

    answered = Signal(str, str)
    left = Signal(str)
    zeroed = Signal()
    moved_on = Signal(str)

    def __init__(self, ground: Ground = PLAIN) -> None:
        super().__init__()
        self.ground = ground
        self.widgets: dict[str, QuestionWidget] = {}
        self._errors: dict[str, str] = {}

    def _made(self, question: Question, *, in_table: bool = False) -> QuestionWidget:
        made = widget_for(question, self.ground, in_table=in_table)
        made.answered.connect(self.answered)
        made.left.connect(self.left)
        made.zeroed.connect(self.zeroed)
        made.moved_on.connect(self.moved_on)
        for stop in made.stops():
            if isinstance(stop, QLineEdit | QPlainTextEdit):
                stop.installEventFilter(self)
        return made

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl+Z in a field with nothing left to take back is the page's, which takes back the last answer."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Undo)
        ):
            is_line = isinstance(watched, QLineEdit) and not watched.isUndoAvailable()
            is_text = isinstance(watched, QPlainTextEdit) and not watched.document().isUndoAvailable()
            if is_line or is_text:
                event.ignore()
                return True
        return super().eventFilter(watched, event)

    @property
    def errors(self) -> Mapping[str, str]:
        """The mistakes said now, by path."""
        return self._errors

    def show_errors(self, errors: Mapping[str, str]) -> None:
        """Say these mistakes (path to sentence) beside their questions; others are taken away."""
        if errors or self._errors:
            self._errors = dict(errors)
            self._say_errors()

    def _say_errors(self) -> None:
        for path, widget in self.widgets.items():
            widget.set_error(self._errors.get(path, ""))

    def forget_error(self, path: str) -> None:
        """The mistake was put right."""
        if self._errors.pop(path, None):
            self._say_errors()

    def stop_of(self, path: str) -> QWidget | None:
        """The widget that takes the keyboard for a question."""
        widget = self.widgets.get(path)
        return None if widget is None else widget.stop()

    def widget_with_focus(self) -> QuestionWidget | None:
        """The question that has the keyboard."""
        at: QWidget | None = self.focusWidget()
        while at is not None and at is not self:
            if isinstance(at, QuestionWidget):
                return at
            at = at.parentWidget()
        return None

    def path_with_focus(self) -> str:
        """The path of the question that has the keyboard."""
        found = self.widget_with_focus()
        return "" if found is None else found.path
