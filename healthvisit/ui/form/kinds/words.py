"""Words typed, words read, a confirmation, and what cannot be changed or answered here."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from healthvisit.forms.views import Question
from healthvisit.ui import theme
from healthvisit.ui.form.kinds.base import ENTER, PLAIN, PLAIN_KEYS, Framed, Ground
from healthvisit.ui.form.markup import plain
from healthvisit.ui.form.shown import answer_words
from healthvisit.ui.i18n import _
from healthvisit.ui.widgets.choices import AnyOf
from healthvisit.ui.widgets.fields import Field, Line, Paragraph
from healthvisit.ui.widgets.layout import horizontal, label

STAMP_PX, HIGHEST_PX, DIGITS_PX = 90, 84, 240
CONFIRMED = "OK"  # what ODK stores


class TextQuestion(Framed):
    """One line, or several where the form says so."""

    def __init__(self, question: Question, ground: Ground = PLAIN) -> None:
        looks = question.appearance.split()
        self.field = Field("", Paragraph(2) if {"multiline", "textarea"} & set(looks) else None)
        if isinstance(self.field.editor, Paragraph):
            self.field.editor.setMaximumHeight(theme.px(HIGHEST_PX))
        elif "numbers" in looks and isinstance(self.field.editor, Line):
            self.field.editor.setInputMethodHints(Qt.InputMethodHint.ImhPreferNumbers)
            self.field.editor.setMaximumWidth(theme.px(DIGITS_PX))
            self.field.beside.addStretch()
        self.field.edited.connect(self._say)
        self.field.left.connect(self._leave)
        super().__init__(question, ground, self.field)
        self.setFocusProxy(self.field.editor)
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        if self.field.text() != question.typed:
            with QSignalBlocker(self.field.editor):
                self.field.set_text(question.typed)


class _Stamp(QPushButton):
    """Enter and Space put the time, and the keyboard goes on."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (*ENTER, Qt.Key.Key_Space) and not event.modifiers():
            self.click()
            self.focusNextChild()
        else:
            super().keyPressEvent(event)


class StampQuestion(TextQuestion):
    """A moment that one key puts: the button beside it writes the time of now."""

    def __init__(self, question: Question, ground: Ground = PLAIN) -> None:
        super().__init__(question, ground)
        self.field.editor.setMaximumWidth(theme.px(STAMP_PX))
        self.stamp = _Stamp(_("Put the time now"))
        self.stamp.setAutoDefault(False)
        theme.set_kind(self.stamp, "danger")
        self.stamp.clicked.connect(self._stamp)
        self.field.beside.addWidget(self.stamp)
        self.field.beside.addStretch()
        self.clock: Callable[[], str] = ground.clock

    def stop(self) -> QWidget:
        return self.stamp

    def stops(self) -> list[QWidget]:
        return [self.stamp, self.field.editor]

    def controls(self) -> list[QWidget]:
        return [self.field.editor]

    def _stamp(self) -> None:
        self.field.set_text(self.clock())
        self._say(self.field.text())


class NoteQuestion(Framed):
    """Words to read, and what the form worked out."""

    def __init__(self, question: Question, ground: Ground = PLAIN) -> None:
        self.value = label()
        super().__init__(question, ground, self.value)
        theme.set_role(self.head.words, "" if question.kind == "note" else "strong")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        shown = "" if question.kind == "note" else answer_words(question)
        self.value.setText(shown)
        self.value.setVisible(bool(shown))


class KeptQuestion(Framed):
    """A question that cannot be answered on this computer: it stands with what was there, which is kept."""

    def __init__(self, question: Question, ground: Ground = PLAIN) -> None:
        self.value, self.why = label(), label(role="muted")
        super().__init__(question, ground, self.value, self.why)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        self.value.setText(question.value)
        self.value.setVisible(bool(question.value))
        self.why.setText(
            _("This cannot be answered on this computer; what was there is kept.")
            if question.value
            else _("This cannot be answered on this computer. You can go on.")
        )


class TriggerQuestion(Framed):
    """Something to confirm."""

    def __init__(self, question: Question, ground: Ground = PLAIN) -> None:
        self.box = _Tick(_("Yes, I confirm"))
        self.box.dress("1")
        self.box.clicked.connect(self._confirm)
        row = horizontal(self.box)
        row.addStretch()
        super().__init__(question, ground, row)
        self.setFocusProxy(self.box)
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        self.box.setChecked(bool(question.value))
        self.box.setAccessibleName(f"{plain(question.label)}: {self.box.text()}")

    def _confirm(self) -> None:
        self._say(CONFIRMED if self.box.isChecked() else "")


class _Tick(AnyOf):
    """1 confirms, Enter goes on."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() in PLAIN_KEYS and event.text() == "1":
            self.click()
        elif event.modifiers() in PLAIN_KEYS and event.key() in ENTER:
            self.focusNextChild()
        else:
            super().keyPressEvent(event)
