"""What keeps a section of a visit from being done: answers that are missing, and numbers that cannot be right."""

from collections.abc import Sequence

from healthvisit.forms.views import Question
from healthvisit.services.measurements import likely_weight_g
from healthvisit.services.visit_draft import WHY, VisitDraft
from healthvisit.ui.form.questions import sentence
from healthvisit.ui.form.shown import in_instance
from healthvisit.ui.i18n import _
from healthvisit.ui.visit.development_section import FollowQuestion, follow_questions
from healthvisit.ui.visit.screen import Problem
from healthvisit.ui.visit.steps import LAST, Step, by_field, page_of


def follow_questions_of(draft: VisitDraft, step: Step | None) -> list[FollowQuestion]:
    """Beside the last agreement: what came of each child sent to a doctor."""
    return follow_questions(draft) if step is not None and step.name in LAST and step.part == 0 else []


def problems_of(draft: VisitDraft, step: Step) -> list[Problem]:
    """Everything that is missing or cannot be right on a page."""
    page = page_of(draft, step)
    questions = page.questions if page else ()
    asked = [q for q in follow_questions_of(draft, step) if not q.value]
    found = [Problem(q.path, _("Choose an answer."), q.text) for q in asked]
    found += [_problem(q, questions) for q in questions if q.violation]
    weight = _slipped_weight(draft, step)
    if weight is not None and weight not in {p.path for p in found}:
        said = _("This weight cannot be right at this age. Look at the comma, or weigh again.")
        found.append(Problem(weight, said))
    return found


def _slipped_weight(draft: VisitDraft, step: Step) -> str | None:
    """The path of a weight with its comma in the wrong place."""
    part = draft.parts[step.part]
    weight = by_field(part, "growth").get("weight_g") if step.name == "growth" else None
    if weight is None or part.facts is None or likely_weight_g(weight.typed, part.facts, on=draft.on) is None:
        return None
    return weight.path


def _problem(question: Question, asked: Sequence[Question]) -> Problem:
    """Where the form only says "choose an answer", a list of problems names what is asked.

    A number that is neither there nor explained is wrong at the number: there she types it; the reason is beside it.
    """
    if question.violation != "required":
        return Problem(question.path, sentence(question))
    of = (question.field or "").removesuffix(WHY)
    at = next((q for q in asked if q.field == of), question)
    return Problem(at.path, sentence(question), in_instance(at.path, at.label))
