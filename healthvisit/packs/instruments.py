"""Scored instruments as data, and tools whose results are only entered: rules always, texts where a licence allows.

`instruments.json` holds what can be scored here; `external.json` what trained people score elsewhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from healthvisit.packs.pack import Named, Text
from healthvisit.packs.reader import (
    Accept,
    Edition,
    Problem,
    Reader,
    Spec,
    code,
    codes,
    count,
    flag,
    maybe,
    need,
    nested,
    one_of,
    taken,
    text,
    words,
)

KIND = "instruments"
FILE, EXTERNAL = "instruments.json", "external.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer that can be given, and the points it counts; `name` only where the text may be shown."""

    code: str
    points: int
    name: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The answers that several items share."""

    code: str
    choices: tuple[Choice, ...]

    def points(self, answer: str) -> int | None:
        """Points of an answer; None for one that is not on the scale."""
        return next((choice.points for choice in self.choices if choice.code == answer), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question; `text` only where the licence allows it. It is asked at its ages, both ends too (None: any)."""

    code: str
    scale: str
    area: str | None = None
    text: Text | None = None
    from_months: int | None = None
    to_months: int | None = None

    def is_for(self, months: int | None) -> bool:
        """Whether it is asked at an age in completed months; at an unknown age only where it has no ages."""
        if months is None:
            return self.from_months is None and self.to_months is None
        return (self.from_months or 0) <= months and (self.to_months is None or months <= self.to_months)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoff:
    """What a score means, both ends belonging to it, in completed months of age (both ends too; None: open)."""

    low: int
    high: int
    status: str
    name: Text
    say: Text
    area: str | None = None
    from_months: int | None = None
    to_months: int | None = None
    follow_up_days: int | None = None

    def holds(self, score: int, months: int | None) -> bool:
        """Whether the score falls here at this age."""
        if not self.low <= score <= self.high:
            return False
        if months is None:
            return self.from_months is None and self.to_months is None
        return (self.from_months or 0) <= months and (self.to_months is None or months <= self.to_months)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFlag:
    """An answer that asks for something whatever the total is, such as thoughts of harm."""

    code: str
    item: str
    at_least: int
    say: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One instrument with its rule as data: points of all answers are added, every item is needed.

    With a `key` its items are those of a D-score key instead (an answer with points passes the item): no total, no
    cut-offs, and only the items of the child's age are asked.
    """

    code: str
    version: str
    name: Text
    licence: str
    source: str
    languages: tuple[str, ...]
    purpose: str  # screening, population (never a verdict on one child), monitoring
    about: str  # child, carer
    privacy: str  # ordinary, sensitive
    wording: str  # full, none (the pack holds the rule only)
    scales: tuple[Scale, ...] = field(repr=False)
    items: tuple[Item, ...] = field(repr=False)
    cutoffs: tuple[Cutoff, ...] = field(default=(), repr=False)
    key: str | None = None
    notice: Text | None = field(default=None, repr=False)
    lead: Text | None = field(default=None, repr=False)
    areas: tuple[Named, ...] = field(default=(), repr=False)
    flags: tuple[ItemFlag, ...] = field(default=(), repr=False)
    from_months: int | None = None
    to_months: int | None = None
    at_visits: tuple[str, ...] = ()  # codes of the visits at which it is to be asked; at others on worry

    def item(self, code: str) -> Item | None:
        """One item; None for a code it does not hold."""
        return next((item for item in self.items if item.code == code), None)

    def asked(self, months: int | None) -> tuple[Item, ...]:
        """The items asked at an age in completed months."""
        return tuple(item for item in self.items if item.is_for(months))

    def scale(self, code: str) -> Scale:
        """The scale an item is answered on."""
        return next(scale for scale in self.scales if scale.code == code)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolArea:
    """One area of a tool; scores are bounded where its makers publish the bounds."""

    code: str
    name: Text
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolStatus:
    """One standing against the tool's cut-offs; `low` and `high` of the total where the rule is public."""

    code: str
    name: Text
    low: Decimal | None = None
    high: Decimal | None = None
    follow_up_days: int | None = None

    def holds(self, total: Decimal) -> bool:
        """Whether the total falls here; False without bounds."""
        return self.low is not None and self.high is not None and self.low <= total <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """An instrument scored elsewhere, of which the result is entered; `safety` asks whether its safety item was met."""

    code: str
    name: Text
    about: str
    privacy: str
    note: Text
    statuses: tuple[ToolStatus, ...] = field(repr=False)
    areas: tuple[ToolArea, ...] = field(default=(), repr=False)
    low: Decimal | None = None
    high: Decimal | None = None
    from_months: int | None = None
    to_months: int | None = None
    safety: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentsPack:
    """One edition of instruments and tools, checked when it was loaded."""

    edition: Edition
    instruments: tuple[Instrument, ...] = field(repr=False)
    tools: tuple[Tool, ...] = field(repr=False)

    def instrument(self, code: str) -> Instrument | None:
        """One instrument; None for a code this edition does not hold."""
        return next((one for one in self.instruments if one.code == code), None)

    def tool(self, code: str) -> Tool | None:
        """One tool; None for a code this edition does not hold."""
        return next((one for one in self.tools if one.code == code), None)


