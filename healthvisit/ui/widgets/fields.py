"""Fields: a label above that names the field, a unit beside it, a hint, and the mistake in words below it."""

import re
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QDate, QLocale, QPoint, QRegularExpression, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QRegularExpressionValidator
from PySide6.QtWidgets import (
    QCalendarWidget,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from healthvisit.ui import theme
from healthvisit.ui.dates import day, parse_day, parse_number
from healthvisit.ui.i18n import Retranslated, _
from healthvisit.ui.widgets.layout import label

NUMBER_PX, DATE_PX, PHONE_PX = 120, 160, 240
MNEMONIC = re.compile(r"&(?=[^&\s])")
PHONE = QRegularExpression(r"[+\d][\d ()\-]{0,23}")


class Line(QLineEdit):
    """A line of text; Enter goes on to the next field and never signs."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.returnPressed.emit()
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class Field(QWidget):
    """A labelled field. `edited` after each key, `left` when the keyboard leaves it (both are moments to save a draft).

    Args:
        text: The label; `&` marks its Alt key.
        editor: What is typed into; one line of text when left out.
        unit: Stands right of the field, and is read aloud with it.
        hint: Stands between label and field.
    """

    edited = Signal(str)
    left = Signal()

    def __init__(self, text: str, editor: QWidget | None = None, *, unit: str = "", hint: str = "") -> None:
        super().__init__()
        self.editor: QWidget = Line() if editor is None else editor
        self.label, self.hint, self.error = label(), label(role="small"), label(role="error")
        self.unit = label(unit, "muted", wrap=False)
        self.label.setBuddy(self.editor)
        self.setFocusProxy(self.editor)
        self.beside = QHBoxLayout()
        self.beside.setSpacing(theme.px(8))
        self.beside.addWidget(self.editor)
        self.beside.addWidget(self.unit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        for widget in (self.label, self.hint):
            column.addWidget(widget)
        column.addLayout(self.beside)
        column.addWidget(self.error)
        self.unit.setVisible(bool(unit))
        self.set_label(text)
        self.set_hint(hint)
        self.set_error("")
        self._connect()

    def _connect(self) -> None:
        if isinstance(self.editor, QLineEdit):
            self.editor.textEdited.connect(self.edited)
        elif isinstance(self.editor, QPlainTextEdit):
            self.editor.textChanged.connect(self._say_edited)
        elif isinstance(self.editor, QComboBox):
            self.editor.textActivated.connect(self.edited)
        if isinstance(self.editor, Line | Paragraph):
            self.editor.left.connect(self.left)

    def _say_edited(self) -> None:
        self.edited.emit(self.text())

    def text(self) -> str:
        """What stands in the field, as typed."""
        if isinstance(self.editor, QLineEdit):
            return self.editor.text()
        if isinstance(self.editor, QPlainTextEdit):
            return self.editor.toPlainText()
        return self.editor.currentText() if isinstance(self.editor, QComboBox) else ""

    def set_text(self, text: str) -> None:
        if isinstance(self.editor, QLineEdit):
            self.editor.setText(text)
        elif isinstance(self.editor, QPlainTextEdit):
            self.editor.setPlainText(text)
        elif isinstance(self.editor, QComboBox):
            self.editor.setCurrentText(text)

    def set_label(self, text: str) -> None:
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setText(text)
        self.label.setVisible(bool(text))
        self.editor.setAccessibleName(MNEMONIC.sub("", text))

    def set_hint(self, text: str) -> None:
        self.hint.setText(text)
        self.hint.setVisible(bool(text))
        self._describe()

    def set_error(self, sentence: str) -> None:
        """Say the mistake below the field, or with an empty sentence take it away."""
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))
        theme.set_wrong(self.editor, wrong=bool(sentence))
        self._describe()

    def _describe(self) -> None:
        parts = (self.error.text(), self.unit.text(), self.hint.text())
        self.editor.setAccessibleDescription(", ".join(part for part in parts if part))

    def _narrow(self, width: int) -> None:
        self.editor.setFixedWidth(theme.px(width))
        self.beside.addStretch()


class Paragraph(QPlainTextEdit):
    """Several lines of text; Tab leaves it."""

    left = Signal()

    def __init__(self, lines: int = 4) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setMinimumHeight(lines * self.fontMetrics().lineSpacing() + theme.px(18))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class NumberField(Field):
    """A number with a comma or a point; what was typed stays as it was typed."""

    def __init__(self, text: str, *, unit: str = "", hint: str = "") -> None:
        super().__init__(text, unit=unit, hint=hint)
        self._narrow(NUMBER_PX)
        self.editor.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)

    def read(self) -> Decimal | None:
        """The number, or None when nothing is typed.

        Raises:
            ValueError: What is typed is no number.
        """
        return parse_number(self.text()) if self.text().strip() else None


class DateField(Retranslated, Field):
    """A day, typed in any of the usual ways or taken from a calendar (its button, or Alt+Down)."""

    def __init__(self, text: str, *, hint: str = "", latest: date | None = None) -> None:
        super().__init__(text, hint=hint)
        self._latest = latest
        self._calendar: QCalendarWidget | None = None
        self.open_calendar = QPushButton()
        self.open_calendar.setAutoDefault(False)
        self.open_calendar.clicked.connect(self.show_calendar)
        self.beside.addWidget(self.open_calendar)
        self._narrow(DATE_PX)
        self.retranslate()

    def retranslate(self) -> None:
        """Name the calendar and the way a day is written in the language in use."""
        self.open_calendar.setIcon(theme.icon("today", "muted"))
        self.open_calendar.setAccessibleName(_("Choose a day"))
        self.open_calendar.setToolTip(_("Choose a day"))
        if isinstance(self.editor, QLineEdit):
            self.editor.setPlaceholderText(_("dd.mm.yyyy"))

    def read(self) -> date | None:
        """The day, or None when nothing is typed.

        Raises:
            ValueError: What is typed is no day.
        """
        return parse_day(self.text(), latest=self._latest) if self.text().strip() else None

    def set_day(self, on: date | None) -> None:
        self.set_text(day(on) if on else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.show_calendar()
        else:
            super().keyPressEvent(event)

    def show_calendar(self) -> None:
        """Open the calendar on the typed day, below the field."""
        calendar = QCalendarWidget(self)
        calendar.setWindowFlag(Qt.WindowType.Popup)
        calendar.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar.setLocale(QLocale())
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setAccessibleName(_("Choose a day"))
        if self._latest is not None:
            calendar.setMaximumDate(QDate(self._latest.year, self._latest.month, self._latest.day))
        try:
            typed = self.read()
        except ValueError:
            typed = None
        if typed is not None:
            calendar.setSelectedDate(QDate(typed.year, typed.month, typed.day))
        calendar.activated.connect(self._take)
        calendar.clicked.connect(self._take)
        self._calendar = calendar
        calendar.move(self.editor.mapToGlobal(QPoint(0, self.editor.height() + 2)))
        calendar.show()
        calendar.setFocus()

    def _take(self, chosen: QDate) -> None:
        calendar, self._calendar = self._calendar, None
        if calendar is None:  # a double click says it twice
            return
        calendar.close()
        self.set_day(date(chosen.year(), chosen.month(), chosen.day()))
        self.edited.emit(self.text())
        self.editor.setFocus()


class PhoneField(Field):
    """A telephone number: digits, spaces and a leading plus; nothing else can be typed."""

    def __init__(self, text: str, *, hint: str = "") -> None:
        editor = Line()
        editor.setPlaceholderText("+993 65 12 34 56")
        editor.setInputMethodHints(Qt.InputMethodHint.ImhDialableCharactersOnly)
        editor.setValidator(QRegularExpressionValidator(PHONE, editor))
        super().__init__(text, editor, hint=hint)
        self._narrow(PHONE_PX)

    def digits(self) -> str:
        """The number without spaces and brackets, with its plus."""
        return re.sub(r"[^\d+]", "", self.text())


class PassphraseField(Retranslated, Field):
    """A passphrase with *show*; says which keyboard layout is on, and when Caps Lock seems to be."""

    entered = Signal(str)

    def __init__(self, text: str) -> None:
        editor = Line()
        editor.setEchoMode(QLineEdit.EchoMode.Password)
        super().__init__(text, editor)
        self._line = editor
        self._caps, self._lasting = False, ""
        self.show_it = QPushButton()
        self.show_it.setCheckable(True)
        self.show_it.setAutoDefault(False)
        self.show_it.toggled.connect(self._reveal)
        self.beside.addWidget(self.show_it)
        editor.returnPressed.connect(self._enter)
        editor.textEdited.connect(self._notice_caps)
        QGuiApplication.inputMethod().localeChanged.connect(self._say_layout)
        self.retranslate()

    def retranslate(self) -> None:
        """Name the button and the keyboard layout in the language in use."""
        self._reveal(self.show_it.isChecked())
        self._say_layout()

    def clear(self) -> None:
        """Empty the field and hide it again."""
        self._line.clear()
        self.show_it.setChecked(False)

    def _enter(self) -> None:
        self.entered.emit(self._line.text())

    def _reveal(self, shown: bool) -> None:
        self._line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        word = _("Hide") if shown else _("Show")
        self.show_it.setText(f" {word}")
        self.show_it.setAccessibleName(word)
        self.show_it.setIcon(theme.icon("eye-off" if shown else "eye", "muted"))

    def _notice_caps(self, typed: str) -> None:
        letters = [letter for letter in typed if letter.isalpha()]
        caps = len(letters) > 1 and all(letter.isupper() for letter in letters)
        if caps != self._caps:
            self._caps = caps
            self._say_layout()

    def set_lasting_hint(self, text: str) -> None:
        """What stands before the keyboard's layout, whatever that becomes."""
        self._lasting = text
        self._say_layout()

    def _say_layout(self) -> None:
        layout = QGuiApplication.inputMethod().locale().nativeLanguageName()
        said = [self._lasting] if self._lasting else []
        said += [_("Keyboard: {layout}").format(layout=layout)] if layout else []
        if self._caps:
            said.append(_("Caps Lock seems to be on"))
        self.set_hint(" · ".join(said))
