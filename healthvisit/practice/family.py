"""One invented family: who they are, what was done for them, and what is odd about some."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from healthvisit.domain.household import Enrolment, Household, Membership, Role
from healthvisit.domain.ids import HouseholdId, PersonId, VisitId, WorkerId, derived_id, programme_number
from healthvisit.domain.person import Birth, Person, PersonKind, Phone, Precision, Pregnancy, Sex, completed_months
from healthvisit.domain.record import Kind
from healthvisit.domain.referral import Attempt, DangerScreen, PlannedContact, Referral, Task, Urgency
from healthvisit.domain.schedule import Anchor, ContactPlan
from healthvisit.domain.visit import Visit, VisitPart
from healthvisit.packs.pack import Pack
from healthvisit.practice import names
from healthvisit.practice.bodies import Body, family_part, mother_part
from healthvisit.practice.past_checks import Checked, checks_at, milestones_said

_MORNING = time(4, 30)  # UTC: half past nine there
_GESTATION_DAYS = 280
_YEAR = 365
_WEEKS = {"very early": 30, "early": 34}


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """One record of a save."""

    kind: Kind
    id: str
    value: Any = field(repr=False)
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Save:
    """What was saved together at one moment."""

    at: datetime
    puts: tuple[Put, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What one family is to show. `stage` is a contact's code; `when` how it stands: due, late, soon, seen, grown."""

    stage: str
    when: str
    twist: str = ""


Done = list[tuple[ContactPlan, date]]


