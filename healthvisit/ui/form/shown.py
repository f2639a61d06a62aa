"""An answer in words, for a list or where it cannot be changed."""

import re
from contextlib import suppress
from datetime import date

from PySide6.QtCore import QLocale

from healthvisit.forms.views import Question, words_of
from healthvisit.ui.dates import MINUS, day
from healthvisit.ui.form.markup import plain
from healthvisit.ui.i18n import _

NUMBERS = frozenset({"integer", "decimal", "range"})
CHOSEN = frozenset({"select_one", "select_multiple", "rank"})
_NUMBER = re.compile(r"\[(\d+)\]")


def in_instance(path: str, words: str) -> str:
    """Words about a question, with the number of the instance in which it stands: "Age in years · 2"."""
    return " · ".join((words, *_NUMBER.findall(path)))


def answer_words(question: Question) -> str:
    """What was answered, as a person reads it; what does not fit the question as it was typed."""
    text = question.value or question.typed
    if not question.value:
        return text
    if question.kind in CHOSEN:
        names = [text] if question.kind == "select_one" else text.split()
        return ", ".join(plain(words_of(question.choices, name) or name) for name in names)
    if question.kind in NUMBERS:
        return text.replace("-", MINUS).replace(".", QLocale().decimalPoint())
    if question.kind == "date":
        with suppress(ValueError):
            return day_words(date.fromisoformat(text), question.appearance)
    if question.kind == "datetime":
        on, _t, at = text.partition("T")
        with suppress(ValueError):
            return f"{day(date.fromisoformat(on))} {at[:5]}"
    if question.kind == "time":
        return text[:5]
    if question.kind == "trigger":
        return _("Confirmed")
    return text


def day_words(on: date, appearance: str) -> str:
    """A day, or only its month or year where the form asks for no more."""
    looks = appearance.split()
    if "year" in looks:
        return f"{on.year:04}"
    return f"{on.month:02}.{on.year:04}" if "month-year" in looks else day(on)
