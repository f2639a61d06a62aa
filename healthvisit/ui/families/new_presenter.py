"""Decides what a new family's three pages accept, what is said beside a field, and who looks like somebody known."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol

from healthvisit.domain.errors import HealthvisitError, InputError
from healthvisit.domain.household import Role
from healthvisit.domain.ids import HouseholdId, PersonId
from healthvisit.domain.person import TERM_DAYS, PersonKind, Precision, Sex, require_birth_date
from healthvisit.domain.schedule import Anchor, contacts, next_contact
from healthvisit.services import families
from healthvisit.services.families import LookAlike, NewFamily, NewPerson
from healthvisit.ui import words
from healthvisit.ui.dates import no_day, no_number, parse_day, parse_number
from healthvisit.ui.i18n import _
from healthvisit.ui.messages import sentence

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

    from healthvisit.packs.pack import Pack
    from healthvisit.ui.desk import Desk, Go

WEEK_DAYS, PREGNANCY = 7, "0"
Problems = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedChild:
    """One child as it stands in the fields."""

    surname: str = field(default="", repr=False)
    given_name: str = field(default="", repr=False)
    sex: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """Everything as it stands in the fields.

    `count` is "1", "2", "3", or "0" for a pregnancy without a child; `precision` is empty until it is chosen.
    """

    name: str = field(default="", repr=False)
    count: str = "1"
    children: tuple[TypedChild, ...] = field(default=(), repr=False)
    born: str = field(default="", repr=False)
    precision: str = ""
    mother_surname: str = field(default="", repr=False)
    mother_given: str = field(default="", repr=False)
    place: str = ""
    address: str = field(default="", repr=False)
    note: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    may_ring: str = ""
    weeks: str = field(default="", repr=False)
    birth_weight: str = field(default="", repr=False)
    left: str = field(default="", repr=False)
    due: str = field(default="", repr=False)

    @property
    def pregnant(self) -> bool:
        """Whether there is no child yet."""
        return self.count == PREGNANCY


def birth_date(text: str, precision: str, today: date) -> date | None:
    """A typed birth date; for a month or year its first day, so that nobody reads more into it than was known.

    While no precision is chosen, a whole date is read, to look for who is alike.

    Raises:
        ValueError: No date; the message is what to say beside the field.
        InputError: In the future, or too early.
    """
    text = text.strip()
    if not text:
        return None
    if precision == "month":
        found = re.fullmatch(r"(\d{1,2})[./\- ](\d{4})", text)
        if not found or not 1 <= int(found[1]) <= 12:  # noqa: PLR2004 -- months
            raise ValueError(_("This is not a month. Type it as 07.2026."))
        made = date(int(found[2]), int(found[1]), 1)
    elif precision == "year":
        if not re.fullmatch(r"\d{4}", text) or int(text) == 0:
            raise ValueError(_("This is not a year. Type it as 2024."))
        made = date(int(text), 1, 1)
    else:
        try:
            made = parse_day(text, latest=today)
        except ValueError as error:
            raise ValueError(no_day()) from error
    require_birth_date(made, today=today)
    return made


def _attempt(problems: Problems, name: str, read: Callable[[], object]) -> object:
    try:
        return read()
    except HealthvisitError as error:
        problems[name] = sentence(error)
    except ValueError as error:
        problems[name] = str(error)
    return None


def _whole(text: str) -> int | None:
    if not text.strip():
        return None
    try:
        return int(text)
    except ValueError as error:
        raise ValueError(no_number("38")) from error


def grams(text: str, pack: Pack) -> int | None:
    """A birth weight typed in kilograms ("3,40") or in grams ("3400").

    Raises:
        ValueError: No number; the message is what to say beside the field.
        OutOfRangeError: Outside the pack's limits.
    """
    if not text.strip():
        return None
    try:
        typed = parse_number(text)
    except ValueError as error:
        raise ValueError(no_number()) from error
    made = int(typed * 1000) if typed < 30 else int(typed)  # noqa: PLR2004 -- no newborn weighs 30 kg, none 30 g
    pack.limits["birth_weight_g"].require(made)
    return made


def check_who(typed: Typed, today: date) -> Problems:
    """What is wrong on the first page: field to sentence."""
    problems: Problems = {}
    if not typed.name.strip():
        problems["name"] = sentence(InputError("household.name_missing"))
    if typed.pregnant:
        if not (typed.mother_surname.strip() or typed.mother_given.strip()):
            problems["mother_given"] = sentence(InputError("person.name_missing"))
        return problems
    return problems | check_children(typed, today)


def check_children(typed: Typed, today: date, *, unnamed: str = "mother_given") -> Problems:
    """What is wrong about the children alone; `unnamed` is the field of a child without name and mother."""
    problems: Problems = {}
    if not typed.born.strip():
        problems["born"] = sentence(InputError("person.birth_date_missing"))
    elif typed.precision or _is_day(typed.born):
        _attempt(problems, "born", lambda: birth_date(typed.born, typed.precision, today))
    if not typed.precision:  # never taken from what was typed: a date that was guessed would pass for a known one
        problems["precision"] = _("Choose how well the date is known.")
    nameless = not (typed.mother_surname.strip() or typed.mother_given.strip())
    for at, child in enumerate(typed.children):
        if not child.sex:
            problems[f"sex{at}"] = _("Choose girl or boy, or not known.")
        if nameless and not child.given_name.strip():
            problems[unnamed] = _("Type the child's first name, or the name of its mother.")
    return problems


def _is_day(text: str) -> bool:
    try:
        parse_day(text)
    except ValueError:
        return False
    return True


def check_where(typed: Typed) -> Problems:
    """What is wrong on the second page."""
    return {} if typed.place else {"place": sentence(InputError("household.place_missing"))}


def check_birth(typed: Typed, pack: Pack, today: date) -> Problems:
    """What is wrong on the third page."""
    problems: Problems = {}
    weeks = _attempt(problems, "weeks", lambda: _whole(typed.weeks))
    if isinstance(weeks, int) and not 22 <= weeks <= 44:  # noqa: PLR2004 -- as `domain.person.Birth`
        problems["weeks"] = sentence(InputError("birth.gestation", low=22, high=44))
    _attempt(problems, "birth_weight", lambda: grams(typed.birth_weight, pack))
    for name, text, latest in (("left", typed.left, today), ("due", typed.due, None)):
        _attempt(problems, name, lambda text=text, latest=latest: _day(text, latest))  # type: ignore[misc]
    if "left" not in problems and _left_before_birth(typed, today):
        problems["left"] = sentence(InputError("birth.left_before"))
    return problems


def _left_before_birth(typed: Typed, today: date) -> bool:
    try:
        born, left = birth_date(typed.born, typed.precision, today), _day(typed.left, today)
    except (ValueError, HealthvisitError):
        return False  # said beside the date of birth
    return born is not None and left is not None and left < born


def _day(text: str, latest: date | None) -> date | None:
    if not text.strip():
        return None
    try:
        made = parse_day(text, latest=latest)
    except ValueError as error:
        raise ValueError(no_day()) from error
    if latest is not None and made > latest:
        raise InputError("person.born_in_future")
    return made


def new_children(typed: Typed, pack: Pack, today: date) -> tuple[NewPerson, ...]:
    """The children as typed; call it when `check_children` and `check_birth` found nothing."""
    if typed.pregnant:
        return ()
    weeks = _whole(typed.weeks)
    return tuple(
        NewPerson(
            kind=PersonKind.CHILD,
            sex=Sex(child.sex),
            role=Role.CHILD,
            surname=child.surname.strip() or typed.mother_surname.strip(),
            given_name=child.given_name.strip(),
            born_on=birth_date(typed.born, typed.precision, today),
            born_precision=Precision(typed.precision),
            gestation_days=weeks * WEEK_DAYS if weeks else None,
            birth_weight_g=grams(typed.birth_weight, pack) if len(typed.children) == 1 else None,
            left_on=_day(typed.left, today),
        )
        for child in typed.children
    )


def new_family(typed: Typed, pack: Pack, today: date) -> NewFamily:
    """The family as typed; call it when the checks found nothing."""
    mother = None
    if typed.mother_surname.strip() or typed.mother_given.strip():
        mother = NewPerson(
            kind=PersonKind.ADULT,
            sex=Sex.FEMALE,
            role=Role.MOTHER,
            surname=typed.mother_surname.strip(),
            given_name=typed.mother_given.strip(),
            due_on=_day(typed.due, None) if typed.pregnant else None,
        )
    return NewFamily(
        name=typed.name.strip(),
        place=typed.place,
        address=typed.address,
        note=typed.note,
        phone=typed.phone,
        may_ring={"yes": True, "no": False}.get(typed.may_ring),
        mother=mother,
        children=new_children(typed, pack, today),
    )


def rhythm(typed: Typed, pack: Pack, today: date) -> str:
    """Which visit comes first, computed from what is typed; empty while it cannot be."""
    anchors: dict[Anchor, date] = {}
    try:
        born = birth_date(typed.born, typed.precision, today)
        left, due = _day(typed.left, today), _day(typed.due, None)
    except (ValueError, HealthvisitError):
        return ""
    if typed.pregnant and due is not None:
        anchors[Anchor.LMP] = date.fromordinal(due.toordinal() - TERM_DAYS)
    elif not typed.pregnant and born is not None and typed.precision == "day":
        anchors[Anchor.BIRTH] = born
        if left is not None:
            anchors[Anchor.DISCHARGE] = left
    ahead = next_contact(contacts(pack.schedule, anchors, enrolled_on=today, done={}, today=today))
    if ahead is None:
        return ""
    what = words.contact(pack, ahead.code)
    return _("First visit by the calendar: {visit}, {when}").format(visit=what, when=words.window(ahead, today))


class NewFamilyScreen(Protocol):
    """What the presenter asks of the screen."""

    def show_alikes(self, found: list[LookAlike] | None) -> None:
        """List who may be the same; None while too little is typed to look."""

    def show_failed(self, error: BaseException, field: str | None) -> None:
        """Say why it was not saved, beside the field it is about where one is known."""


FIELD_OF: Mapping[str, str] = {
    "phone.": "phone", "household.name": "name", "household.place": "place", "person.born": "born",
    "person.birth_date": "born", "birth.gestation": "weeks", "measurement.": "birth_weight",
}  # fmt: skip


class NewFamilyPresenter:
    """Checks, asks for look-alikes, saves; one save at a time."""

    def __init__(self, desk: Desk, go: Go, screen: NewFamilyScreen, owner: QObject) -> None:
        self.desk, self.go, self._screen, self._owner = desk, go, screen, owner
        self._asked = 0
        self._saving = False

    def look_alikes(self, typed: Typed) -> None:
        """Look for children who may be the one being typed; an older question's answer is dropped."""
        self._asked += 1
        number, today = self._asked, self.desk.today()
        try:
            born = birth_date(typed.born, typed.precision, today)
        except (ValueError, HealthvisitError):
            born = None
        first = typed.children[0] if typed.children else None
        if born is None or first is None or typed.precision not in ("", "day"):
            self._screen.show_alikes(None)
            return
        surname = first.surname.strip() or typed.mother_surname.strip() or typed.name.strip()
        sex = Sex(first.sex) if first.sex else Sex.UNKNOWN
        self.desk.read(
            lambda work: families.look_alikes(
                work, surname=surname, given_name=first.given_name.strip(), sex=sex, born_on=born, place=typed.place,
                today=today,
            ),
            done=lambda found: self._screen.show_alikes(found) if number == self._asked else None,
            failed=lambda error: self._screen.show_failed(error, None),
            owner=self._owner,
        )  # fmt: skip

    def save(self, typed: Typed, *, start_visit: bool) -> None:
        """Store the family, then begin its visit or open its page."""
        today = self.desk.today()
        family = new_family(typed, self.desk.pack, today)
        self._save(
            lambda work: families.register_family(work, family, today=today),
            self.go.start_visit if start_visit else self.go.family,
        )

    def save_children(self, typed: Typed, household: str, mother: PersonId | None) -> None:
        """Store children of a known family, then open its page."""
        today = self.desk.today()
        children = new_children(typed, self.desk.pack, today)
        self._save(
            lambda work: families.add_children(work, HouseholdId(household), children, mother=mother, today=today),
            lambda _made: self.go.family(household),
        )

    def _save(self, deed: Callable[..., object], then: Callable[..., object]) -> None:
        if self._saving:  # a second Enter while the first is on its way makes no second family
            return
        self._saving = True

        def done(made: object) -> None:
            self._saving = False
            then(made)

        def failed(error: BaseException) -> None:
            self._saving = False
            code = error.code if isinstance(error, HealthvisitError) else ""
            self._screen.show_failed(error, next((f for start, f in FIELD_OF.items() if code.startswith(start)), None))

        self.desk.save(deed, done=done, failed=failed, owner=self._owner)
