"""The pages of a visit's parts merged into one list of sections, and the state of each.

The order: setting, danger signs of each, concerns, growth of each, what this list does not know, agreement.
"""

from dataclasses import dataclass
from datetime import date

from healthvisit.domain.errors import HealthvisitError
from healthvisit.domain.person import reference_age_days
from healthvisit.forms.instance import without_positions
from healthvisit.forms.views import Page, Question
from healthvisit.packs.pack import Pack
from healthvisit.services.visit_draft import PartAnswers, PartDraft, VisitDraft
from healthvisit.ui import words
from healthvisit.ui.child.growth_words import corrected_words
from healthvisit.ui.i18n import _
from healthvisit.ui.visit.development_section import follow_questions
from healthvisit.ui.visit.remarks import growth_now
from healthvisit.ui.widgets.sections import State

CHECK = "check"
PRESET = frozenset({"next_on"})  # a fact of the schedule that stands there before anybody was asked
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


class Survey:
    """The sections of a draft and the state of each, looked at once after each answer and only where it was given."""

    def __init__(self, draft: VisitDraft, pack: Pack) -> None:
        self._draft, self._pack = draft, pack
        self._parts: dict[str, list[tuple[Step, State]]] = {}
        self.steps: list[Step] = []
        self._states: dict[str, State] = {}
        self.look()

    def look(self, *parts: PartDraft) -> None:
        """Look again at these parts, or at all."""
        for number, part in enumerate(self._draft.parts):
            if not parts or part in parts:
                self._parts[part.id] = self._sections_of(number) if part.seen else []
        found = [each for part in self._draft.parts for each in self._parts[part.id]]
        self.steps = sorted((step for step, _state in found), key=lambda step: _rank(step.name))
        self._states = {step.key: state for step, state in found}

    def state(self, key: str) -> State:
        """The state of one section."""
        return self._states[key]

    def step_at(self, number: int, path: str) -> Step | None:
        """The section in which a question of a part stands."""
        at = f"{without_positions(path)}/"
        return next((s for s in self.steps if s.part == number and at.startswith(f"{s.path}/")), None)

    def _sections_of(self, number: int) -> list[tuple[Step, State]]:
        draft, part = self._draft, self._draft.parts[number]
        found = []
        for page in part.session.pages():
            name = page.path.rpartition("/")[2]
            step = Step(key=f"{number}/{name}", part=number, name=name, path=page.path, title=page.title)
            state = _state(page, visited=step.key in draft.visited)
            if state == "done" and number == 0 and name in LAST and any(not q.value for q in follow_questions(draft)):
                state = "started"
            if state == "done" and name == "growth" and self._looks_wrong(part):
                state = "started"  # no tick beside a number that the page asks to measure again
            found.append((step, state))
        return found

    def _looks_wrong(self, part: PartDraft) -> bool:
        """Whether a z-score of a part cannot be right."""
        held = answers_so_far(part)
        if held is None or part.facts is None:
            return False
        made = growth_now(self._pack, part.facts, held.fields("growth"), on=self._draft.on)
        return made is not None and any(score.flagged for score in made.scores)

    def is_open(self, part: PartDraft) -> bool:
        """Whether something of a part is still to be done; a check that is due may wait, one begun does not."""
        standing = self._draft.development.get(part.person.id) if part.person else None
        if standing is not None and standing.begun_on is not None:
            return True
        return any(state != "done" for _step, state in self._parts[part.id])


def page_of(draft: VisitDraft, step: Step) -> Page | None:
    """The page of a section as it is now; None when nothing of it is to be asked any more."""
    return next((p for p in draft.parts[step.part].session.pages() if p.path == step.path), None)


def _state(page: Page, *, visited: bool) -> State:
    """Done when it was gone through and nothing is missing; started when it was seen or holds an answer."""
    questions = page.questions
    if visited:
        return "started" if any(q.violation for q in questions) else "done"
    return "started" if any(q.typed and q.field not in PRESET for q in questions) else "todo"


def twin_of(draft: VisitDraft, part: PartDraft) -> PartDraft | None:
    """Another child of the same birth that is seen too."""
    person = part.person
    if person is None or person.order is None:
        return None
    return next(
        (p for p in draft.seen if p is not part and p.person and p.person.order and p.person.born_on == person.born_on),
        None,
    )


def answers_so_far(part: PartDraft) -> PartAnswers | None:
    """A part's answers; None while one of them cannot be put into its unit (the page says so)."""
    try:
        return part.answers()
    except HealthvisitError:
        return None


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
    said += [] if short or birth_order else [_corrected(part, on)]
    if birth_order and person.order is not None:
        said.append({1: _("first born"), 2: _("second born")}.get(person.order, _("born {n}").format(n=person.order)))
    return " · ".join(filter(None, said))


def _corrected(part: PartDraft, on: date) -> str:
    """The corrected age of a child born before term; empty for others."""
    age = part.facts.age_days(on) if part.facts is not None else None
    if age is None or part.facts is None:
        return ""
    judged = reference_age_days(age, part.facts.gestation_days)
    return "" if judged == age else corrected_words(judged)


def _rank(name: str) -> int:
    if name in ORDER:
        return ORDER.index(name)
    return len(ORDER) + (1 + LAST.index(name) if name in LAST else 0)
