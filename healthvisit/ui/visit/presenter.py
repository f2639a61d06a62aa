"""Decides what a visit's screen shows and when: sections, problems, danger, draft, signing. Knows no widget."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from healthvisit.domain.errors import HealthvisitError
from healthvisit.domain.ids import PersonId
from healthvisit.domain.measurement import Answer
from healthvisit.domain.person import PersonKind
from healthvisit.domain.visit import Place
from healthvisit.forms.instance import without_positions
from healthvisit.forms.views import Question
from healthvisit.packs.pack import Pace, Pack
from healthvisit.services import free_answers, signing, visits
from healthvisit.services.development_visit import Standing
from healthvisit.services.lines import PersonLine
from healthvisit.services.measurements import likely_weight_g
from healthvisit.services.visit_draft import SIGN, WHY, PartAnswers, PartDraft, VisitDraft
from healthvisit.ui import words
from healthvisit.ui.form.page import Remark
from healthvisit.ui.form.presenter import take_back
from healthvisit.ui.form.questions import sentence
from healthvisit.ui.i18n import LANGUAGES, _, ngettext
from healthvisit.ui.visit import development_section, private_questions
from healthvisit.ui.visit.development_section import FollowQuestion, checks_offered, follow_questions, key_of, person_of
from healthvisit.ui.visit.findings import Findings, findings, free_rows
from healthvisit.ui.visit.keeper import DraftKeeper, Run
from healthvisit.ui.visit.private_questions import PrivateQuestions
from healthvisit.ui.visit.remarks import doubtful, growth_remarks, measures_typed
from healthvisit.ui.visit.screen import Clock, Problem, Screen
from healthvisit.ui.visit.steps import CHECK, LAST, Step, Survey, by_field, page_of, twin_of
from healthvisit.ui.widgets.sections import Section


class VisitPresenter:
    """One visit being made. Used on the main thread only, as its form sessions are."""

    def __init__(
        self, draft: VisitDraft, *, pack: Pack, clock: Clock, screen: Screen, run: Run, clock_marked: bool = False
    ) -> None:
        self.draft, self.pack, self.clock, self.run, self._screen = draft, pack, clock, run, screen
        self._clock_marked = clock_marked
        self._turned: dict[str, set[str]] = {}  # urgent signs that already turned to "Danger now", by part
        for part in draft.parts:
            self._turned[part.id] = set(part.covered)
        self._doubted: dict[str, str] = {}  # numbers already asked about once more, by part
        self.private: PrivateQuestions | None = None
        self.is_signing = False
        self.survey = Survey(draft, pack)
        if draft.amends is not None:  # each section was gone through when it was signed
            draft.visited |= {s.key for s in self.steps}
            self.survey.look()
        self.keeper = DraftKeeper(
            draft.content, run=run, soon=screen.start_timer, saved=screen.show_saved, failed=self._not_saved
        )
        if draft.page not in {CHECK, *(s.key for s in self.steps)}:
            draft.page = self.steps[0].key

    # what is shown

    @property
    def steps(self) -> list[Step]:
        """Every section in the order of the visit."""
        return self.survey.steps

    @property
    def step(self) -> Step | None:
        """The section shown; None for "check and sign"."""
        return next((s for s in self.steps if s.key == self.draft.page), None)

    @property
    def part(self) -> PartDraft:
        """The part shown; the family's while checking."""
        return self.draft.parts[self.step.part if self.step else 0]

    @property
    def alone(self) -> str:
        """Whether the mother can speak alone: yes, no, or empty while it was not asked."""
        question = by_field(self.draft.parts[0], "setting").get("alone")
        return question.value if question else ""

    def sections(self) -> list[Section]:
        """The list at the left."""
        rows = [Section(s.key, self._titled(s.title, self.draft.parts[s.part].person), self.survey.state(s.key))
                for s in self.steps]  # fmt: skip
        checks = [
            Section(key_of(person.id), self._titled(_("Development check"), person), standing.state)
            for person, standing in checks_offered(self.draft)
        ]
        asked = [
            Section(private_questions.key_of(person.id), self._titled(_("Questions"), person), state)
            for person, state in (self.private.offered(self.draft, self.alone) if self.private else ())
        ]
        at = next((at for at, step in enumerate(self.steps) if step.name in LAST), len(rows))
        return [*rows[:at], *asked, *checks, *rows[at:], Section(CHECK, _("Check and sign"), "todo")]

    def _titled(self, title: str, person: PersonLine | None) -> str:
        several = len([p for p in self.draft.seen if p.person]) > 1
        return f"{title} · {words.short_name(person)}" if person and several else title

    def questions(self) -> tuple[Question, ...]:
        """The questions of the section shown."""
        page = page_of(self.draft, self.step) if self.step else None
        return page.questions if page else ()

    def follow_questions(self) -> list[FollowQuestion]:
        """Beside the last agreement: what came of each child sent to a doctor."""
        step = self.step
        return follow_questions(self.draft) if step is not None and step.name in LAST and step.part == 0 else []

    def remarks(self) -> dict[str, Remark]:
        """What the numbers of the page mean, by field."""
        part, step = self.part, self.step
        if step is None or step.name != "growth" or part.facts is None or part.person is None:
            return {}
        before = self.draft.last.growth.get(part.person.id, ()) if self.draft.last else ()
        typed = {field: q.typed for field, q in by_field(part, "growth").items()}
        held = self.answers_of(part)
        fields = held.fields("growth") if held else measures_typed(typed)
        return growth_remarks(self.pack, part.facts, fields, typed, on=self.draft.on, before=before)

    def to_check(self) -> tuple[list[Findings], list[tuple[str, str]], list[str]]:
        """For "check and sign": what was found, what is missing (key and sentence), who needs a referral."""
        answers = self.draft.answers()
        more = development_section.rows_of(self.draft, today=self.clock.today())
        for part in self.draft.seen:
            whose = part.person.id if part.person else ""
            more[whose] = [*free_rows(free_answers.of_session(part.session)), *more.get(whose, ())]
        parts = signing.parts_of(self.pack, answers)
        shown = findings(self.pack, parts, self.draft.household.persons, on=self.draft.on, more=more)
        missing = []
        for step in self.steps:
            count = len(self.problems_of(step))
            said = ngettext("{section}: {n} answer missing", "{section}: {n} answers missing", count)
            title = self._titled(step.title, self.draft.parts[step.part].person)
            missing += [(step.key, said.format(section=title, n=count))] if count else []
        waiting = [p.id for p in self.draft.seen if not self.is_covered(p)]
        return shown, missing, waiting

    def problems_of(self, step: Step) -> list[Problem]:
        """Everything that is missing or cannot be right on a page."""
        page = page_of(self.draft, step)
        questions = page.questions if page else ()
        found = [_problem(q, questions) for q in questions if q.violation]
        if step.name in LAST and step.part == 0:
            asked = [q for q in follow_questions(self.draft) if not q.value]
            found = [*(Problem(q.path, _("Choose an answer."), q.text) for q in asked), *found]
        part = self.draft.parts[step.part]
        weight = by_field(part, "growth").get("weight_g") if step.name == "growth" else None
        if weight is not None and part.facts is not None:
            likely = likely_weight_g(weight.typed, part.facts, on=self.draft.on)
            if likely is not None and weight.path not in {p.path for p in found}:
                said = _("This weight cannot be right at this age. Look at the comma, or weigh again.")
                found.append(Problem(weight.path, said))
        return found

    def answers_of(self, part: PartDraft) -> PartAnswers | None:
        """A part's answers; None while one of them cannot be put into its unit (the page says so)."""
        try:
            return part.answers()
        except HealthvisitError:
            return None

    def positive(self, part: PartDraft) -> tuple[str, ...]:
        """Danger signs seen or measured in a part."""
        try:
            return signing.positive_signs(self.pack, part.answers(), on=self.draft.on)
        except HealthvisitError:  # a slip in a number must not silence a sign that was seen
            seen = by_field(part, "danger").items()
            return tuple(f.removeprefix(SIGN) for f, q in seen if f.startswith(SIGN) and q.value == Answer.YES)

    def is_covered(self, part: PartDraft) -> bool:
        """Whether each danger sign of a part stands in its referral."""
        return set(self.positive(part)) <= set(part.covered)

    # deeds

    def answer(self, path: str, text: str) -> None:
        """Take one answer."""
        part = self.part
        question = part.session.question(path)
        part.session.answer(path, text)
        self.draft.focus = path
        if question.field == "alone":
            self._hear_alone(text)
        if question.field and question.field.startswith(SIGN) and text != "no":
            part.looked = False
        self.keeper.touch()
        self.survey.look(*(() if question.field == "alone" else (part,)))
        self._screen.draw()
        if question.kind in ("select_one", "select_multiple"):
            self._heed_danger(part)

    def _hear_alone(self, alone: str) -> None:
        for other in self.draft.parts:
            other.hear_alone(alone, now=self.clock.now())
        if self.draft.danger is not None:
            self.draft.danger.hear_alone(alone, now=self.clock.now())

    def undo(self) -> bool:
        """Take back the last answer about the person shown and go there; False when there is nothing."""
        part, alone = self.part, self.alone
        deed = part.session.undoable
        if deed is None:
            return False
        for _changes in take_back(part.session):
            part.looked = False  # what was taken back may be the one key that said so
        if self.alone != alone:
            self._hear_alone(self.alone)
        self.keeper.touch()
        self.survey.look()
        number, path = self.draft.parts.index(part), deed[1]
        at = f"{without_positions(path)}/"
        step = next((s for s in self.steps if s.part == number and at.startswith(f"{s.path}/")), None)
        if step is not None and step.key != self.draft.page:
            self.pick(step.key, focus=path)
        else:
            self.draft.focus = path or self.draft.focus
            self._screen.draw(moved=True)
        return True

    def follow(self, path: str, answer: str) -> None:
        """Whether a doctor has seen a child that was sent to one."""
        development_section.follow(self.draft, path, answer)
        self.keeper.touch()
        self.survey.look(self.draft.parts[0])
        self._screen.draw()

    def take_development(self, found: Mapping[str, Standing]) -> None:
        """How the children stand by now: a check was begun, saved or thrown away meanwhile."""
        if found != self.draft.development:
            self.draft.development = found
            self.survey.look()
        self._screen.draw()

    def take_private(self, found: PrivateQuestions | None) -> None:
        """Which private questions are offered, and who was asked today by now."""
        if found != self.private:
            self.private = found
            self._screen.draw()

    def check_of_part(self) -> None:
        """Open the development check of the child shown, or of the one that is waiting for it."""
        if person := development_section.check_meant(self.draft, self.part):
            self._screen.turn_to_check(person)

    def changed(self) -> None:
        """Instances of a repeat came, went or were opened."""
        self.keeper.touch()
        self.survey.look(self.part)
        self._screen.draw()

    def left(self, path: str) -> None:
        """The keyboard left a field: a good moment to save, and for a measured danger sign to speak."""
        self.draft.focus = path
        self.keeper.flush()
        self._heed_danger(self.part)

    def has_open_signs(self) -> bool:
        """Whether the page asks for signs that were not answered yet."""
        return bool(self._open_signs())

    def _open_signs(self) -> list[Question]:
        return [
            q
            for q in self.questions()
            if q.field and q.field.startswith(SIGN) and not q.value and "private" not in q.appearance
        ]

    def none_of_these(self) -> None:
        """0: each sign was looked for, none is there. Answers given stay; private questions are asked by themselves."""
        part, open_signs = self.part, self._open_signs()
        if open_signs:
            part.session.put({question.path: "no" for question in open_signs})
            part.looked = True
            self.keeper.touch()
            self.survey.look(part)
            self._screen.draw(moved=True)

    def go_on(self) -> None:
        """Continue: what is wrong is said; else the next section."""
        step = self.step
        if step is None:
            return
        self.draft.visited.add(step.key)
        self.survey.look(self.part)
        self.keeper.touch()
        self.keeper.flush()
        problems = self.problems_of(step)
        if problems:
            self._screen.draw()
            self._screen.show_problems(problems)
            return
        if self._heed_danger(self.part):
            return
        if step.name == "growth" and (asked := self._doubt()):
            self._screen.ask_again(asked)
            return
        if step.name == "growth" and (asked := self._same_as_twin()):
            self.draft.twins_asked = True
            self._screen.ask_again(asked)
            return
        keys = [s.key for s in self.steps]
        at = keys.index(step.key) + 1
        self.pick(keys[at] if at < len(keys) else CHECK)

    def back(self) -> None:
        """The section before."""
        keys = [*(s.key for s in self.steps), CHECK]
        self.pick(keys[max(0, keys.index(self.draft.page) - 1)])

    def pick(self, key: str, focus: str = "") -> None:
        """Show a section, with the keyboard on a question of it; a development check is a page of its own."""
        if person := person_of(key):
            self._screen.turn_to_check(person)
            return
        if person := private_questions.person_of(key):
            self._screen.turn_to_questions(person)
            return
        if self.step is not None and key != self.draft.page and self.questions():
            self.draft.visited.add(self.draft.page)
            self.survey.look(self.part)
        self.draft.page, self.draft.focus = key, focus
        self.keeper.touch()
        self.keeper.flush()
        self._screen.draw(moved=True)

    def pick_part(self, number: int) -> None:
        """Show the first open section of a part."""
        own = [s for s in self.steps if s.part == number]
        opened = next((s for s in own if self.survey.state(s.key) != "done"), own[0] if own else None)
        if opened is not None:
            self.pick(opened.key)

    def set_place(self, place: Place) -> None:
        """Where the visit takes place."""
        self.draft.place = place
        self.keeper.touch()

    def set_present(self, person: PersonLine, *, there: bool) -> None:
        """Who is there; a child who is there is seen, and one who is not has no pages."""
        held = set(self.draft.present) - {person.id} | ({PersonId(person.id)} if there else set())
        self.draft.present = [PersonId(p.id) for p in self.draft.household.persons if p.id in held]
        for part in self.draft.parts:
            if part.person is not None and part.person.id == person.id:
                asked = visits.form_of(part.person, self.draft.household, self.draft.on) is not None
                part.seen = asked and (there or bool(part.referral))
        self.survey.look()
        self.keeper.touch()
        self._screen.draw()

    def next_wording(self) -> str:
        """The questions in the next language; the program keeps its own. Returns the code."""
        codes = list(LANGUAGES)
        now = self.part.session.language
        code = codes[(codes.index(now) + 1) % len(codes)] if now in codes else codes[0]
        self.set_wording(code)
        self.keeper.touch()
        self._screen.draw()
        return code

    def set_wording(self, code: str) -> None:
        """Word the questions in this language."""
        for part in self.draft.parts:
            part.session.set_language(code)
        if self.draft.danger is not None:
            self.draft.danger.session.set_language(code)
        self.survey.look()

    def set_reason(self, code: str) -> None:
        """Why a signed visit is corrected."""
        self.draft.reason = code
        self.keeper.touch()

    def go_to_missing(self) -> None:
        """The first thing that keeps the visit from being signed; what was gone through already says what is wrong."""
        step = next((s for s in self.steps if self.problems_of(s)), None)
        if step is None:
            self.sign()
            return
        was_seen = step.key in self.draft.visited
        self.pick(step.key)
        if was_seen:
            self._screen.show_problems(self.problems_of(step))

    def sign(self) -> None:
        """Sign, once nothing is missing and each danger sign is referred."""
        if self.is_signing:
            return
        for step in self.steps:
            problems = self.problems_of(step)
            if problems:
                self.draft.visited.add(step.key)
                self.pick(step.key)
                self._screen.show_problems(problems)
                return
        waiting = next((p for p in self.draft.seen if not self.is_covered(p)), None)
        if waiting is not None:
            self._screen.turn_to_danger(waiting)
            return
        self.is_signing = True
        self.keeper.end()
        answers, today, marked = self.draft.answers(), self.clock.today(), self._clock_marked
        self.run(
            lambda work: signing.sign_visit(work, self.pack, answers, today=today, clock_marked=marked),
            done=self._screen.show_signed,
            failed=self._not_signed,
        )

    def drop(self, done: Callable[[Any], object]) -> None:
        """Throw the draft away."""
        self.keeper.end()
        draft = self.draft.id
        self.run(lambda work: visits.drop_draft(work, draft), done=done, failed=self._not_saved)

    # inside

    def _heed_danger(self, part: PartDraft) -> bool:
        """Turn to "Danger now" when an urgent sign appears that did not turn there yet."""
        now = [c for c in self.positive(part) if self.pack.danger(c).urgency is Pace.NOW]
        new = set(now) - self._turned[part.id] - set(part.covered)
        self._turned[part.id] |= new
        if new:
            self.keeper.flush()
            self._screen.turn_to_danger(part)
        return bool(new)

    def _doubt(self) -> str:
        """A question about numbers that can hardly be right, asked once for the same numbers; empty without any."""
        part, held = self.part, self.answers_of(self.part)
        if part.facts is None or held is None:
            return ""
        fields = held.fields("growth")
        found = doubtful(self.pack, part.facts, fields, on=self.draft.on)
        seen = repr(sorted(fields.items()))
        if not found or self._doubted.get(part.id) == seen:
            return ""
        self._doubted[part.id] = seen
        return " ".join((*found, _("If the number is right, continue.")))

    def _same_as_twin(self) -> str:
        """A question about numbers equal to the other twin's, asked once; empty when there is nothing to ask."""
        twin = twin_of(self.draft, self.part)
        if twin is None or twin.person is None or self.draft.twins_asked:
            return ""
        mine, theirs = by_field(self.part, "growth"), by_field(twin, "growth")
        same = [
            q.label for f, q in mine.items()
            if q.kind == "decimal" and q.value and f in theirs and theirs[f].value == q.value
        ]  # fmt: skip
        if not same:
            return ""
        return _("{name} has the same numbers ({fields}). If both were measured, continue.").format(
            name=words.short_name(twin.person), fields=", ".join(same)
        )

    def _not_saved(self, error: BaseException) -> None:
        self._screen.show_error(error, self._save_again)

    def _save_again(self) -> None:
        self.keeper.is_dirty = True
        self.keeper.flush()

    def _not_signed(self, error: BaseException) -> None:
        self.is_signing = False
        self.keeper.go_on()
        self._screen.show_error(error, self.sign)


def _problem(question: Question, asked: Sequence[Question]) -> Problem:
    """Where the form only says "choose an answer", a list of problems names what is asked.

    A number that is neither there nor explained is wrong at the number: there she types it; the reason is beside it.
    """
    if question.violation != "required":
        return Problem(question.path, sentence(question))
    of = (question.field or "").removesuffix(WHY)
    at = next((q for q in asked if q.field == of), question)
    return Problem(at.path, sentence(question), at.label)


def is_child(person: PersonLine) -> bool:
    """Whether somebody is visited as a child."""
    return person.kind is PersonKind.CHILD
