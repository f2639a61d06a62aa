"""Scores instruments by the rule in their pack, and takes in the results of tools that others score."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from healthvisit.development.motor import DAYS_PER_MONTH
from healthvisit.domain.errors import InputError, OutOfRangeError
from healthvisit.packs.instruments import Cutoff, Instrument, Tool, ToolArea

INCOMPLETE = "incomplete"
NOT_FOR_AGE = "not_for_age"
AGE_UNKNOWN = "age_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaScore:
    """One area's points and standing; `status` is None where the pack has no cut-off for it."""

    score: int = field(repr=False)
    status: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentResult:
    """What an instrument says.

    Attributes:
        instrument: Code and version, ``"phq2@1"``.
        status: Of the cut-off that holds; ``"incomplete"`` while an item is missing, ``"not_for_age"``,
            ``"age_unknown"``. Then there is no score.
        cutoff: With the words and days of what follows; None without a score.
        missing: Items without an answer.
        flags: Answers that ask for something whatever the total is, also in an incomplete form.
        is_population: The figure describes populations; no screen may show it as a verdict on one child.
    """

    instrument: str
    status: str = field(repr=False)
    score: int | None = field(repr=False)
    by_area: Mapping[str, AreaScore] = field(repr=False)
    cutoff: Cutoff | None = field(repr=False)
    missing: tuple[str, ...]
    flags: tuple[str, ...] = field(repr=False)
    is_population: bool

    @property
    def incomplete(self) -> bool:
        """Whether answers are missing."""
        return bool(self.missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalResult:
    """The result of a tool scored elsewhere, as entered; `accept_external` says whether it can be kept.

    Attributes:
        tool, version: Code of the tool in its pack; the version as printed on it.
        on: Day of the assessment.
        assessor: Id of the person who assessed.
        status: A code of the tool; None where the tool's own bounds shall give it from `total`.
        total, by_area: Scores.
        area_status: Area to a code of the tool's statuses.
        safety: The tool's safety item was met: a person follows it up the same day.
    """

    tool: str
    version: str
    on: date
    assessor: str
    status: str | None = field(default=None, repr=False)
    total: Decimal | None = field(default=None, repr=False)
    by_area: Mapping[str, Decimal] = field(default_factory=dict, repr=False)
    area_status: Mapping[str, str] = field(default_factory=dict, repr=False)
    safety: bool = field(default=False, repr=False)


def score(instrument: Instrument, answers: Mapping[str, str | None], age_days: int | None = None) -> InstrumentResult:
    """Score one form.

    Args:
        instrument: From its pack.
        answers: Item to the code of an answer on its scale; None or absent: not answered.
        age_days: The child's age, needed where the instrument has an age range. Months are completed 30.4375 days.

    Raises:
        InputError: ``development.unknown_item``, ``development.wrong_answer``.
    """
    points = {
        item: value for item, answer in answers.items() if (value := _points(instrument, item, answer)) is not None
    }
    missing = tuple(item.code for item in instrument.items if item.code not in points)
    months = None if age_days is None else int(age_days / DAYS_PER_MONTH)
    status = _not_scored(instrument, missing, months)
    total = None if status else sum(points.values())
    cutoff = None if total is None else _cutoff(instrument, None, total, months)
    return InstrumentResult(
        instrument=f"{instrument.code}@{instrument.version}",
        status=cutoff.status if cutoff else status or INCOMPLETE,
        score=total,
        by_area={} if status else _by_area(instrument, points, months),
        cutoff=cutoff,
        missing=missing,
        flags=tuple(f.code for f in instrument.flags if points.get(f.item, -1) >= f.at_least),
        is_population=instrument.purpose == "population",
    )


def accept_external(
    tool: Tool,
    result: ExternalResult,
    *,
    today: date,
    born_on: date | None = None,
) -> ExternalResult:
    """Check the result of a tool scored elsewhere against the tool's definition.

    Args:
        tool: From its pack.
        result: As entered.
        today: The local calendar date.
        born_on: The child's; None where the tool is about a carer.

    Returns:
        The same with its `status`, blanks around the version taken away.

    Raises:
        InputError: ``development.result_in_future``, ``development.result_before_birth``, ``development.unknown_area``,
            ``development.unknown_status``, ``development.status_disagrees`` (with the tool's bounds for the total),
            ``development.result_needs`` (`version`, `assessor` or `status` is left out).
        OutOfRangeError: ``development.score_out_of_range``.
    """
    if result.on > today:
        raise InputError("development.result_in_future")
    if born_on is not None and result.on < born_on:
        raise InputError("development.result_before_birth")
    for name in ("version", "assessor"):
        if not getattr(result, name).strip():
            raise InputError("development.result_needs", field=name)
    areas = {area.code: area for area in tool.areas}
    statuses = [status.code for status in tool.statuses]
    for area in (*result.by_area, *result.area_status):
        _require(area, areas, "development.unknown_area")
    for standing in result.area_status.values():
        _require(standing, statuses, "development.unknown_status")
    for area, points in result.by_area.items():
        _within(points, areas[area])
    if result.total is not None:
        _within(result.total, tool)
    return replace(result, version=result.version.strip(), status=_status(tool, result.status, result.total))


def _points(instrument: Instrument, code: str, answer: str | None) -> int | None:
    item = instrument.item(code)
    if item is None:
        raise InputError("development.unknown_item", item=code)
    if answer is None:
        return None
    points = instrument.scale(item.scale).points(answer)
    if points is None:
        raise InputError("development.wrong_answer", item=code)
    return points


def _not_scored(instrument: Instrument, missing: tuple[str, ...], months: int | None) -> str | None:
    has_range = instrument.from_months is not None or instrument.to_months is not None
    if has_range and months is None:
        return AGE_UNKNOWN
    if months is not None and not _for_age(instrument, months):
        return NOT_FOR_AGE
    return INCOMPLETE if missing else None


def _for_age(instrument: Instrument, months: int) -> bool:
    return (instrument.from_months or 0) <= months and (instrument.to_months is None or months <= instrument.to_months)


def _cutoff(instrument: Instrument, area: str | None, points: int, months: int | None) -> Cutoff | None:
    age = None if instrument.to_months is None else months
    return next((cutoff for cutoff in instrument.cutoffs if cutoff.area == area and cutoff.holds(points, age)), None)


def _by_area(instrument: Instrument, points: Mapping[str, int], months: int | None) -> dict[str, AreaScore]:
    made = {}
    for area in instrument.areas:
        of_area = sum(points[item.code] for item in instrument.items if item.area == area.code)
        cutoff = _cutoff(instrument, area.code, of_area, months)
        made[area.code] = AreaScore(score=of_area, status=cutoff.status if cutoff else None)
    return made


def _status(tool: Tool, status: str | None, total: Decimal | None) -> str:
    ruled = next((one for one in tool.statuses if total is not None and one.holds(total)), None)
    if status is None:
        if ruled is None:
            raise InputError("development.result_needs", field="status")
        return ruled.code
    _require(status, {one.code for one in tool.statuses}, "development.unknown_status")
    if ruled is not None and ruled.code != status:
        raise InputError("development.status_disagrees", low=str(ruled.low), high=str(ruled.high))
    return status


def _require(code: str, known: Collection[str], error: str) -> None:
    if code not in known:
        raise InputError(error, name=code)


def _within(points: Decimal, bounds: Tool | ToolArea) -> None:
    low, high = bounds.low, bounds.high
    if not points.is_finite() or (low is not None and points < low) or (high is not None and points > high):
        raise OutOfRangeError("development.score_out_of_range", low=str(low), high=str(high))
