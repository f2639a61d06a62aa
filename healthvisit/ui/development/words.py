"""A development check in words: what a result means, every reason, what follows. Texts only, no widgets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from healthvisit.development import Cause, Monitoring, Result
from healthvisit.domain.development import Assessment, CheckReason, DevelopmentCheck, KeyScore
from healthvisit.packs.checks import ChecksPack
from healthvisit.packs.library import Library
from healthvisit.packs.pack import Named, Text
from healthvisit.services.assessments import RECORDED
from healthvisit.ui.dates import age_short, day, day_short, number, z_text
from healthvisit.ui.i18n import N_, _, language, ngettext
from healthvisit.ui.words import Tone

FOR_EVERY_CHILD = ("PL", "EL")
"""Domains a family gets ideas for where nothing is missing: to play and to talk."""
TONES: Mapping[str, Tone] = {
    Result.RED: "danger",
    Result.AMBER_2: "warn",
    Result.AMBER_1: "warn",
    Result.INCOMPLETE: "plain",
    Result.GREEN: "ok",
}
TESTS = {"hearing": N_("Have the hearing tested."), "vision": N_("Have the sight tested.")}
_CAUSES: Mapping[str, str] = {
    Cause.AGAIN: N_("Last time something was to be looked at again, too"),
    Cause.CARER_CONCERN: N_("The family is worried about the development"),
    Cause.HEARING_WORRY: N_("The hearing is a worry"),
    Cause.VISION_WORRY: N_("The sight is a worry"),
    Cause.SEVERAL_SOMETIMES: N_("Only sometimes, more than once in one area"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One reason: a sentence, and the skills it is about."""

    sentence: str = field(repr=False)
    items: tuple[str, ...] = field(default=(), repr=False)

    def line(self) -> str:
        """Both in one line."""
        return f"{self.sentence}: {'; '.join(self.items)}" if self.items else self.sentence


def own(text: Text) -> str:
    """A pack's wording in the language in use."""
    return text.get(language()) or next(iter(text.values()))


def named(rows: Sequence[Named], code: str) -> str:
    """The name of a code; the code itself where the pack does not hold it."""
    return next((own(row.name) for row in rows if row.code == code), code)


def skill(pack: ChecksPack, code: str) -> str:
    """A skill's words; its code where this edition does not hold it."""
    found = pack.skill(code)
    return own(found.text) if found else code


def result(pack: ChecksPack, code: str | None) -> str:
    """What a result is called; the colours' names stand nowhere."""
    return own(pack.follow_up(code).name) if code else _("No list of skills for this age yet")


def tone(code: str | None) -> Tone:
    """The colour beside the word."""
    return TONES.get(code, "plain") if code else "plain"


def band(months: int | None) -> str:
    """6 months."""
    return "" if months is None else ngettext("{n} month", "{n} months", months).format(n=months)


def reason(pack: ChecksPack, given: CheckReason) -> Said:
    """One reason in words; one this program does not know is shown as it came."""
    items = tuple(skill(pack, code) for code in given.about)
    match given.cause:
        case Cause.FLAG:
            flags = (pack.flag(code) for code in given.about)
            texts = (own(flag.text) if flag else code for flag, code in zip(flags, given.about, strict=True))
            return Said(sentence="; ".join(texts))
        case Cause.LOST_SKILL:
            return Said(
                sentence=_("A skill that was there is gone") if items else _("The family says: a skill is gone"),
                items=items,
            )
        case Cause.MISSING_YOUNGER:
            return Said(sentence=_("Still missing from a younger age"), items=items)
        case Cause.SEVERAL_NOT_YET | Cause.ONE_NOT_YET:
            said = ngettext("{n} skill is not there yet", "{n} skills are not there yet", len(items))
            return Said(sentence=said.format(n=len(items)), items=items)
        case Cause.NOT_ASKED:
            said = ngettext("{n} skill was not asked", "{n} skills were not asked", len(items))
            return Said(sentence=said.format(n=len(items)), items=items)
        case cause if cause in _CAUSES:
            return Said(sentence=_(_CAUSES[cause]), items=items)
    return Said(sentence=given.cause, items=items)


def reasons_of(made: Monitoring) -> tuple[CheckReason, ...]:
    """The reasons of a weighing as a record holds them."""
    return tuple(CheckReason(cause=r.cause.value, about=r.about) for r in made.reasons)


def follows(pack: ChecksPack, made: Monitoring, on: date, again_on: date | None) -> list[str]:
    """What has to follow, the most pressing first."""
    said = [own(pack.follow_up(made.result).say)] if made.result else []
    if made.refer_days is not None:
        said.insert(0, _("Seen by a doctor by {day}.").format(day=day(on + timedelta(days=made.refer_days))))
    said += [_(TESTS[test]) for test in made.tests if test in TESTS]
    if again_on is not None:
        said.append(_("Look again on {day}.").format(day=day(again_on)))
    if made.next_band is not None and made.next_band_in_days is not None and made.refer_days is None:
        begins = day(on + timedelta(days=made.next_band_in_days))
        said.append(_("The next check: {age}, from {day}.").format(age=band(made.next_band), day=begins))
    return said


