"""What was found, left out and agreed, in sentences, for "check" and for a signed visit. Never a private answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from healthvisit.domain.attachment import sha256_of
from healthvisit.domain.measurement import Growth
from healthvisit.domain.visit import VisitPart
from healthvisit.forms.views import Question
from healthvisit.packs.pack import Named, Pack
from healthvisit.services.development_visit import ENTRY, followed_in
from healthvisit.services.lines import PersonLine
from healthvisit.services.measurements import point_of
from healthvisit.services.signing import growth_of
from healthvisit.ui import words
from healthvisit.ui.child.growth_words import corrected_words
from healthvisit.ui.child.growth_words import findings as of_the_day
from healthvisit.ui.dates import number, weekday_day
from healthvisit.ui.form.markup import plain
from healthvisit.ui.form.shown import answer_words, in_instance
from healthvisit.ui.i18n import _, language, ngettext
from healthvisit.ui.messages import FIELDS
from healthvisit.ui.visit.remarks import centimetres, judged, kilograms, posture_words

Rows = list[tuple[str, str]]
TENTHS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """One person's or the family's lines: (what, said)."""

    title: str = field(repr=False)
    rows: tuple[tuple[str, str], ...] = field(repr=False)


def findings(
    pack: Pack, parts: Iterable[VisitPart], persons: Sequence[PersonLine], *, on: date,
    more: Mapping[str, Rows] | None = None,
) -> list[Findings]:  # fmt: skip
    """People first, then what concerns the family; the private part of a mother's answers is left out.

    `more` are further lines of a person, by id; of the family by "".
    """
    known = {p.id: p for p in persons}
    family: VisitPart | None = None
    people: list[Findings] = []
    for part in parts:
        if part.person is None:
            family = part
        elif part.person in known:
            found = _of_person(pack, part, known[part.person], on)
            people.append(replace(found, rows=(*found.rows, *(more or {}).get(part.person, ()))))
    if family is None:
        return people
    concerned = _of_family(pack, family, known)
    return [*people, replace(concerned, rows=(*concerned.rows, *(more or {}).get("", ())))]


def free_rows(questions: Mapping[str, Question] | None) -> Rows:
    """What was answered to questions of an office's own, those of repeats with their number; no files."""
    asked = {path: q for path, q in (questions or {}).items() if sha256_of(q.value) is None}
    return [(in_instance(path, plain(q.label).strip() or path), answer_words(q)) for path, q in asked.items()]


def home_with(pack: Pack, family: VisitPart) -> Rows:
    """What the family takes home: advice, what was agreed, the next day."""
    agreement = family.entry("agreement") or {}
    rows = []
    topics = [_named(pack, "topics", code) for code in agreement.get("topics", ())]
    if topics:
        rows.append((_("Advice"), ", ".join(topics)))
    if agreement.get("agreed"):
        rows.append((_("Agreed"), agreement["agreed"]))
    elif agreement.get("no_agreement"):
        rows.append((_("Nothing agreed"), _named(pack, "no_agreement", agreement["no_agreement"])))
    if agreement.get("next_on"):
        rows.append((_("Next visit"), weekday_day(date.fromisoformat(agreement["next_on"]))))
    return rows


def _of_family(pack: Pack, part: VisitPart, known: Mapping[str, PersonLine]) -> Findings:
    concerns = part.entry("concerns") or {}
    rows: Rows = []
    if concerns.get("has_concern") == "none":
        rows.append((_("Family's concerns"), _("none")))
    elif concerns:
        said = [_named(pack, "concerns", code) for code in concerns.get("codes", ())]
        rows.append((_("Family's concerns"), ", ".join(said)))
        rows += [(_("In their words"), concerns["text"])] if concerns.get("text") else []
        rows += [(_("Matters most"), concerns["most"])] if concerns.get("most") else []
    outcome = (part.entry("agreement") or {}).get("last_time")
    if outcome:
        rows.append((_("Last agreement"), _named(pack, "outcomes", outcome)))
    for asked in followed_in(part.entry(ENTRY)):
        name = words.short_name(known[asked.person]) if asked.person in known else ""
        heard = _("A doctor has seen the child") if asked.seen else _("Not yet")
        rows.append((_("Sent to a doctor"), f"{name}: {heard}" if name else heard))
    return Findings(title=_("Family"), rows=(*rows, *home_with(pack, part)))


