"""The pages of a visit's parts merged into one list of sections, and the state of each."""

from dataclasses import dataclass
from datetime import date

from healthvisit.forms.views import Page, Question
from healthvisit.services.visit_draft import PartDraft, VisitDraft
from healthvisit.ui import words
from healthvisit.ui.i18n import _
from healthvisit.ui.widgets.sections import State

CHECK = "check"
ORDER = ("setting", "danger", "concerns", "growth", "vaccines")
LAST = ("agreement",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One section: `key` is "part number/page name", `part` the number, `path` the page's path in its form."""

    key: str
    part: int
    name: str
    path: str
    title: str


def steps_of(draft: VisitDraft) -> list[Step]:
    """Every section in the order of the visit: setting, danger signs of each, concerns, growth of each, agreement.

    Pages this list does not know come before the agreement, in the order of their forms.
    """
    found = []
    for number, part in enumerate(draft.parts):
        if part.seen:
            for page in part.session.pages():
                name = page.path.rpartition("/")[2]
                found.append(Step(key=f"{number}/{name}", part=number, name=name, path=page.path, title=page.title))
    return sorted(found, key=lambda step: _rank(step.name))


def page_of(draft: VisitDraft, step: Step) -> Page | None:
    """The page of a section as it is now; None when nothing of it is to be asked any more."""
    return next((p for p in draft.parts[step.part].session.pages() if p.path == step.path), None)


def state_of(draft: VisitDraft, step: Step) -> State:
    """Done when it was gone through and nothing is missing; started when it was seen or holds an answer."""
    page = page_of(draft, step)
    questions = page.questions if page else ()
    visited = step.key in draft.visited
    if visited and not any(q.violation for q in questions):
        return "done"
    preset = {"next_on"}  # a fact of the schedule that stands there before anybody was asked
    answered = any(q.typed and q.field not in preset for q in questions)
    return "started" if visited or answered else "todo"


def is_open(draft: VisitDraft, part: PartDraft) -> bool:
    """Whether something of a part is still to be done."""
    number = draft.parts.index(part)
    return any(state_of(draft, s) != "done" for s in steps_of(draft) if s.part == number)


def twin_of(draft: VisitDraft, part: PartDraft) -> PartDraft | None:
    """Another child of the same birth that is seen too."""
    person = part.person
    if person is None or person.order is None:
        return None
    return next(
        (p for p in draft.seen if p is not part and p.person and p.person.order and p.person.born_on == person.born_on),
        None,
    )


def by_field(part: PartDraft, entry: str) -> dict[str, Question]:
    """The questions of an entry that can be seen now, by the field they fill."""
    return {
        question.field: question
        for page in part.session.pages()
        for question in page.questions
        if question.entry == entry and question.field
    }


def who(part: PartDraft, on: date, *, birth_order: bool = False, short: bool = False) -> str:
    """Whose part it is, for a heading or a tab: "Aýna · 4 m 5 d", for twins told apart by the order of birth."""
    person = part.person
    if person is None:
        return ""
    said = [words.short_name(person), "" if short else words.age(person, on, short=True)]
    if birth_order and person.order is not None:
        said.append({1: _("first born"), 2: _("second born")}.get(person.order, _("born {n}").format(n=person.order)))
    return " · ".join(filter(None, said))


def _rank(name: str) -> int:
    if name in ORDER:
        return ORDER.index(name)
    return len(ORDER) + (1 + LAST.index(name) if name in LAST else 0)