def refer_by(check: DevelopmentCheck, today: date) -> date | None:
    """The day by which a saved check wants the child seen, not before today."""
    return None if check.refer_days is None else max(today, check.on + timedelta(days=check.refer_days))


def outcome(pack: ChecksPack, check: DevelopmentCheck, today: date) -> tuple[str, str, list[str]]:
    """A saved check in three: its result, the reasons, and what has to follow, the most pressing first."""
    by = refer_by(check, today)
    todo = [_("Seen by a doctor by {day}.").format(day=day(by))] if by is not None else []
    todo += [_(TESTS[test]) for test in check.tests if test in TESTS]
    todo += [_("Look again on {day}.").format(day=day(check.again_on))] if check.again_on else []
    todo += [own(pack.follow_up(check.result).say)] if check.result else []
    return result(pack, check.result), ". ".join(reason(pack, r).line() for r in check.reasons), todo


def ideas(pack: ChecksPack, made: Monitoring) -> list[tuple[str, str]]:
    """What the family can do together: (area, idea)."""
    if made.band is None or made.result in (None, Result.INCOMPLETE):
        return []
    domains = made.domains or tuple(d for d in FOR_EVERY_CHILD if any(n.code == d for n in pack.domains))
    return [(named(pack.domains, d), own(pack.idea(d, made.band).text)) for d in domains]


def owed(check: DevelopmentCheck, due_on: date | None, again_on: date | None) -> list[str]:
    """What a saved check still asks for: the day by which a doctor sees the child, the day to look again."""
    said = [_("Ask by {day} whether a doctor has seen the child.").format(day=day(due_on))] if due_on else []
    said += [_(TESTS[test]) for test in check.tests if test in TESTS and due_on]
    return said + ([_("Look again on {day}.").format(day=day(again_on))] if again_on else [])


def check_line(pack: ChecksPack, check: DevelopmentCheck, born_on: date | None) -> tuple[str, ...]:
    """A row of the history: day, age, list, result, reasons."""
    age = age_short(born_on, check.on) if born_on and check.on >= born_on else ""
    why = ". ".join(reason(pack, r).line() for r in check.reasons)
    return (day(check.on), age, band(check.band), result(pack, check.result), why or check.worry)


def since(on: date) -> str:
    """Begun 23 Nov, in the middle of a sentence."""
    return _("begun on {day}").format(day=day_short(on))


def tool_words(known: Library, one: Assessment) -> tuple[str, str, list[str]]:
    """Name of a tool, its result, and each area with score and standing; codes where no pack here has words."""
    tool, instrument = known.tool(one.tool), known.instrument(one.tool)
    if tool is not None:
        statuses = {s.code: own(s.name) for s in tool.statuses}
        names = {area.code: own(area.name) for area in tool.areas}
        areas = [_("The question about self-harm: yes")] if one.safety else []
        for code in dict.fromkeys([*names, *one.by_area, *one.area_status]):
            held = one.by_area.get(code)
            said = [number(held)] if held is not None else []
            said += [statuses.get(one.area_status[code], one.area_status[code])] if code in one.area_status else []
            areas += [f"{names.get(code, code)}: {', '.join(said)}"] if said else []
        return own(tool.name), statuses.get(one.status, one.status), areas
    if instrument is not None and one.status == RECORDED:
        said_by_key = [dscore_line(one.dscore)] if one.dscore is not None else []
        return own(instrument.name), _("written down; no verdict on one child"), said_by_key
    if instrument is not None:
        cutoff = next((c for c in instrument.cutoffs if c.status == one.status), None)
        return own(instrument.name), own(cutoff.name) if cutoff else one.status, []
    return one.tool, one.status, []


def result_row(known: Library, one: Assessment, *, replaced: bool = False) -> tuple[str, ...]:
    """A row of results: day, tool, result, scores, who assessed; what was corrected since says so."""
    name, status, areas = tool_words(known, one)
    total = None if one.status == RECORDED else one.total  # a survey's total is no verdict on one child
    scores = [_("total {number}").format(number=number(total))] if total is not None else []
    said = [_("corrected since: the newer one stands above")] if replaced else []
    version = "" if known.instrument(one.tool) else one.version  # of a form of its own only its pack's number is known
    return day(one.on), f"{name} {version}".strip(), status, "; ".join([*said, *scores, *areas]), one.assessor


def result_heads() -> list[str]:
    """Over the rows of results."""
    return [_("Day"), _("Tool"), _("Result"), _("Scores"), _("Who assessed")]


def dscore_line(score: KeyScore) -> str:
    """D 48.2, z for age -0.4, 9 answers."""
    return ", ".join(["D " + number(score.d, 1), *_daz(score), _answers(score.n)])


def _daz(score: KeyScore) -> list[str]:
    return [] if score.daz is None else [_("z for age {z}").format(z=z_text(float(score.daz)))]


def _answers(count: int) -> str:
    return ngettext("{n} answer", "{n} answers", count).format(n=count)


def made_with(score: KeyScore) -> str:
    """Key, reference and version of the engine, as they are stored with the score."""
    said = _("key {key}, reference {reference}, engine {engine}")
    return said.format(key=score.key, reference=score.reference or "–", engine=score.engine)
