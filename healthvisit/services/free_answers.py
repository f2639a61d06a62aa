"""Answers to questions of an office's own: those that no field of the program takes, with what was asked."""

from collections.abc import Collection, Mapping

from healthvisit.domain.errors import HealthvisitError
from healthvisit.domain.visit import VisitPart
from healthvisit.forms import mapping
from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.session import FormSession
from healthvisit.forms.views import Question
from healthvisit.store import drafts
from healthvisit.store.unit_of_work import UnitOfWork

PRIVATE = "private"


def of_part(
    work: UnitOfWork, forms: Collection[FormDefinition], part: VisitPart, language: str
) -> Mapping[str, Question] | None:
    """The questions of a signed part that were answered so, by path and in its order. Never a private one.

    None where the form is not on this laptop (a colleague's visit), or no longer opens.

    Args:
        work: A unit of work.
        forms: The program's own; a visit signed with another one has it kept beside it.
        part: As signed.
        language: In which the questions are worded.
    """
    form = _form(work, forms, part.form.sha256) if part.answers else None
    if form is None:
        return None
    try:
        session = FormSession.open(form, language=language, now=work.author.now)
        mapping.fill(session, (), part.answers)
        return _for_all({path: session.question(path) for path in part.answers})
    except HealthvisitError:
        return None


def of_session(session: FormSession) -> Mapping[str, Question]:
    """The same of a part that is not signed yet."""
    try:
        return _for_all({path: session.question(path) for path in mapping.entries(session).answers})
    except HealthvisitError:  # a slip in a number: the page says so itself
        return {}


def _for_all(questions: Mapping[str, Question]) -> Mapping[str, Question]:
    """Without those that only the person asked may see again."""
    return {path: q for path, q in questions.items() if PRIVATE not in q.appearance.split()}


def _form(work: UnitOfWork, forms: Collection[FormDefinition], sha256: str) -> FormDefinition | None:
    known = next((form for form in forms if form.sha256 == sha256), None)
    xml = drafts.find_form(work, sha256) if known is None else None
    return FormDefinition.load(xml) if xml is not None else known
