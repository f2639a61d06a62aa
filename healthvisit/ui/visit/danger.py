"""Danger now: what is seen, what to do, on the way, the family's word; confirming seals and queues it at once."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from typing import Protocol

from healthvisit.domain.errors import HealthvisitError
from healthvisit.domain.ids import HouseholdId, PersonId
from healthvisit.domain.person import PersonKind
from healthvisit.forms import mapping
from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.session import FormSession
from healthvisit.forms.views import Question
from healthvisit.packs.pack import Group, Pace
from healthvisit.services import dangers
from healthvisit.services.dangers import DangerNow, Raised
from healthvisit.services.visit_draft import SIGN, DangerDraft, PartDraft, VisitDraft
from healthvisit.services.visits import danger_prefill, form_of
from healthvisit.ui.form.questions import sentence
from healthvisit.ui.i18n import language
from healthvisit.ui.visit.presenter import VisitPresenter
from healthvisit.ui.visit.screen import Problem
from healthvisit.ui.visit.steps import answers_so_far

SEEN, GO, FAMILY = "seen", "go", "family"
NUMBERS_HERE = frozenset(
    {"yi_fever", "yi_cold", "yi_fast_breathing", "yi_warm", "ch_fast_breathing", "pr_fever", "ab_fever"}
)
"""Signs told by the numbers this form asks for; other numbers (wasting, blood pressure) come from the visit's pages."""


class DangerScreen(Protocol):
    """What the presenter asks of its view."""

    def draw(self, *, moved: bool = False) -> None:
        """Draw again."""
        ...

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """List them."""
        ...

    def show_raised(self, raised: Raised, danger: DangerNow) -> None:
        """It is sealed; show the note."""
        ...

    def show_error(self, error: BaseException, again: Callable[[], object]) -> None:
        """It could not be saved; what was typed stays."""
        ...


def meant(draft: VisitDraft) -> PartDraft | None:
    """For whom the key opens "Danger now": whose was begun, or the only one; nobody where several could be meant."""
    people = [p for p in draft.parts if p.person is not None]
    if draft.danger is not None:
        return next((p for p in people if p.id == draft.danger.part), None)
    return people[0] if len(people) == 1 else None


