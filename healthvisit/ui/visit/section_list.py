"""The list of sections at the left of a visit: the pages of its forms, questions of the two alone, checks, signing."""

from healthvisit.services.lines import PersonLine
from healthvisit.services.visit_draft import VisitDraft
from healthvisit.ui import words
from healthvisit.ui.i18n import _
from healthvisit.ui.visit import private_questions
from healthvisit.ui.visit.development_section import checks_offered, key_of
from healthvisit.ui.visit.private_questions import PrivateQuestions
from healthvisit.ui.visit.steps import CHECK, LAST, Survey
from healthvisit.ui.widgets.sections import Section


def section_list(draft: VisitDraft, survey: Survey, private: PrivateQuestions | None, *, alone: str) -> list[Section]:
    """Every section with its state; `alone` tells whether the mother can speak alone."""
    rows = [Section(s.key, titled(draft, s.title, draft.parts[s.part].person), survey.state(s.key))
            for s in survey.steps]  # fmt: skip
    checks = [
        Section(key_of(person.id), titled(draft, _("Development check"), person), standing.state)
        for person, standing in checks_offered(draft)
    ]
    asked = [
        Section(private_questions.key_of(person.id), titled(draft, _("Questions"), person), state)
        for person, state in (private.offered(draft, alone) if private else ())
    ]
    at = next((at for at, step in enumerate(survey.steps) if step.name in LAST), len(rows))
    return [*rows[:at], *asked, *checks, *rows[at:], Section(CHECK, _("Check and sign"), "todo")]


def titled(draft: VisitDraft, title: str, person: PersonLine | None) -> str:
    """A section's title, with whose it is where several are seen."""
    several = len([p for p in draft.seen if p.person]) > 1
    return f"{title} · {words.short_name(person)}" if person and several else title
