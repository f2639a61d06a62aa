"""Results of instruments and tools: asked or keyed in and scored here by a public rule, or entered as others found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from healthvisit.development import ExternalResult, accept_external, score, score_with
from healthvisit.development.motor import DAYS_PER_MONTH
from healthvisit.domain.development import Assessment, KeyScore
from healthvisit.domain.errors import InputError
from healthvisit.domain.ids import HouseholdId, PersonId, WorkerId, derived_id
from healthvisit.domain.person import PersonKind
from healthvisit.domain.record import Kind
from healthvisit.domain.referral import Task
from healthvisit.packs.instruments import Instrument, InstrumentsPack, Tool
from healthvisit.packs.keys import KeyPack
from healthvisit.packs.library import Library, load_library
from healthvisit.services.development import CheckFacts, check_facts, end_task
from healthvisit.services.tool_drafts import Page, ToolDraft, begin_tool, drop_tool_drafts
from healthvisit.settings import resource
from healthvisit.store import checks
from healthvisit.store.unit_of_work import UnitOfWork

FOLLOW_UP = "development_follow_up"
RECORDED = "recorded"
"""Status of what says nothing about one child: a survey's form, answers for a D-score."""
_PLACES = Decimal("0.001")


def library(installed: Path | None = None, *, practice: bool = False) -> Library:
    """What can be asked and entered: shipped, installed under `installed`, in practice the invented key; read once.

    Raises:
        PackError: What is wrong with what is shipped.
    """
    return _library_at(resource("packs"), installed, practice=practice)


@cache
def _library_at(root: Path, installed: Path | None, *, practice: bool) -> Library:
    extra = (root / "dscore-demo",) if practice else ()
    return load_library(root / "instruments", installed, extra_keys=extra)


def instruments_pack() -> InstrumentsPack:
    """The instruments that come with the program, read once.

    Raises:
        PackError: What is wrong with them.
    """
    return library().packs[-1]


def to_enter(known: Library, facts: CheckFacts, today: date) -> tuple[Tool | Instrument, ...]:
    """What can be keyed in for a person: tools scored elsewhere, and forms whose rule alone is here, by number.

    Never what is about the mother for a child, nor the other way. A survey's form only at its ages.
    """
    about = _about(facts)
    months = months_of(facts, today)
    forms = (one for one in known.instruments if one.about == about and one.wording == "none" and one.key is None)
    own = tuple(one for one in forms if one.purpose != "population" or is_for_age(one, months))
    return tuple(tool for tool in known.tools if tool.about == about) + own


def to_ask(known: Library, facts: CheckFacts, today: date) -> tuple[Instrument, ...]:
    """The instruments whose questions may be shown, for this person at this age."""
    months = months_of(facts, today)
    return tuple(
        one for one in known.instruments
        if one.about == _about(facts) and one.wording == "full" and is_for_age(one, months)
    )  # fmt: skip


def months_of(facts: CheckFacts, on: date) -> int | None:
    """Completed months of age on a day, as instruments count them."""
    age = facts.age_days(on)
    return None if age is None else int(age / DAYS_PER_MONTH)


def is_for_age(one: Tool | Instrument, months: int | None) -> bool:
    """Whether an instrument is for this age; one with an age range is for no unknown age."""
    if one.from_months is None and one.to_months is None:
        return True
    return months is not None and (one.from_months or 0) <= months <= (
        months if one.to_months is None else one.to_months
    )


def _about(facts: CheckFacts) -> str:
    return "child" if facts.person.kind is PersonKind.CHILD else "carer"


# results kept


def begin(work: UnitOfWork, person: str, page: Page, *, today: date, amends: str = "") -> tuple[CheckFacts, ToolDraft]:
    """Open a page for a person: the form begun on it, a correction of a result that stands, or an empty form.

    Raises:
        HealthvisitError: ``record.absent``.
    """
    facts = check_facts(work, person, today=today)
    standing = {one.id: one for one in checks.assessments_of(work, person)}
    return facts, begin_tool(work, person, page, amends=together_with(standing, amends))


