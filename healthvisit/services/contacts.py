"""A contact that was not possible, a day agreed with the family, and what two tries in vain set off."""

import json
from dataclasses import replace
from datetime import date, timedelta

from healthvisit.domain.household import Household
from healthvisit.domain.ids import HouseholdId, PersonId, WorkerId, derived_id, new_record_id
from healthvisit.domain.record import Kind
from healthvisit.domain.referral import Attempt, PlannedContact, Task
from healthvisit.packs.pack import Pack
from healthvisit.services import lines
from healthvisit.services.today import round_of
from healthvisit.store import people, visits
from healthvisit.store.unit_of_work import UnitOfWork

TRIES_BEFORE_TASK = 2
RETRY_DAYS = {"not_home": 1, "refused": 14, "child_in_hospital": 7, "access_or_weather": 2, "worker_absent": 1}
_TASK_DAYS = 3


def proposed_day(reason: str, *, today: date) -> date | None:
    """The next day to propose after a try in vain; None where no next try is proposed."""
    days = RETRY_DAYS.get(reason)
    if days is None:
        return None
    day = today + timedelta(days=days)
    return day + timedelta(days=1) if day.weekday() == 6 else day  # noqa: PLR2004 -- Sunday


def not_possible(
    work: UnitOfWork, pack: Pack, household: HouseholdId, reason: str, *, today: date, agreed_on: date | None
) -> bool:
    """Record a try in vain for everybody of a household with an open contact.

    Returns:
        True when a supervisor task was made: the second "not at home" in a row, or a refusal.
    """
    loaded = people.load_caseload(work, today=today, households=(household,))
    line = lines.household_line(loaded, pack, household, today=today)
    told = False
    for person in line.due or line.persons[:1]:
        code = person.contact.code if person.contact else "none"
        told |= _record_try(work, PersonId(person.id), code, reason, today=today, agreed_on=agreed_on)
    if reason == "moved":
        home = work.get(Household, household)
        work.put(Kind.HOUSEHOLD, household, replace(home, moved_on=today), subject=household)
    if told or reason in ("moved", "wrong_address"):
        _tell_supervisor(work, household, f"{reason}_again" if reason == "not_home" else reason, today)
        return True
    return False


def agree_day(work: UnitOfWork, person: PersonId, code: str, agreed_on: date) -> None:
    """A day for a contact, agreed with the family."""
    record_id = _record_id(person, code)
    known = work.find(PlannedContact, record_id) or PlannedContact(id=record_id, person=person, code=code)
    work.put(Kind.PLANNED_CONTACT, record_id, replace(known, agreed_on=agreed_on), subject=person)


def put_in_round(work: UnitOfWork, household: str, *, today: date) -> bool:
    """Put a household into today's round, or take it out again; a round is of one day and stays on this device.

    Returns:
        Whether it is in the round now.
    """
    chosen = set(round_of(work, today=today)) ^ {household}
    work.put_state("round", {"on": today.isoformat(), "households": sorted(chosen)})
    return household in chosen


def tries(work: UnitOfWork, household: HouseholdId, *, today: date) -> int:
    """How many tries in vain stand for a household since its last visit."""
    loaded = people.load_caseload(work, today=today, households=(household,))
    days = {
        (on, reason)
        for person in loaded.members.get(household, ())
        for row in loaded.planned.get(person, {}).values()
        for on, reason in json.loads(row.attempts)
    }
    last = visits.last_seen(work).get(household)
    return sum(last is None or date.fromisoformat(on) > last for on, _ in days)


def _record_try(
    work: UnitOfWork, person: PersonId, code: str, reason: str, *, today: date, agreed_on: date | None
) -> bool:
    record_id = _record_id(person, code)
    known = work.find(PlannedContact, record_id) or PlannedContact(id=record_id, person=person, code=code)
    attempt = Attempt(id=new_record_id(work.author.now), on=today, reason=reason, worker=WorkerId(work.author.worker))
    attempts = (*known.attempts, attempt)
    work.put(Kind.PLANNED_CONTACT, record_id, replace(known, attempts=attempts, agreed_on=agreed_on), subject=person)
    last = [a.reason for a in sorted(attempts, key=lambda a: (a.on, a.id))][-TRIES_BEFORE_TASK:]
    return reason == "refused" or last == ["not_home"] * TRIES_BEFORE_TASK


def _tell_supervisor(work: UnitOfWork, household: HouseholdId, reason: str, today: date) -> None:
    if any(task.reason == reason for task in visits.open_tasks(work, household)):
        return  # she has it before her already: a third try in vain is the same question
    task = Task(
        id=new_record_id(work.author.now), person=None, household=household, reason=reason,
        due_on=today + timedelta(days=_TASK_DAYS),
    )  # fmt: skip
    work.put(Kind.TASK, task.id, task, subject=household)


def _record_id(person: PersonId, code: str) -> str:
    return derived_id("planned_contact", person, code)
