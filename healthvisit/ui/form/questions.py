"""Which widget a question gets, and what is said of an answer that is not right."""

from collections.abc import Mapping

from healthvisit.forms.views import Question
from healthvisit.ui.dates import no_day, no_number
from healthvisit.ui.form.kinds.base import PLAIN, Ground, QuestionWidget
from healthvisit.ui.form.kinds.choice import ChoiceQuestion
from healthvisit.ui.form.kinds.file import FileQuestion
from healthvisit.ui.form.kinds.folded import FoldedQuestion, WhyQuestion
from healthvisit.ui.form.kinds.measure import NumberQuestion
from healthvisit.ui.form.kinds.moments import DateQuestion, MomentQuestion, MonthQuestion, TimeQuestion
from healthvisit.ui.form.kinds.number import PlainNumber, RangeQuestion
from healthvisit.ui.form.kinds.rank import RankQuestion
from healthvisit.ui.form.kinds.search import SearchQuestion
from healthvisit.ui.form.kinds.table import TableRow
from healthvisit.ui.form.kinds.words import KeptQuestion, NoteQuestion, StampQuestion, TextQuestion, TriggerQuestion
from healthvisit.ui.form.shown import NUMBERS
from healthvisit.ui.i18n import _

WHY = "_why"
SEARCHED = frozenset({"autocomplete", "search", "minimal-search"})
SEARCHED_FROM, FOLDED_UNTIL = 31, 9
"""Choices: so many and more are looked through by typing; so many fold into a line whose digits still choose."""
OTHERS: Mapping[str, type[QuestionWidget]] = {
    "date": DateQuestion,
    "time": TimeQuestion,
    "datetime": MomentQuestion,
    "rank": RankQuestion,
    "trigger": TriggerQuestion,
    "unsupported": FileQuestion,
}


def sentence(question: Question) -> str:
    """What is wrong with an answer, in the form's language where the form has the words."""
    match question.violation:
        case None:
            return ""
        case "required":
            return question.required_message or _("Please answer this question.")
        case "constraint":
            return question.constraint_message or _("This answer does not fit the question.")
        case "type":
            return question.constraint_message if question.value and question.constraint_message else _misfit(question)


def _misfit(question: Question) -> str:
    """How such an answer is typed."""
    looks = question.appearance.split()
    match question.kind:
        case "range" if question.bounds and question.typed:
            low, high = sorted(question.bounds[:2])
            return _("Type a number from {low} to {high}.").format(low=f"{low:g}", high=f"{high:g}")
        case "integer" | "decimal" | "range":
            return no_number("7") if question.data_type in {"int", "integer"} else no_number()
        case "date" if "year" in looks:
            return _("This is not a year. Type it as {example}.").format(example="2026")
        case "date" if "month-year" in looks:
            return _("This is not a month. Type it as {example}.").format(example="11.2026")
        case "date":
            return no_day()
        case "time":
            return _("This is not a time of day. Type it as {example}.").format(example="9:30")
        case "datetime":
            return _("Type the day as {day} and the time as {clock}.").format(day="24.11.2026", clock="9:30")
    return _("Please type it again.")


def widget_for(question: Question, ground: Ground = PLAIN, *, in_table: bool = False) -> QuestionWidget:
    """The widget that a question's kind and appearance ask for; `in_table`: as a row below the words of its answers."""
    has_no_place = question.kind == "unsupported" and ground.files is None
    if question.kind != "note" and (has_no_place or not question.is_answerable):
        return KeptQuestion(question, ground)
    if question.kind == "note" or question.readonly:
        return NoteQuestion(question, ground)
    if question.kind in ("select_one", "select_multiple"):
        return TableRow(question, ground) if in_table else _chosen(question, ground)
    return _number(question, ground) if question.kind in NUMBERS else _other(question)(question, ground)


def _other(question: Question) -> type[QuestionWidget]:
    looks = set(question.appearance.split())
    if question.kind == "date" and looks & {"year", "month-year"}:
        return MonthQuestion
    if question.kind == "text" and "stamp" in looks:
        return StampQuestion
    return OTHERS.get(question.kind, TextQuestion)


def _chosen(question: Question, ground: Ground) -> QuestionWidget:
    looks = set(question.appearance.split())
    if question.kind == "select_one" and "minimal" in looks and (question.field or "").endswith(WHY):
        return WhyQuestion(question, ground)
    is_small = "minimal" in looks and (question.kind == "select_multiple" or len(question.choices) > FOLDED_UNTIL)
    if looks & SEARCHED or is_small or (len(question.choices) >= SEARCHED_FROM and not question.pictures):
        return SearchQuestion(question, ground)
    return (FoldedQuestion if "minimal" in looks else ChoiceQuestion)(question, ground)


def _number(question: Question, ground: Ground) -> QuestionWidget:
    if question.kind == "range" and question.bounds and question.bounds[0] != question.bounds[1]:
        return RangeQuestion(question, ground)
    return (NumberQuestion if question.field else PlainNumber)(question, ground)