def history_of(work: UnitOfWork, person: str) -> tuple[tuple[Assessment, bool], ...]:
    """A person's results, the newest first, each followed by those it stands in the place of (True)."""
    made: dict[str, tuple[Assessment, bool]] = {}
    waiting = [(one, False) for one in reversed(checks.assessments_of(work, person))]
    while waiting:
        one, replaced = waiting.pop()
        if one.id not in made:
            made[one.id] = (one, replaced)
            waiting += [(old, True) for name in one.amends if (old := work.find(Assessment, name)) is not None]
    return tuple(made.values())


def together_with(standing: Mapping[str, Assessment], one: str) -> tuple[str, ...]:
    """A result that stands, and any other correction of the same one: a new correction takes the place of all."""
    own = standing.get(one)
    if own is None:
        return ()
    return (own.id, *(o.id for o in standing.values() if o.id != own.id and set(o.amends) & set(own.amends)))


def asked_on(work: UnitOfWork, persons: Iterable[str], on: date) -> frozenset[str]:
    """The persons of whom a result of this day stands."""
    return frozenset(p for p in persons if any(one.on == on for one in checks.assessments_of(work, p)))


def follow_ups(work: UnitOfWork, person: str) -> tuple[tuple[str, date], ...]:
    """Open days by which somebody asks what came of a result, by their task."""
    return tuple((task.id, task.due_on) for task in checks.tasks_of(work, person, FOLLOW_UP))


def heard(work: UnitOfWork, person: str) -> None:
    """Somebody asked what came of it."""
    for task, _on in follow_ups(work, person):
        end_task(work, task)


# the save


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A result as typed or asked; `id` is given once, so that a second save is the same record.

    Of a tool scored elsewhere `status`, `total`, areas, `safety`; of one scored here `answers`.
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
    safety: bool | None = field(default=None, repr=False)
    amends: tuple[str, ...] = ()


def save_result(work: UnitOfWork, known: Library, entered: Entered, *, today: date) -> Assessment:
    """Write a result, and the day by which somebody asks what came of it; its draft ends. Again is the same record.

    Raises:
        InputError: As `accept_external`; ``development.unknown_tool``, ``development.safety_not_said``;
            ``development.form_incomplete``, ``development.not_for_age`` and ``development.nothing_asked`` of a form
            scored here.
        OutOfRangeError: ``development.score_out_of_range``.
        HealthvisitError: ``record.absent``.
    """
    held = work.find(Assessment, entered.id)
    if held is not None:
        drop_tool_drafts(work, held.person, held.id)
        return held
    facts = check_facts(work, entered.person, today=today)
    pack = known.pack_of(entered.tool)
    made = _scored(known, pack, entered, facts, today)
    follow_on = None if made.days is None else max(today, entered.on + timedelta(days=made.days))
    assessment = Assessment(
        id=entered.id, person=PersonId(entered.person), household=HouseholdId(facts.household.id),
        worker=WorkerId(work.author.worker), on=entered.on, made_at=work.author.now, pack=pack.edition.name,
        tool=entered.tool, version=made.version, status=made.status, assessor=entered.assessor.strip(),
        total=made.total, by_area=made.by_area, area_status=made.area_status, answers=made.answers,
        safety=made.safety, dscore=made.dscore, follow_up_on=follow_on, amends=entered.amends,
    )  # fmt: skip
    work.put(Kind.ASSESSMENT, assessment.id, assessment, subject=assessment.person)
    for amended in entered.amends:
        end_task(work, derived_id(FOLLOW_UP, amended))
    if follow_on is not None:
        task = Task(
            id=derived_id(FOLLOW_UP, assessment.id), person=assessment.person, household=assessment.household,
            reason=FOLLOW_UP, due_on=follow_on, owner="worker",
        )  # fmt: skip
        work.put(Kind.TASK, task.id, task, subject=assessment.person)
    drop_tool_drafts(work, assessment.person, assessment.id)
    return assessment


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scored:
    """What scoring adds to what was entered; `days` until somebody asks what came of it."""

    version: str
    status: str
    days: int | None = None
    total: Decimal | None = None
    by_area: dict[str, Decimal] = field(default_factory=dict)
    area_status: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    safety: bool = False
    dscore: KeyScore | None = None