class DangerPresenter:
    """Danger now for one person of a visit. Its session lies in the draft: a killed program reopens here."""

    def __init__(self, visit: VisitPresenter, part: PartDraft, *, form: FormDefinition, screen: DangerScreen) -> None:
        self.draft, self.part, self.pack = visit.draft, part, visit.pack
        self._clock, self._keeper, self._run, self._screen = visit.clock, visit.keeper, visit.run, screen
        self._found = visit.signs.of(part)
        self._visit = visit
        self.is_saving = False
        held = self.draft.danger
        if held is None or held.part != part.id:
            session = FormSession.open(
                form,
                language=part.session.language,
                now=self._clock.now(),
                prefill=danger_prefill(part, alone=visit.alone, on=self.draft.on),
            )
            held = self.draft.danger = DangerDraft(part=part.id, session=session)
            self._take_over(session)
        held.hear_alone(visit.alone, now=self._clock.now())
        self.session: FormSession = held.session
        self.page = GO if self.signs() else SEEN
        self._keeper.touch()

    # what is shown

    def questions(self) -> tuple[Question, ...]:
        """What is asked on this step: signs and numbers, or the way and the family's word."""
        names = (SEEN,) if self.page == SEEN else (GO, FAMILY)
        return tuple(
            q for page in self.session.pages() if page.path.rpartition("/")[2] in names for q in page.questions
        )

    def signs(self) -> tuple[str, ...]:
        """Codes of what is seen and of what the numbers tell."""
        seen = self._fields(SEEN)
        chosen = seen.get("signs", "").split()
        temperature, breaths = (int(seen[n]) if seen.get(n) else None for n in ("temperature_c10", "breaths"))
        if self.part.facts is not None:
            age = self.part.facts.age_days(self.draft.on)
            measured = self.pack.measured_dangers(age, temperature, breaths)
        else:
            group = Group(seen.get("group") or Group.AFTER_BIRTH)
            measured = self.pack.mother_dangers(group, temperature_c10=temperature, signs=chosen)
        kept = [c for c in self._found if not self.pack.danger(c).asked and c not in NUMBERS_HERE]
        return tuple(dict.fromkeys((*chosen, *measured, *kept)))

    def aid(self) -> list[str]:
        """What to do now, for exactly these signs."""
        return [self.pack.text(line.text, language()) for line in self.pack.first_aid_for(self.signs())]

    def is_urgent(self) -> bool:
        """Whether one of these signs does not wait: then the ambulance is rung."""
        return self.pack.urgency_of(self.signs()) is Pace.NOW

    def seen_words(self, code: str | None = None) -> list[str]:
        """The signs in words, private ones included: the page is closed to others, the note is for the doctor."""
        return [self.pack.text(self.pack.danger(c).name, code or language()) for c in self.signs()]

    # deeds

    def answer(self, path: str, text: str) -> None:
        """Take one answer."""
        self.session.answer(path, text)
        self._keeper.touch()
        self._screen.draw()

    def go_on(self) -> None:
        """From what is seen to the way; from there confirm."""
        problems = [Problem(q.path, sentence(q), q.label) for q in self.questions() if q.violation]
        if problems:
            self._screen.show_problems(problems)
        elif self.page == SEEN:
            self.page = GO
            self._screen.draw(moved=True)
        else:
            self._confirm()

    def back(self) -> bool:
        """To what is seen; False when one is there already, and the visit comes next."""
        if self.page == SEEN:
            return False
        self.page = SEEN
        self._screen.draw(moved=True)
        return True

    def leave(self) -> None:
        """Back to the visit without confirming: what was written stays in the draft until then."""
        self._keeper.touch()
        self._keeper.flush()

    # inside

    def _take_over(self, session: FormSession) -> None:
        """What the visit's page already says stands here too."""
        answers = answers_so_far(self.part)
        held = answers.fields("danger") if answers else {}
        fields = {name: held[name] for name in ("temperature_c10", "breaths") if held.get(name)}
        fields["signs"] = " ".join(c for c in self._found if self.pack.danger(c).asked)
        mapping.fill(session, [(SEEN, fields)])

    def _fields(self, entry: str) -> dict[str, str]:
        try:
            mapped = mapping.entries(self.session)
        except HealthvisitError:  # a slip in a number: the page says so, and what was seen still counts
            asked = (q for page in self.session.pages() for q in page.questions)
            return {q.field: q.value for q in asked if q.entry == entry and q.field and q.kind != "decimal"}
        return next((dict(e.fields) for e in mapped.entries if e.name == entry), {})

    def _confirm(self) -> None:
        if self.is_saving or self.part.person is None:
            return
        self.is_saving = True
        danger = self.now()
        today = self._clock.today()
        self._run(
            lambda work: dangers.raise_danger(work, self.pack, danger, today=today),
            done=lambda raised: self._raised(raised, danger),
            failed=self._failed,
        )

    def now(self) -> DangerNow:
        """What is to be sealed."""
        assert self.part.person is not None, "asked before"
        seen, go, family = self._fields(SEEN), self._fields(GO), self._fields(FAMILY)
        return DangerNow(
            person=PersonId(self.part.person.id),
            household=HouseholdId(self.draft.household.id),
            signs=dict.fromkeys(self.signs(), "yes"),
            temperature_c10=int(seen["temperature_c10"]) if seen.get("temperature_c10") else None,
            breaths=int(seen["breaths"]) if seen.get("breaths") else None,
            age_days=self.part.facts.age_days(self.draft.on) if self.part.facts else None,
            ambulance_at=self._moment(go.get("ambulance_at", "")),
            to=go.get("to", ""),
            transport=go.get("transport", ""),
            companion=go.get("companion", ""),
            family_agrees=family.get("agrees") == "yes",
            refusal_reason=family.get("reason", ""),
            would_change=family.get("would_change", ""),
            second_offer=family.get("second_offer") == "yes",
            supervisor_told=family.get("supervisor_told") == "yes",
            replaces=self.part.referral,
        )

    def _moment(self, typed: str) -> datetime | None:
        """14:12 of today on this computer's clock."""
        try:
            at = time.fromisoformat(typed.strip())
        except ValueError:
            return None
        return datetime.combine(self._clock.now().astimezone().date(), at).astimezone(UTC)

    def _raised(self, raised: Raised, danger: DangerNow) -> None:
        """The visit's part names the referral and says the same as it."""
        self.is_saving = False
        part = self.part
        part.screen, part.referral, part.covered, part.looked = raised.screen, raised.referral, raised.covered, False
        if part.person is not None and form_of(part.person, self.draft.household, self.draft.on) is not None:
            part.seen = True  # a mother who is not asked any more has her referral, and no pages
        fields = {f"{SIGN}{code}": "yes" for code in danger.signs}
        for name in ("temperature_c10", "breaths"):
            value = getattr(danger, name)
            fields |= {name: str(value)} if value is not None else {}
        mapping.fill(part.session, [("danger", fields)])
        self.draft.danger = None
        if part.person is not None and part.person.kind is PersonKind.CHILD:
            held = {*self.draft.present, PersonId(part.person.id)}
            self.draft.present = [PersonId(p.id) for p in self.draft.household.persons if p.id in held]
        self._visit.survey.look()
        self._keeper.touch()
        self._keeper.flush()
        self._screen.show_raised(raised, danger)

    def _failed(self, error: BaseException) -> None:
        self.is_saving = False
        self._screen.show_error(error, self._confirm)