class Family:
    """One family while it is drawn. Each has dice of its own, so that a change in one leaves the others alone."""

    def __init__(self, today: date, pack: Pack, worker: str, seed: int, number: int, wish: Wish) -> None:
        self._today = today
        self._yesterday = today - timedelta(days=1)
        self._pack = pack
        self._worker = WorkerId(worker)
        self._wish = wish
        self._number = number
        self._dice = random.Random(f"{seed} {today} {number}")
        self._key = ("practice", str(seed), today.isoformat(), str(number))
        self._made: list[Save] = []
        self._household = HouseholdId(self._id("household"))
        self._mother = PersonId(self._id("mother"))
        self._russian = names.RUSSIAN[number % len(names.RUSSIAN)] if "russian" in wish.twist else None
        self._surname, self._womans_surname, self._given, self._patronymic = self._words()

    def saves(self) -> list[Save]:
        """The family's registration on the day of its first visit, and everything since."""
        if "pregnant" in self._wish.twist:
            self._pregnancy()
        else:
            self._youngest()
        if "sibling" in self._wish.twist:
            due = Wish("M30", "due") if "sibling due" in self._wish.twist else None
            older = due or Wish(*self._dice.choice((("M30", "seen"), ("M36", "seen"), ("M36", "grown"))))
            born_on = self._anchor(older)
            done = self._done(older, born_on)[-2:]
            self._visits([self._child(born_on, "older", done)], done)
        first = min(save.at for save in self._made) - timedelta(minutes=5)
        return [Save(at=first, puts=tuple(self._home(first.date()))), *self._made]

    def _id(self, *name: str) -> str:
        return derived_id(*self._key, *name)

    # --- who they are ------------------------------------------------------------------------------------------------

    def _words(self) -> tuple[str, str, str, str]:
        """Family name; the mother's surname, name and father's name."""
        if self._russian is not None:
            return self._russian[:4]
        if self._wish.twist == "longest":
            return names.LONGEST[:4]
        surname = names.SURNAMES[self._number % len(names.SURNAMES)]
        return surname, f"{surname}a", self._dice.choice(names.WOMEN), f"{self._dice.choice(names.MEN)} gyzy"

    def _home(self, on: date) -> Iterator[Put]:
        villages = [place.code for place in self._pack.places if place.level == "village"]
        digits = f"6{self._dice.randrange(1, 6)}{self._dice.randrange(1_000_000):06d}"
        raw = f"8 {digits[:2]} {digits[2:5]}-{digits[5:]}"
        phone = Phone(id=self._id("phone"), number=f"+993{digits}", raw=raw)
        home = Household(
            id=self._household,
            number=programme_number(derived_id("practice", "block"), self._number),
            name=self._surname,
            address=f"{self._dice.choice(names.STREETS)} köçesi, {self._dice.randrange(1, 90)}-nji jaý",
            place=villages[self._number % len(villages)],
            language="ru" if self._russian else "tk",
            note=names.RUSSIAN_WAY if self._russian else names.WAYS[self._number % len(names.WAYS)],
            may_ring=self._dice.choice((True, True, None, False)),
            two_go="two go" in self._wish.twist,
            moved_on=self._today - timedelta(days=3) if self._wish.twist == "moved" else None,
            phones=(phone,) if self._number % 9 else (),
        )
        yield Put(kind=Kind.HOUSEHOLD, id=self._household, value=home, subject=self._household)
        woman = Person(
            id=self._mother, kind=PersonKind.ADULT, sex=Sex.FEMALE, surname=self._womans_surname,
            given_name=self._given, patronymic=self._patronymic,
            born_on=on - timedelta(days=self._dice.randrange(19 * _YEAR, 38 * _YEAR)),
        )  # fmt: skip
        yield from self._member(woman, Role.MOTHER, on)
        if self._number % 6 == 0:
            grandmother = Person(
                id=PersonId(self._id("grandmother")), kind=PersonKind.ADULT, sex=Sex.FEMALE,
                surname=self._womans_surname, given_name=self._dice.choice(names.WOMEN),
            )  # fmt: skip
            yield from self._member(grandmother, Role.GRANDPARENT, on)

    def _member(self, person: Person, role: Role, on: date) -> Iterator[Put]:
        yield Put(kind=Kind.PERSON, id=person.id, value=person, subject=person.id)
        record = derived_id("member", person.id)
        member = Membership(id=record, person=person.id, household=self._household, role=role, from_on=on)
        yield Put(kind=Kind.MEMBERSHIP, id=record, value=member, subject=person.id)

    def _enrolled(self, person: PersonId, on: date) -> Put:
        value = Enrolment(id=derived_id("enrolment", person), person=person, from_on=on)
        return Put(kind=Kind.ENROLMENT, id=value.id, value=value, subject=person)

    def _pregnancy(self) -> None:
        last_period = self._anchor(self._wish)
        done = self._done(self._wish, last_period)
        on = min([day for _, day in done], default=self._yesterday)
        due_on = last_period + timedelta(days=_GESTATION_DAYS)
        value = Pregnancy(id=self._id("pregnancy"), mother=self._mother, due_on=due_on)
        known = Put(kind=Kind.PREGNANCY, id=value.id, value=value, subject=self._mother)
        self._made.append(Save(at=_moment(on), puts=(known, self._enrolled(self._mother, on))))
        for contact, day in done:
            visit, record = self._visit_id(contact.code), self._id("part", contact.code)
            part = mother_part(self._pack, id=record, visit=visit, person=self._mother, code=contact.code)
            self._visit(visit, day, [part], months=None)

    def _youngest(self) -> None:
        born_on = self._anchor(self._wish)
        done = self._done(self._wish, born_on)
        of = 2 if "twins" in self._wish.twist else 1
        bodies = [self._child(born_on, "youngest", done, order, of) for order in range(1, of + 1)]
        self._visits(bodies, done)
        self._checks(bodies[0], [day for _, day in done])
        self._oddity(bodies[0].person)

    def _child(self, born_on: date, birth: str, done: Done, order: int = 1, of: int = 1) -> Body:
        sex = self._dice.choice((Sex.FEMALE, Sex.MALE))
        given = self._dice.choice(names.BOYS if sex is Sex.MALE else names.GIRLS)
        surname = self._surname if sex is Sex.MALE else self._womans_surname
        if self._russian and birth == "youngest":
            given, sex = self._russian[4], Sex(self._russian[5])
            surname = self._russian[0 if sex is Sex.MALE else 1]
        elif self._wish.twist == "longest":
            given, sex, surname = names.LONGEST[4], Sex.MALE, self._surname
        elif "unnamed" in self._wish.twist and birth == "youngest":
            given = surname = ""
        person = Person(
            id=PersonId(self._id(birth, str(order))), kind=PersonKind.CHILD, sex=sex, surname=surname,
            given_name=given, born_on=born_on, mother=self._mother,
            born_precision=Precision.MONTH if self._wish.twist == "month only" else Precision.DAY,
        )  # fmt: skip
        weeks = _WEEKS.get(self._wish.twist, 40) if birth == "youngest" else 40
        body = Body.draw(self._dice, person, weeks=weeks, of=of)
        value = Birth(
            person=person.id, gestation_days=body.gestation_days, weight_g=body.birth_weight_g,
            order=order if of > 1 else None, of=of if of > 1 else None, left_on=self._left_on(born_on),
        )  # fmt: skip
        on = min([day for _, day in done], default=self._yesterday)
        known = Put(kind=Kind.BIRTH, id=derived_id("birth", person.id), value=value, subject=person.id)
        puts = (*self._member(person, Role.CHILD, on), known, self._enrolled(person.id, on))
        self._made.append(Save(at=_moment(on), puts=puts))
        return body

    def _left_on(self, born_on: date) -> date:
        return min(self._yesterday, born_on + timedelta(days=6 if self._wish.twist in _WEEKS else 2))

    # --- when they were seen -----------------------------------------------------------------------------------------

    def _plans(self, contact: ContactPlan) -> list[ContactPlan]:
        """The contacts of one kind of person, in their order."""
        pregnant = contact.anchor is Anchor.LMP
        return [plan for plan in self._pack.schedule if (plan.anchor is Anchor.LMP) is pregnant]

    def _anchor(self, wish: Wish) -> date:
        """The day of birth (or last period) for which the wished contact stands as wished today."""
        contact = next(plan for plan in self._pack.schedule if plan.code == wish.stage)
        rough = self._today - timedelta(days=contact.days + round(contact.months * 30.4375))
        reach = range(-800, -150) if wish.when == "grown" else range(-130, 131)
        days = [rough + timedelta(days=offset) for offset in reach]
        return self._dice.choice([day for day in days if day < self._today and self._stands(wish, contact, day)])

    def _stands(self, wish: Wish, contact: ContactPlan, anchor_on: date) -> bool:
        opens, closes = self._window(contact, anchor_on)
        late = (self._today - closes).days
        if wish.when == "due":
            return opens <= self._today <= closes
        if wish.when == "soon":
            return 1 <= (opens - self._today).days <= 6  # noqa: PLR2004 -- the coming week
        if wish.when == "grown":
            return True
        after = self._plans(contact)[self._plans(contact).index(contact) + 1 :]
        if after and self._window(after[0], anchor_on)[0] <= self._today:
            return False
        return contact.target(anchor_on) < self._today if wish.when == "seen" else 2 <= late <= 50  # noqa: PLR2004

    def _window(self, contact: ContactPlan, anchor_on: date) -> tuple[date, date]:
        if contact.anchor is Anchor.DISCHARGE:
            anchor_on = self._left_on(anchor_on)
        target = contact.target(anchor_on)
        return target - timedelta(days=contact.before), target + timedelta(days=contact.after)

    def _done(self, wish: Wish, anchor_on: date) -> Done:
        """The last contacts before the wished one (with it, where it was seen), each on a day in its window."""
        contact = next(plan for plan in self._pack.schedule if plan.code == wish.stage)
        plans = self._plans(contact)
        plans = plans[: plans.index(contact) + (wish.when in ("seen", "grown"))]
        done: Done = []
        for plan in plans[-self._dice.randrange(3, 6) :]:
            opens, closes = self._window(plan, anchor_on)
            aimed = plan.target(anchor_on) + timedelta(
                days=self._dice.randrange(-plan.before // 2, plan.after // 2 + 1)
            )
            day = _work_day(max(opens, anchor_on, min(aimed, closes, self._yesterday)))
            day = max(day, done[-1][1] + timedelta(days=1)) if done else day
            if anchor_on <= day < self._today:
                done.append((plan, day))
        return done

    def _visit_id(self, code: str, whose: str = "") -> VisitId:
        return VisitId(self._id("visit", code, whose))

    def _visits(self, bodies: list[Body], done: Done) -> None:
        for contact, on in done:
            code, visit = contact.code, self._visit_id(contact.code, bodies[0].id)
            flagged = self._wish.twist == "flagged" and contact is done[-1][0]
            parts = [
                body.part(
                    self._pack, self._dice, id=self._id("part", code, body.id), visit=visit, on=on, code=code,
                    flagged=flagged,
                )
                for body in bodies
            ]  # fmt: skip
            born_on = bodies[0].person.born_on
            assert born_on is not None, "drawn with one"
            self._visit(visit, on, parts, months=completed_months(born_on, on)[0])

    def _visit(self, id: VisitId, on: date, parts: list[VisitPart], *, months: int | None) -> None:
        begun = _moment(on) + timedelta(minutes=self._dice.randrange(10, 300))
        signed_at = begun + timedelta(minutes=self._dice.randrange(20, 45))
        seen = [part.person for part in parts if part.person is not None]
        visit = Visit(
            id=id, household=self._household, worker=self._worker, on=on, started_at=begun, signed_at=signed_at,
            pack=self._pack.name, present=tuple(dict.fromkeys([self._mother, *seen])),
            family=family_part(
                self._dice, id=derived_id("family", id), visit=id, russian=self._russian is not None, months=months
            ),
        )  # fmt: skip
        frame = Put(kind=Kind.VISIT, id=id, value=visit, subject=self._household)
        puts = [Put(kind=Kind.VISIT_PART, id=part.id, value=part, subject=part.person or "") for part in parts]
        self._made.append(Save(at=signed_at, puts=(frame, *puts)))

    def _checks(self, body: Body, days: list[date]) -> None:
        """Every second child was checked at its last visits; of those some have something to look at again."""
        if self._number % 2 or not days:
            return
        missing = self._number // 2 % 3
        held = checks_at(
            body, days, household=self._household, worker=self._worker, today=self._today, missing=missing
        )  # fmt: skip
        for checked in held:
            puts = [self._put_check(checked)]
            if checked.referral is not None:
                puts.append(Put(kind=Kind.REFERRAL, id=checked.referral.id, value=checked.referral, subject=body.id))
            if checked.task is not None:
                puts.append(Put(kind=Kind.TASK, id=checked.task.id, value=checked.task, subject=body.id))
            if checked.check.on == days[-1]:
                dice = random.Random(f"milestones {body.id}")
                said = milestones_said(dice, body, days[-1], self._worker)
                puts += [Put(kind=Kind.MILESTONE, id=m.id, value=m, subject=body.id) for m in said]
            self._made.append(Save(at=checked.at, puts=tuple(puts)))

    @staticmethod
    def _put_check(checked: Checked) -> Put:
        check = checked.check
        return Put(kind=Kind.DEVELOPMENT_CHECK, id=check.id, value=check, subject=check.person)

    # --- what is odd about some --------------------------------------------------------------------------------------

    def _oddity(self, person: Person) -> None:
        match self._wish.twist:
            case "danger":
                self._danger(person)
            case "not home":
                self._tries(person, "not_home", "not_home")
            case "not home once":
                self._tries(person, "not_home")
            case "refused":
                self._tries(person, "refused")

    def _tries(self, person: Person, *reasons: str) -> None:
        """Tries in vain for the open contact, and the task that a refusal or a second try sets off."""
        record = derived_id("planned_contact", person.id, self._wish.stage)
        days = [_work_day(self._today - timedelta(days=2 * n)) for n in range(len(reasons), 0, -1)]
        attempts = tuple(
            Attempt(id=self._id("attempt", str(n)), on=on, reason=reason, worker=self._worker)
            for n, (on, reason) in enumerate(zip(days, reasons, strict=True))
        )
        once = reasons == ("not_home",)
        agreed = self._today + timedelta(days=2) if once else None
        planned = PlannedContact(
            id=record, person=person.id, code=self._wish.stage, agreed_on=agreed, attempts=attempts
        )
        puts = [Put(kind=Kind.PLANNED_CONTACT, id=record, value=planned, subject=person.id)]
        if not once:
            reason = "not_home_again" if len(reasons) > 1 else reasons[0]
            puts.append(self._task(reason, self._today + timedelta(days=2)))
        self._made.append(Save(at=_moment(days[-1]) + timedelta(hours=6), puts=tuple(puts)))

    def _danger(self, person: Person) -> None:
        """A danger sign confirmed yesterday; nobody has said yet whether the child arrived."""
        at = _moment(self._yesterday) + timedelta(hours=6)
        screen = DangerScreen(
            id=self._id("screen"), person=person.id, household=self._household, worker=self._worker, seen_at=at,
            pack=self._pack.name, signs={"yi_not_feeding": "yes"}, temperature_c10=352, breaths=52,
        )  # fmt: skip
        referral = Referral(
            id=self._id("referral"), person=person.id, household=self._household, worker=self._worker, made_at=at,
            reason="danger_signs", urgency=Urgency.EMERGENCY, to="Garagum etrap hassahanasy", screen=screen.id,
            ambulance_at=at, transport="ambulance", family_agrees=True, ask_on=self._today, code="K7Q4MN",
        )  # fmt: skip
        puts = (
            Put(kind=Kind.DANGER_SCREEN, id=screen.id, value=screen, subject=person.id),
            Put(kind=Kind.REFERRAL, id=referral.id, value=referral, subject=person.id),
            self._task("contact_after_referral", self._today, person.id, owner="worker"),
        )
        self._made.append(Save(at=at, puts=puts))

    def _task(self, reason: str, due_on: date, person: PersonId | None = None, owner: str = "supervisor") -> Put:
        task = Task(
            id=self._id("task"), person=person, household=self._household, reason=reason, due_on=due_on, owner=owner
        )
        return Put(kind=Kind.TASK, id=task.id, value=task, subject=person or self._household)


def _moment(on: date) -> datetime:
    return datetime.combine(on, _MORNING, tzinfo=UTC)


def _work_day(on: date) -> date:
    """Never a Sunday."""
    return on - timedelta(days=1) if on.weekday() == 6 else on  # noqa: PLR2004 -- Sunday