def load_instruments(folder: Path) -> InstrumentsPack:
    """Read the instruments.

    Raises:
        PackError: ``pack.missing``, ``pack.damaged`` or ``pack.wrong_value``, naming file, instrument and place.
    """
    return taken(read(folder))


def read(folder: Path) -> tuple[InstrumentsPack | None, list[Problem]]:
    """The pack, and everything that is wrong with it."""
    reader = Reader(folder)
    edition = reader.edition(KIND)
    instruments = reader.make(FILE, "instruments", _INSTRUMENT, Instrument)
    tools = reader.make(EXTERNAL, "tools", _TOOL, Tool, empty=True)
    if reader.problems or edition is None:
        return None, reader.problems
    for instrument in instruments:
        for member in _faults(instrument):
            reader.wrong(FILE, member, [instrument.code])
    return InstrumentsPack(edition=edition, instruments=instruments, tools=tools), reader.problems


def _faults(one: Instrument) -> Iterable[str]:
    scales = {scale.code for scale in one.scales}
    areas: set[str | None] = {None} | {area.code for area in one.areas}
    yield from (f"items {item.code} scale" for item in one.items if item.scale not in scales)
    yield from (f"items {item.code} area" for item in one.items if item.area not in areas)
    shown = one.wording == "full"
    yield from (f"items {item.code} text" for item in one.items if (item.text is not None) != shown)
    yield from (f"flags {flag.code} item" for flag in one.flags if one.item(flag.item) is None)
    if one.key is not None:
        yield from (name for name in ("cutoffs", "areas") if getattr(one, name))
    elif any(item.from_months is not None or item.to_months is not None for item in one.items):
        yield "items from_months"  # every item of a total is needed
    elif all(item.scale in scales for item in one.items):
        yield from _gaps(one)


def _gaps(one: Instrument) -> Iterable[str]:
    """Scores that no cut-off holds, or more than one: at every age the instrument is for."""
    ages: Sequence[int | None] = [None] if one.to_months is None else range(one.from_months or 0, one.to_months + 1)
    for area in {None} | {cutoff.area for cutoff in one.cutoffs}:
        items = [item for item in one.items if area is None or item.area == area]
        most = sum(max(choice.points for choice in one.scale(item.scale).choices) for item in items)
        own = [cutoff for cutoff in one.cutoffs if cutoff.area == area]
        fits = all(sum(c.holds(score, age) for c in own) == 1 for age in ages for score in range(most + 1))
        if not items or not fits:
            yield f"cutoffs {area}" if area else "cutoffs"


def _amount(value: Any) -> Decimal:
    need(right=type(value) in (int, float, str))
    try:
        made = Decimal(str(value))
    except InvalidOperation:
        made = Decimal("NaN")
    need(right=made.is_finite())
    return made


def _spoken(value: Any) -> tuple[str, ...]:
    need(right=isinstance(value, list) and bool(value))
    return tuple(words(language) for language in value)


def _or_none(spec: Spec, kind: Any) -> Accept:
    accept = nested(spec, kind, empty=True)
    return lambda value: () if value is None else accept(value)


_CHOICE: Spec = {"code": code, "points": count, "name": maybe(text)}
_CODES: Mapping[str, Accept] = {"code": code, "name": text}
_INSTRUMENT: Spec = {
    "code": code,
    "version": words,
    "name": text,
    "licence": words,
    "source": words,
    "languages": _spoken,
    "purpose": one_of("screening", "population", "monitoring"),
    "about": one_of("child", "carer"),
    "privacy": one_of("ordinary", "sensitive"),
    "wording": one_of("full", "none"),
    "notice": maybe(text),
    "lead": maybe(text),
    "from_months": maybe(count),
    "to_months": maybe(count),
    "scales": nested({"code": code, "choices": nested(_CHOICE, Choice)}, Scale),
    "areas": _or_none(_CODES, Named),
    "items": nested(
        {
            "code": code,
            "scale": code,
            "area": maybe(code),
            "text": maybe(text),
            "from_months": maybe(count),
            "to_months": maybe(count),
        },
        Item,
    ),
    "key": maybe(words),
    "at_visits": lambda value: () if value is None else codes(value),
    "flags": _or_none({"code": code, "item": code, "at_least": count, "say": text}, ItemFlag),
    "cutoffs": _or_none(
        {
            "low": count,
            "high": count,
            "status": code,
            "name": text,
            "say": text,
            "area": maybe(code),
            "from_months": maybe(count),
            "to_months": maybe(count),
            "follow_up_days": maybe(count),
        },
        Cutoff,
    ),
}
_BOUNDS: Mapping[str, Accept] = {"low": maybe(_amount), "high": maybe(_amount)}
_TOOL: Spec = {
    "code": code,
    "name": text,
    "about": one_of("child", "carer"),
    "privacy": one_of("ordinary", "sensitive"),
    "note": text,
    "from_months": maybe(count),
    "to_months": maybe(count),
    "safety": maybe(flag),
    **_BOUNDS,
    "areas": _or_none({**_CODES, **_BOUNDS}, ToolArea),
    "statuses": nested({**_CODES, **_BOUNDS, "follow_up_days": maybe(count)}, ToolStatus),
}
