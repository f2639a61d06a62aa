"""Decides what the check page says: what is asked, what it comes to so far, and that no answer is lost."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from healthvisit.development import Monitoring
from healthvisit.domain.errors import HealthvisitError
from healthvisit.services import check_drafts, development
from healthvisit.services.check_drafts import CheckDraft, InVisit
from healthvisit.services.development import CheckFacts
from healthvisit.ui.development import words
from healthvisit.ui.i18n import LANGUAGES, _

if TYPE_CHECKING:
    from datetime import date, datetime

    from PySide6.QtCore import QObject

    from healthvisit.domain.development import DevelopmentCheck
    from healthvisit.packs.pack import Text
    from healthvisit.ui.desk import Desk

SKILLS, SIGNS, WORRIES, DONE = range(4)
WORRY = "worry"
YES_NO = ("yes", "no", "not_asked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One row: a skill, a sign or a question, with its answers as (key, words) and the one given."""

    code: str
    text: str
    hint: str
    choices: tuple[tuple[str, str], ...]
    value: str = field(default="", repr=False)
    is_sign: bool = False


class CheckScreen(Protocol):
    """What the presenter asks of the screen."""

    def show_check(self) -> None:
        """Draw the page anew."""

    def show_result(self) -> None:
        """Draw what it comes to so far."""

    def show_saved_at(self, at: datetime) -> None:
        """A draft is on the disk."""

    def show_done(self, check: DevelopmentCheck) -> None:
        """The check is saved."""

    def show_error(self, error: BaseException) -> None:
        """Say what went wrong."""


