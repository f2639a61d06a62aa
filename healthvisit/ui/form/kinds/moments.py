"""Days, months, years, times of day, moments: typed as people write them, stored as ISO."""

import re
from contextlib import suppress
from datetime import date, time

from PySide6.QtWidgets import QSizePolicy, QWidget

from healthvisit.forms.views import Question
from healthvisit.ui import theme
from healthvisit.ui.dates import day, parse_day
from healthvisit.ui.form.kinds.base import PLAIN, Framed, Ground
from healthvisit.ui.form.markup import plain
from healthvisit.ui.form.shown import day_words
from healthvisit.ui.i18n import _
from healthvisit.ui.widgets.fields import DateField, Field, Line
from healthvisit.ui.widgets.layout import horizontal

SHORT_PX = 110
_MONTH = re.compile(r"(\d{1,2})[./\- ](\d{4})|(\d{4})-(\d{1,2})")
_CLOCK = re.compile(r"(\d{1,2})(?:[:. ,-](\d{2})|(\d{2}))?")


def parse_month(text: str) -> date:
    """The first day of a month typed as 5.2026, 05/2026 or 2026-05.

    Raises:
        ValueError: No month.
    """
    found = _MONTH.fullmatch(text.strip())
    if found is None or not text.isascii():
        raise ValueError("no month")
    return date(int(found[2] or found[3]), int(found[1] or found[4]), 1)


def parse_year(text: str) -> date:
    """The first day of a year of four digits.

    Raises:
        ValueError: No year.
    """
    if not re.fullmatch(r"\d{4}", text.strip(), re.ASCII):
        raise ValueError("no year")
    return date(int(text), 1, 1)


def parse_clock(text: str) -> time:
    """A time of day typed as 9, 9:30, 9.30, 0930.

    Raises:
        ValueError: No time of day.
    """
    found = _CLOCK.fullmatch(text.strip())
    if found is None or not text.isascii():
        raise ValueError("no time")
    return time(int(found[1]), int(found[2] or found[3] or 0))


class DateQuestion(Framed):
    """A day, typed in any of the usual ways or taken from a calendar; stored as ISO."""

    def __init__(self, question: Question, ground: Ground = PLAIN) -> None:
        self.field = DateField("")
        self.field.edited.connect(self._read)
        self.field.left.connect(self._leave)
        super().__init__(question, ground, self.field)
        self.setFocusProxy(self.field.editor)
        self.field.open_calendar.setVisible("no-calendar" not in question.appearance)
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        if stored_day(self.field.text()) != question.typed:
            shown = question.typed
            with suppress(ValueError):
                shown = day(date.fromisoformat(question.typed))
            self.field.set_text(shown)

    def stops(self) -> list[QWidget]:
        return [self.field.editor, self.field.open_calendar]

    def _read(self, typed: str) -> None:
        self._say(stored_day(typed))


def stored_day(typed: str) -> str:
    """ISO of a day; what is no day as it was typed."""
    try:
        return parse_day(typed).isoformat()
    except ValueError:
        return typed


class _Short(Framed):
    """One short line whose text is read in a way of its own."""

    example = ""

    def __init__(self, question: Question, ground: Ground = PLAIN) -> None:
        self.field = Field("")
        self.field.editor.setFixedWidth(theme.px(SHORT_PX))
        self.field.beside.addStretch()
        self.field.edited.connect(self._read)
        self.field.left.connect(self._leave)
        super().__init__(question, ground, self.field)
        self.setFocusProxy(self.field.editor)
        if isinstance(self.field.editor, Line):
            self.field.editor.setPlaceholderText(self.placeholder())
        self.show_question(question)

    def placeholder(self) -> str:
        """How it is typed."""
        return ""

    def stored(self, typed: str) -> str:
        """What the form keeps of it."""
        return typed

    def words(self, stored: str) -> str:
        """What stands in the field."""
        return stored

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        if self.stored(self.field.text()) != question.typed:
            self.field.set_text(self.words(question.typed))

    def _read(self, typed: str) -> None:
        self._say(self.stored(typed))


class MonthQuestion(_Short):
    """A month or a year; the form keeps its first day."""

    def placeholder(self) -> str:
        return _("yyyy") if self._is_year else _("mm.yyyy")

    @property
    def _is_year(self) -> bool:
        return "year" in self.question.appearance.split()

    def stored(self, typed: str) -> str:
        try:
            return (parse_year if self._is_year else parse_month)(typed).isoformat()
        except ValueError:
            return typed

    def words(self, stored: str) -> str:
        try:
            return day_words(date.fromisoformat(stored), self.question.appearance)
        except ValueError:
            return stored


class TimeQuestion(_Short):
    """A time of day."""

    def placeholder(self) -> str:
        return _("hh:mm")

    def stored(self, typed: str) -> str:
        try:
            return parse_clock(typed).isoformat("minutes")
        except ValueError:
            return typed

    def words(self, stored: str) -> str:
        try:
            return time.fromisoformat(stored[:5]).isoformat("minutes") if stored else ""
        except ValueError:
            return stored

    def show_question(self, question: Question) -> None:
        Framed.show_question(self, question)
        if self.stored(self.field.text()) not in (question.typed, question.typed[:5]):
            self.field.set_text(self.words(question.typed))


class MomentQuestion(Framed):
    """A day and a time of day, each in its field."""

    def __init__(self, question: Question, ground: Ground = PLAIN) -> None:
        self.day, self.clock = DateField(""), Field("")
        self.clock.editor.setFixedWidth(theme.px(SHORT_PX))
        if isinstance(self.clock.editor, Line):
            self.clock.editor.setPlaceholderText(_("hh:mm"))
        for part in (self.day, self.clock):
            part.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        row = horizontal(self.day, self.clock, spacing=12)
        row.addStretch()
        super().__init__(question, ground, row)
        for field in (self.day, self.clock):
            field.edited.connect(self._read)
            field.left.connect(self._leave)
        self.setFocusProxy(self.day.editor)
        self.show_question(question)

    def show_question(self, question: Question) -> None:
        super().show_question(question)
        if self._stored() != question.typed and self._stored() != question.typed[:16]:
            on, _t, at = question.typed.partition("T" if "T" in question.typed else " ")
            with suppress(ValueError):
                on = day(date.fromisoformat(on))
            self.day.set_text(on)
            self.clock.set_text(at[:5])
        self._name_parts(question.label)

    def controls(self) -> list[QWidget]:
        return [self.day.editor, self.clock.editor]

    def stops(self) -> list[QWidget]:
        return [self.day.editor, self.day.open_calendar, self.clock.editor]

    def _stored(self) -> str:
        on, at = self.day.text().strip(), self.clock.text().strip()
        if not on and not at:
            return ""
        try:
            return f"{parse_day(on).isoformat()}T{parse_clock(at).isoformat('minutes')}"
        except ValueError:
            return f"{on} {at}".strip()

    def _read(self, _typed: str) -> None:
        self._say(self._stored())

    def _describe(self) -> None:
        super()._describe()
        self._name_parts(self.question.label)

    def _name_parts(self, label: str) -> None:
        asked, on, at = plain(label), _("day"), _("time")
        self.day.editor.setAccessibleName(f"{asked}: {on}")
        self.clock.editor.setAccessibleName(f"{asked}: {at}")
