"""Decides what a visit's screen shows and when: sections, problems, danger, draft, signing. Knows no widget."""

from collections.abc import Callable, Mapping
from typing import Any

from healthvisit.forms.views import Question
from healthvisit.packs.pack import Pack
from healthvisit.services.development_visit import Standing
from healthvisit.services.visit_draft import SIGN, PartDraft, VisitDraft
from healthvisit.ui import words
from healthvisit.ui.form.page import Remark
from healthvisit.ui.form.presenter import take_back
from healthvisit.ui.visit import development_section, private_questions
from healthvisit.ui.visit.development_section import FollowQuestion, person_of
from healthvisit.ui.visit.ending import Ending
from healthvisit.ui.visit.keeper import DraftKeeper, Run
from healthvisit.ui.visit.measuring import Doubts, meanings
from healthvisit.ui.visit.private_questions import PrivateQuestions
from healthvisit.ui.visit.problems import follow_questions_of, problems_of
from healthvisit.ui.visit.screen import Clock, Screen
from healthvisit.ui.visit.section_list import section_list
from healthvisit.ui.visit.setting import Setting, hear_alone
from healthvisit.ui.visit.signs import Signs, open_signs
from healthvisit.ui.visit.steps import CHECK, Step, Survey, by_field, page_of
from healthvisit.ui.visit.to_check import ToCheck, to_check
from healthvisit.ui.widgets.sections import Section


class VisitPresenter:
    """One visit being made. Used on the main thread only, as its form sessions are."""

    def __init__(
        self, draft: VisitDraft, *, pack: Pack, clock: Clock, screen: Screen, run: Run, clock_marked: bool = False
    ) -> None:
        self.draft, self.pack, self.clock, self.run, self._screen = draft, pack, clock, run, screen
        self.signs, self._doubts = Signs(draft, pack), Doubts(draft, pack)
        self.private: PrivateQuestions | None = None
        self.survey = Survey(draft, pack)
        if draft.amends is not None:  # each section was gone through when it was signed
            draft.visited |= {s.key for s in self.steps}
            self.survey.look()
        self.keeper = DraftKeeper(
            draft.content, run=run, soon=screen.start_timer, saved=screen.show_saved, failed=self._not_saved
        )
        self.setting = Setting(draft, self.survey, self.keeper, screen.draw)
        self._ending = Ending(
            draft, self.keeper, pack=pack, clock=clock, clock_marked=clock_marked, run=run, screen=screen
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
        return section_list(self.draft, self.survey, self.private, alone=self.alone)

    def questions(self) -> tuple[Question, ...]:
        """The questions of the section shown."""
        page = page_of(self.draft, self.step) if self.step else None
        return page.questions if page else ()

    def follow_questions(self) -> list[FollowQuestion]:
        """Beside the last agreement: what came of each child sent to a doctor."""
        return follow_questions_of(self.draft, self.step)

    def remarks(self) -> dict[str, Remark]:
        """What the numbers of the page mean, by field."""
        is_growth = self.step is not None and self.step.name == "growth"
        return meanings(self.draft, self.pack, self.part) if is_growth else {}

    def to_check(self) -> ToCheck:
        """For "check and sign"."""
        return to_check(self.draft, self.pack, self.steps, self.signs, today=self.clock.today())

    def has_open_signs(self) -> bool:
        """Whether the page asks for signs that were not answered yet."""
        return bool(open_signs(self.questions()))

    # answers

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
        hear_alone(self.draft, alone, now=self.clock.now())

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
        path = deed[1]
        step = self.survey.step_at(self.draft.parts.index(part), path)
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

    def none_of_these(self) -> None:
        """0: each sign was looked for, none is there. Answers given stay; private questions are asked by themselves."""
        part, asked = self.part, open_signs(self.questions())
        if asked:
            part.session.put({question.path: "no" for question in asked})
            part.looked = True
            self.keeper.touch()
            self.survey.look(part)
            self._screen.draw(moved=True)

    # from section to section

    def go_on(self) -> None:
        """Continue: what is wrong is said; else the next section."""
        step = self.step
        if step is None:
            return
        self.draft.visited.add(step.key)
        self.survey.look(self.part)
        self.keeper.touch()
        self.keeper.flush()
        if problems := problems_of(self.draft, step):
            self._screen.draw()
            self._screen.show_problems(problems)
            return
        if self._heed_danger(self.part):
            return
        if step.name == "growth" and (asked := self._doubts.ask(self.part)):
            self._screen.ask_again(asked)
            return
        keys = [s.key for s in self.steps]
        at = keys.index(step.key) + 1
        self.pick(keys[at] if at < len(keys) else CHECK)

    def doubts(self) -> str:
        """What there is to look at once more on the whole sheet; said once, then she is taken at her word."""
        asked = [(part.person, self._doubts.ask(part)) for part in self.draft.seen]
        return " ".join(f"{words.short_name(person)}: {said}" for person, said in asked if person and said)

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

    def go_to_missing(self) -> None:
        """The first thing that keeps the visit from being signed; what was gone through already says what is wrong."""
        step = next((s for s in self.steps if problems_of(self.draft, s)), None)
        if step is None:
            self.sign()
            return
        was_seen = step.key in self.draft.visited
        self.pick(step.key)
        if was_seen:
            self._screen.show_problems(problems_of(self.draft, step))

    def _heed_danger(self, part: PartDraft) -> bool:
        """Turn to "Danger now" when an urgent sign appears that did not turn there yet."""
        turns = self.signs.turns(part)
        if turns:
            self.keeper.flush()
            self._screen.turn_to_danger(part)
        return turns

    # the end

    def sign(self) -> None:
        """Sign, once nothing is missing and each danger sign is referred."""
        if self._ending.is_signing:
            return
        for step in self.steps:
            if problems := problems_of(self.draft, step):
                self.draft.visited.add(step.key)
                self.pick(step.key)
                self._screen.show_problems(problems)
                return
        if waiting := self.signs.waiting():
            self._screen.turn_to_danger(waiting[0])
            return
        self._ending.sign(self.sign)

    def drop(self, done: Callable[[Any], object]) -> None:
        """Throw the draft away."""
        self._ending.drop(done)

    def _not_saved(self, error: BaseException) -> None:
        self._screen.show_error(error, self.keeper.save_again)
