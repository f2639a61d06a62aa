"""Results of other tools: entered and checked against the tool's definition, or scored here by a public rule."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from healthvisit.development import ExternalResult, accept_external, score
from healthvisit.development.instruments import AGE_UNKNOWN, NOT_FOR_AGE
from healthvisit.domain.development import Assessment
from healthvisit.domain.errors import InputError
from healthvisit.domain.ids import HouseholdId, PersonId, WorkerId, derived_id
from healthvisit.domain.record import Kind
from healthvisit.domain.referral import Task
from healthvisit.packs.instruments import Instrument, InstrumentsPack, Tool, load_instruments
from healthvisit.services.development import CheckFacts, check_facts
from healthvisit.settings import resource
from healthvisit.store.unit_of_work import UnitOfWork

FOLLOW_UP = "development_follow_up"


def instruments_pack() -> InstrumentsPack:
    """The tools that come with the program, read once.

    Raises:
        PackError: What is wrong with them.
    """
    return _instruments_at(resource("packs/instruments"))


@cache
def _instruments_at(folder: Path) -> InstrumentsPack:
    return load_instruments(folder)


def tools_for_child(pack: InstrumentsPack) -> tuple[Tool | Instrument, ...]:
    """What can be entered on a child's page.

    Never what is about the mother (it is hers), nor a figure for populations (it says nothing about one child).
    """
    external = tuple(tool for tool in pack.tools if tool.about == "child")
    own = tuple(one for one in pack.instruments if one.about == "child" and one.purpose == "screening")
    return external + own


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A result as typed; `id` is given once, so that a second save is the same record.

    Of a tool scored elsewhere `status`, `total`, areas; of one scored here `answers`.
    """

    id: str
    person: str
    tool: str
    on: date
    version: str = ""
    assessor: str = field(default="", repr=False)
    status: str | None = field(default=None, repr=False)
    total: Decimal | None = field(default=None, repr=False)
    by_area: dict[str, Decimal] = field(default_factory=dict, repr=False)
    area_status: dict[str, str] = field(default_factory=dict, repr=False)
    answers: dict[str, str] = field(default_factory=dict, repr=False)


def save_result(work: UnitOfWork, pack: InstrumentsPack, entered: Entered, *, today: date) -> Assessment:
    """Write a result, and the day by which somebody asks what came of it. Again is the same record.

    Raises:
        InputError: As `accept_external`; ``development.unknown_tool``; ``development.form_incomplete`` and
            ``development.not_for_age`` of a form scored here.
        OutOfRangeError: ``development.score_out_of_range``.
        HealthvisitError: ``record.absent``.
    """
    known = work.find(Assessment, entered.id)
    if known is not None:
        return known
    facts = check_facts(work, entered.person, today=today)
    tool, instrument = pack.tool(entered.tool), pack.instrument(entered.tool)
    if tool is not None:
        made, days = _scored_elsewhere(tool, entered, facts, today)
    elif instrument is not None:
        made, days = _scored_here(instrument, entered, facts, today)
    else:
        raise InputError("development.unknown_tool", name=entered.tool)
    follow_on = None if days is None else max(today, entered.on + timedelta(days=days))
    assessment = Assessment(
        id=entered.id, person=PersonId(entered.person), household=HouseholdId(facts.household.id),
        worker=WorkerId(work.author.worker), on=entered.on, made_at=work.author.now, pack=pack.edition.name,
        tool=entered.tool, version=made.version, status=made.status or "", assessor=made.assessor,
        total=made.total, by_area=dict(made.by_area), area_status=dict(made.area_status),
        answers=dict(entered.answers) if instrument is not None else {}, follow_up_on=follow_on,
    )  # fmt: skip
    work.put(Kind.ASSESSMENT, assessment.id, assessment, subject=assessment.person)
    if follow_on is not None:
        task = Task(
            id=derived_id(FOLLOW_UP, assessment.id), person=assessment.person, household=assessment.household,
            reason=FOLLOW_UP, due_on=follow_on, owner="worker",
        )  # fmt: skip
        work.put(Kind.TASK, task.id, task, subject=assessment.person)
    return assessment


Made = tuple[ExternalResult, int | None]


def _scored_elsewhere(tool: Tool, entered: Entered, facts: CheckFacts, today: date) -> Made:
    result = ExternalResult(
        tool=entered.tool, version=entered.version, on=entered.on, assessor=entered.assessor.strip(),
        status=entered.status, total=entered.total, by_area=entered.by_area, area_status=entered.area_status,
    )  # fmt: skip
    made = accept_external(tool, result, today=today, born_on=facts.person.born_on)
    return made, next((s.follow_up_days for s in tool.statuses if s.code == made.status), None)


def _scored_here(one: Instrument, entered: Entered, facts: CheckFacts, today: date) -> Made:
    """By the rule in the pack; the day and the age have to fit as for any other."""
    made = score(one, entered.answers, facts.age_days(entered.on))
    if entered.on > today:
        raise InputError("development.result_in_future")
    if facts.person.born_on is not None and entered.on < facts.person.born_on:
        raise InputError("development.result_before_birth")
    if made.status in (NOT_FOR_AGE, AGE_UNKNOWN):
        raise InputError("development.not_for_age", low=one.from_months, high=one.to_months)
    if made.cutoff is None:
        raise InputError("development.form_incomplete", count=len(made.missing))
    result = ExternalResult(
        tool=one.code, version=one.version, on=entered.on, assessor=entered.assessor.strip(), status=made.status,
        total=None if made.score is None else Decimal(made.score),
    )  # fmt: skip
    return result, made.cutoff.follow_up_days