class CheckPresenter:
    """Holds the check being asked. Every answer is on its way to the disk when its method returns."""

    def __init__(self, desk: Desk, screen: CheckScreen, owner: QObject) -> None:
        self.desk, self._screen, self._owner = desk, screen, owner
        self.pack = development.checks_pack()
        self.person = ""
        self.facts: CheckFacts | None = None
        self.draft: CheckDraft | None = None
        self.done: DevelopmentCheck | None = None
        self.wording = ""
        self._opened: CheckDraft | None = None  # as it was opened, until something of it is kept
        self._dirty = False

    def open(self, person: str, amends: str = "", visit: InVisit | None = None) -> None:
        """Begin a check, or go on with the one begun; in a visit it is that visit's."""
        self.person, self.facts, self.draft, self.done, self._dirty = person, None, None, None, False
        self.wording = self.desk.preferences.wording_language or self.desk.preferences.language
        today = self.desk.today()
        self.desk.read(
            lambda work: development.begin(work, person, today=today, amends=amends, visit=visit),
            done=lambda got: self._take(person, *got),
            failed=self._screen.show_error,
            owner=self._owner,
        )

    def _take(self, person: str, facts: CheckFacts, draft: CheckDraft) -> None:
        if person == self.person:
            self.facts, self.draft, self._opened = facts, draft, draft
            self._screen.show_check()

    # what is asked

    def wording_of(self, text: Text) -> str:
        """A question in the language it is read aloud in."""
        return text.get(self.wording) or words.own(text)

    def rows(self, page: int) -> list[Asked]:
        """The rows of a page."""
        if self.facts is None or self.draft is None:
            return []
        if page == SKILLS:
            return self._skills(self.facts, self.draft)
        if page == SIGNS:
            signs = self.pack.flags_at(self.facts.reference_days(self.draft.on))
            return [self._sign(flag.code, flag.text, flag.hint) for flag in signs]
        return [self._sign(question.code, question.name) for question in self.pack.questions]

    def _skills(self, facts: CheckFacts, draft: CheckDraft) -> list[Asked]:
        choices = tuple((answer.code, self.wording_of(answer.name)) for answer in self.pack.answers)
        asked = development.skills(self.pack, facts, draft)
        newest = max((s.band for s in asked), default=0)
        made = []
        for s in asked:
            domain = next((self.wording_of(d.name) for d in self.pack.domains if d.code == s.domain), s.domain)
            younger = [words.band(s.band)] if s.band < newest else []
            hint = " · ".join([*younger, domain, self.wording_of(s.hint)])
            value = draft.answers.get(s.code, "")
            made.append(Asked(code=s.code, text=self.wording_of(s.text), hint=hint, choices=choices, value=value))
        return made

    def _sign(self, code: str, text: Text, hint: Text | None = None) -> Asked:
        answers = {a.code: self.wording_of(a.name) for a in self.pack.answers}
        choices = (("yes", answers["yes"]), ("no", _("No")), ("not_asked", answers["not_asked"]))
        value = self.draft.signs.get(code, "") if self.draft else ""
        return Asked(
            code=code, text=self.wording_of(text), hint=self.wording_of(hint) if hint else "", choices=choices,
            value=value, is_sign=True,
        )  # fmt: skip

    def page_of(self, code: str) -> int:
        """The page a row stands on; the first for one that is asked no more."""
        if code == WORRY:
            return WORRIES
        return next((page for page in (SKILLS, SIGNS, WORRIES) if any(r.code == code for r in self.rows(page))), SKILLS)

    def first_page(self) -> int:
        """Where it begins: skills, or the signs where no list fits."""
        return SKILLS if self.rows(SKILLS) else SIGNS

    def open_of(self, page: int) -> int:
        """How many rows of a page have no answer."""
        return sum(not row.value for row in self.rows(page))

    # answers

    def answer(self, page: int, code: str, key: str, focus: str) -> None:
        """One answer; the same once more takes it back. `focus` is the row the keyboard goes to."""
        if self.draft is None or self.done is not None:
            return
        held = dict(self.draft.answers if page == SKILLS else self.draft.signs)
        if key:
            held[code] = key
        else:
            held.pop(code, None)
        changed = {"answers": held} if page == SKILLS else {"signs": held}
        self.draft = replace(self.draft, focus=focus, **changed)  # type: ignore[arg-type]  # one of the two mappings
        self.keep()
        self._screen.show_result()

    def write_worry(self, text: str) -> None:
        """The family's words, as typed; kept soon after the last key."""
        if self.draft is not None and text != self.draft.worry:
            self.draft = replace(self.draft, worry=text, focus=WORRY)
            self._dirty = True

    def stand_on(self, code: str) -> None:
        """The keyboard moved without an answer; kept with the next save."""
        if self.draft is not None and code != self.draft.focus:
            self.draft = replace(self.draft, focus=code)
            self._dirty = True

    def set_day(self, on: date) -> None:
        """Another day of the check; what is asked follows the age on it.

        Raises:
            InputError: As `development.require_day`.
        """
        if self.facts is None or self.draft is None or on == self.draft.on:
            return
        development.require_day(self.facts, on, today=self.desk.today())
        self.draft = replace(self.draft, on=on)
        self.keep()
        self._screen.show_check()

    def flush(self) -> None:
        """Keep what is typed and not kept yet."""
        if self._dirty:
            self.keep()

    def keep(self) -> None:
        """Seal the draft now: it is on its way to the disk when this returns."""
        draft, self._dirty = self.draft, False
        if draft is None or (self._opened is not None and replace(draft, focus=self._opened.focus) == self._opened):
            return  # only looked at: nothing was begun
        if self.done is None:
            self._opened = None
            self.desk.save(
                lambda work: check_drafts.keep_draft(work, draft),
                done=self._screen.show_saved_at,
                failed=self._screen.show_error,
                owner=self._owner,
            )

    # what it comes to

    @property
    def is_begun(self) -> bool:
        """Whether anything was answered."""
        return self.draft is not None and self.draft.is_begun

    def weighed(self) -> Monitoring | None:
        """What the answers come to so far."""
        if self.facts is None or self.draft is None:
            return None
        return development.weigh(self.pack, self.facts, self.draft)

    def why_not(self) -> str:
        """Why no list of skills is asked; empty where one is."""
        if self.facts is None or self.draft is None or self.rows(SKILLS):
            return ""
        if self.facts.age_days(self.draft.on) is None:
            return _("The day of birth is not known, so no list of skills fits. The signs are still asked.")
        return _("The lists of skills begin at one month (corrected age). The signs are still asked.")

    def day_trouble(self) -> HealthvisitError | None:
        """What is wrong with the day of the check for this child."""
        if self.facts is None or self.draft is None:
            return None
        try:
            development.require_day(self.facts, self.draft.on, today=self.desk.today())
        except HealthvisitError as error:
            return error
        return None

    def save(self) -> None:
        """Write the check, its referral and the day to look again, in one transaction."""
        draft, pack, today = self.draft, self.pack, self.desk.today()
        if draft is None or self.done is not None:
            return
        self.desk.save(
            lambda work: development.save_check(work, pack, draft, today=today),
            done=self._saved,
            failed=self._screen.show_error,
            owner=self._owner,
        )

    def _saved(self, check: DevelopmentCheck) -> None:
        if self.draft is not None and check.id == self.draft.id:
            self.done, self._dirty = check, False
            self._screen.show_done(check)

    def throw_away(self) -> None:
        """Drop the draft; nothing of it is kept."""
        person, self.draft, self._dirty = self.person, None, False
        self.desk.save(
            lambda work: check_drafts.drop_draft(work, person), done=lambda _nothing: None,
            failed=self._screen.show_error, owner=self._owner,
        )  # fmt: skip

    def next_wording(self) -> str:
        """Read the questions in the next language; its code."""
        codes = list(LANGUAGES)
        self.wording = codes[(codes.index(self.wording) + 1) % len(codes)]
        return self.wording