def _of_person(pack: Pack, part: VisitPart, person: PersonLine, on: date) -> Findings:
    rows = _danger_rows(pack, part)
    growth = growth_of(part)
    rows += _growth_rows(pack, growth, person) if growth else []
    corrected = corrected_words(growth.age_days) if growth and growth.corrected and growth.age_days is not None else ""
    title = " · ".join(filter(None, (words.person_name(person), words.age(person, on), corrected)))
    return Findings(title=title, rows=tuple(rows))


def _danger_rows(pack: Pack, part: VisitPart) -> Rows:
    danger = part.entry("danger")
    if danger is None:
        return []
    private = {s.code for s in pack.dangers if s.private}
    signs = {code: answer for code, answer in danger.get("signs", {}).items() if code not in private}
    rows: Rows = []
    there = [pack.text(pack.danger(c).name, language()) for c, answer in signs.items() if answer == "yes"]
    unseen = sum(answer == "not_checked" for answer in signs.values())
    if there:
        rows.append((_("Danger signs"), "; ".join(there)))
    elif signs and not unseen:
        rows.append((_("Danger signs"), _("looked for each: none of these")))
    if unseen:
        words_for = ngettext("{n} danger sign not checked", "{n} danger signs not checked", unseen)
        rows.append((_("Left out"), words_for.format(n=unseen)))
    if "temperature_c10" in danger:
        rows.append((_("Temperature"), _("{number} °C").format(number=number_of_tenths(danger["temperature_c10"]))))
    if "breaths" in danger:
        rows.append((_("Breaths in a minute"), str(danger["breaths"])))
    if "systolic" in danger:
        rows.append((_("Blood pressure"), f"{danger['systolic']}/{danger.get('diastolic', '')}"))
    if danger.get("referral"):
        rows.append((_("Referred"), _("at once, with a note")))
    return rows + _why_rows(pack, danger.get("why_not", {}))


def _growth_rows(pack: Pack, growth: Growth, person: PersonLine) -> Rows:
    rows: Rows = []
    measured = {
        "weight_g": (_("Weight"), "" if growth.weight_g is None else kilograms(growth.weight_g)),
        "length_mm": (_("Length"), _length(growth)),
        "head_mm": (_("Head"), "" if growth.head_mm is None else centimetres(growth.head_mm)),
        "muac_mm": (_("Upper arm"), "" if growth.muac_mm is None else centimetres(growth.muac_mm)),
    }
    for name, (title, said) in measured.items():
        if said:
            meant, _kind = judged(name, growth, person.sex)
            more = posture_words(growth) if name == "length_mm" else ""
            rows.append((title, " · ".join(filter(None, (said, meant.rstrip("."), more.rstrip("."))))))
    by_weight = ("weight_for_length", "bmi_for_age")
    rows += [(f.name, f"{f.said} ({f.z})") for f in of_the_day(point_of(growth)) if f.indicator in by_weight and f.z]
    if growth.oedema is not None:
        said = {"yes": _("yes"), "no": _("no"), "not_checked": _("not checked")}[growth.oedema.value]
        rows.append((_("Swelling of both feet"), said))
    return rows + _why_rows(pack, growth.why_not)


def _length(growth: Growth) -> str:
    return (
        "" if growth.length_mm is None else f"{centimetres(growth.length_mm)} {words.posture(growth.posture)}".strip()
    )


def _why_rows(pack: Pack, why_not: dict[str, str]) -> Rows:
    return [
        (_("Left out"), f"{_(FIELDS.get(name, name))}: {_named(pack, 'not_measured', why)}")
        for name, why in why_not.items()
    ]


def number_of_tenths(value: int) -> str:
    """385 is 38,5."""
    return number(Decimal(value) / TENTHS, 1)


def _named(pack: Pack, list_name: str, code: str) -> str:
    found: Named | None = next((n for n in pack.lists.get(list_name, ()) if n.code == code), None)
    return pack.text(found.name, language()) if found else code