def _scored(known: Library, pack: InstrumentsPack, entered: Entered, facts: CheckFacts, today: date) -> _Scored:
    tool, instrument = pack.tool(entered.tool), pack.instrument(entered.tool)
    if tool is not None:
        return _scored_elsewhere(tool, entered, facts, today)
    key = known.key(instrument.key) if instrument is not None and instrument.key is not None else None
    if instrument is None or (instrument.key is not None and key is None):
        raise InputError("development.unknown_tool", name=entered.tool)
    if entered.on > today:
        raise InputError("development.result_in_future")
    if facts.person.born_on is not None and entered.on < facts.person.born_on:
        raise InputError("development.result_before_birth")
    if not is_for_age(instrument, months_of(facts, entered.on)):
        raise InputError("development.not_for_age", low=instrument.from_months, high=instrument.to_months)
    return _scored_by_rule(instrument, entered, facts) if key is None else _by_key(instrument, key, entered, facts)


def _scored_elsewhere(tool: Tool, entered: Entered, facts: CheckFacts, today: date) -> _Scored:
    if tool.safety and entered.safety is None:
        raise InputError("development.safety_not_said")
    result = ExternalResult(
        tool=entered.tool, version=entered.version, on=entered.on, assessor=entered.assessor.strip(),
        status=entered.status, total=entered.total, by_area=entered.by_area, area_status=entered.area_status,
        safety=bool(entered.safety),
    )  # fmt: skip
    made = accept_external(tool, result, today=today, born_on=facts.person.born_on)
    days = next((s.follow_up_days for s in tool.statuses if s.code == made.status), None)
    return _Scored(
        version=made.version, status=made.status or "", days=0 if made.safety else days, total=made.total,
        by_area=dict(made.by_area), area_status=dict(made.area_status), safety=made.safety,
    )  # fmt: skip


def _scored_by_rule(one: Instrument, entered: Entered, facts: CheckFacts) -> _Scored:
    """By the rule in the pack. A figure for populations keeps its total and stands nowhere as a verdict."""
    made = score(one, entered.answers, facts.age_days(entered.on))
    if made.cutoff is None or made.score is None:
        raise InputError("development.form_incomplete", count=len(made.missing))
    answers, total, safety = dict(entered.answers), Decimal(made.score), bool(made.flags)
    if made.is_population:
        return _Scored(version=one.version, status=RECORDED, total=total, answers=answers)
    days = 0 if safety else made.cutoff.follow_up_days
    return _Scored(
        version=one.version, status=made.cutoff.status, days=days, total=total, answers=answers, safety=safety
    )


def _by_key(one: Instrument, key: KeyPack, entered: Entered, facts: CheckFacts) -> _Scored:
    """The answers with their D-score. Only what is asked at this age counts."""
    asked = {item.code for item in one.asked(months_of(facts, entered.on))}
    answers = {code: answer for code, answer in entered.answers.items() if code in asked}
    if not answers:
        raise InputError("development.nothing_asked")
    dscore = key_score(one, key, answers, facts.reference_days(entered.on))
    return _Scored(version=one.version, status=RECORDED, answers=answers, dscore=dscore)


def key_score(one: Instrument, key: KeyPack, answers: Mapping[str, str], age_days: int | None) -> KeyScore | None:
    """The D-score of some answers, as it is stored; None where there is none."""
    points = {
        code: one.scale(item.scale).points(answer)
        for code, answer in answers.items() if (item := one.item(code)) is not None
    }  # fmt: skip
    made = score_with(key, {code: None if n is None else int(n > 0) for code, n in points.items()}, age_days)
    if made is None or age_days is None:
        return None
    return KeyScore(
        key=key.key, reference=made.reference, engine=made.engine, d=Decimal(str(made.d)),
        sem=Decimal(str(made.sem)).quantize(_PLACES), daz=None if made.daz is None else Decimal(str(made.daz)),
        n=made.n, age_days=age_days,
    )  # fmt: skip
