"""What several screens and papers call things: people, contacts, groups, lateness, growth. Texts only, no widgets."""

from datetime import date
from typing import Literal

from healthvisit.domain.person import PersonKind, Precision
from healthvisit.domain.schedule import Contact, State
from healthvisit.growth import GrowthClass, Indicator
from healthvisit.packs.pack import Pack
from healthvisit.services.lines import Group, HouseholdLine, PersonLine
from healthvisit.ui.dates import age_short, age_words, day_short
from healthvisit.ui.i18n import N_, _, language, ngettext, pgettext

Tone = Literal["plain", "primary", "warn", "danger", "ok"]

GROUPS = {
    Group.NOW: N_("Now"),
    Group.STARTED: N_("Started, not signed"),
    Group.OVERDUE: N_("Overdue"),
    Group.DUE: N_("Due this week"),
    Group.SOON: N_("Soon"),
}
INDICATORS: dict[Indicator, str] = {
    "weight_for_age": N_("Weight for age"),
    "length_for_age": N_("Length for age"),
    "weight_for_length": N_("Weight for length"),
    "bmi_for_age": N_("BMI for age"),
    "head_for_age": N_("Head"),
    "muac_for_age": N_("Upper arm"),
}
CLASSES: dict[GrowthClass, str] = {
    "very_low": N_("very low: see what to do"),
    "low": N_("low"),
    "as_expected": N_("as expected"),
    "slightly_high": N_("a little high"),
    "high": N_("high"),
    "very_high": N_("very high"),
    "check": N_("measure again: the tape or the date?"),
}
NO_SCORE = {
    "sex_unknown": N_("no curve: sex not known"),
    "age_unknown": N_("no curve: day of birth not known"),
    "too_young": N_("no curve before 3 months"),
    "out_of_table": N_("no curve for this length"),
    "oedema": N_("not judged: swelling of both feet"),
    "no_reference": N_("no curve at this age"),
    "below_zero_corrected": N_("no curve before the day she was due"),
}
ROLES = {
    "mother": N_("mother"),
    "father": N_("father"),
    "grandparent": N_("grandparent"),
    "guardian": N_("guardian"),
    "other": N_("other adult"),
}
LANGUAGES_SPOKEN = {"tk": N_("Turkmen"), "ru": N_("Russian"), "uz": N_("Uzbek"), "other": N_("another language")}
UNTIL_PLURAL = 2


def family_name(line: HouseholdLine) -> str:
    """Myradow family."""
    return _("{name} family").format(name=line.name)


def person_name(person: PersonLine) -> str:
    """Given name and surname; for a newborn not named yet "baby of …", for twins with the order of birth."""
    if person.given_name or (person.name and not person.mother_name):
        return " ".join(part for part in (person.given_name, person.surname) if part)
    if person.order is not None:
        return _("Baby {order} of {mother}").format(order=person.order, mother=person.mother_name)
    return _("Baby of {mother}").format(mother=person.mother_name)


def short_name(person: PersonLine, *, shown: bool = True) -> str:
    """The given name for a list; "Child" where names are not shown, "Baby" for one not named yet."""
    if person.kind is PersonKind.CHILD and not shown:
        return _("Child")
    if person.given_name:
        return person.given_name
    if person.order is not None:
        return _("Baby {order}").format(order=person.order)
    return _("Baby") if person.kind is PersonKind.CHILD else person.name


def age(person: PersonLine, on: date, *, short: bool = False) -> str:
    """The age in words, or short for a list; empty when the birth is not known or not yet."""
    if person.born_on is None or person.born_on > on:
        return ""
    if short and person.born_precision is Precision.DAY:
        return age_short(person.born_on, on)
    precision = "month" if person.born_precision is Precision.ESTIMATED else person.born_precision.value
    return age_words(person.born_on, on, precision)


def short_age(person: PersonLine, on: date, *, shown: bool = True) -> str:
    """Aýna 4 m 5 d."""
    return f"{short_name(person, shown=shown)} {age(person, on, short=True)}".strip()


def sex(person: PersonLine) -> str:
    """Girl, boy; for adults woman, man; empty where it is not known."""
    child = person.kind is PersonKind.CHILD
    if person.sex == "f":
        return _("girl") if child else _("woman")
    if person.sex == "m":
        return _("boy") if child else _("man")
    return ""


def place(pack: Pack, code: str) -> str:
    """A village in the language in use; its code where this pack does not hold it."""
    found = pack.place(code)
    return pack.text(found.name, language()) if found else code


def address(pack: Pack, line: HouseholdLine) -> str:
    """Village, street."""
    return ", ".join(part for part in (place(pack, line.place), line.address) if part)


def phone(number: str) -> str:
    """+993 65 12 34 56; another country's number as it is."""
    digits = number.removeprefix("+993")
    if number.startswith("+993") and len(digits) == 8:  # noqa: PLR2004 -- a Turkmen number
        return "+993 " + " ".join(digits[at : at + 2] for at in range(0, 8, 2))
    return number


def ringing(line: HouseholdLine) -> str:
    """The numbers where the family may be rung; "do not ring", or that it was not asked, without saying why."""
    if line.may_ring is False:
        return _("do not ring")
    if not line.phones:
        return ""
    numbers = ", ".join(map(phone, line.phones))
    return numbers if line.may_ring else _("{numbers} (ask whether you may ring)").format(numbers=numbers)


def contact(pack: Pack, code: str) -> str:
    """The name of a contact as the pack has it; it is safe on a list others see."""
    return pack.text(pack.visit_names[code], language()) if code in pack.visit_names else _("visit")


def window(made: Contact, today: date) -> str:
    """How a contact stands: "14 days late", "until 28 Nov", "from 3 Dec", or the day agreed."""
    if made.state is State.OVERDUE:
        return late(made.days_late(today))
    if made.agreed_on is not None and made.agreed_on >= today:
        return _("agreed {day}").format(day=day_short(made.agreed_on, today))
    if made.state is State.DUE:
        return _("until {day}").format(day=day_short(made.closes_on, today))
    return _("from {day}").format(day=day_short(made.opens_on, today))


def late(days: int) -> str:
    """14 days late."""
    return ngettext("{n} day late", "{n} days late", days).format(n=days)


def why_now(pack: Pack, person: PersonLine, today: date, *, shown: bool = True) -> str:
    """Aýna 4 m 5 d: 4-month visit, until 28 Nov."""
    who = short_age(person, today, shown=shown)
    if person.contact is None:
        return who
    what = contact(pack, person.contact.code)
    return _("{who}: {what}, {when}").format(who=who, what=what, when=window(person.contact, today))


def chip(line: HouseholdLine, today: date) -> tuple[str, Tone]:
    """The word at the right of a row with its tone. It never says what was found."""
    if line.ask_arrival is not None:
        return _("ask today") if line.may_ring is False else _("ring today"), "primary"
    if line.follow_up:
        return _("contact today"), "primary"
    if line.group is Group.STARTED:
        return _("started"), "warn"
    due = line.due
    if due and due[0].contact is not None:
        return window(due[0].contact, today), "danger" if line.group is Group.OVERDUE else "plain"
    ahead = next((p.contact for p in line.persons if p.contact and line.next_on in _days(p.contact)), None)
    return (window(ahead, today), "plain") if ahead else ("", "plain")


def _days(made: Contact) -> tuple[date | None, date]:
    return made.agreed_on, made.target_on


def children_count(count: int) -> str:
    """2 children; nothing for one or none."""
    return ngettext("{n} child", "{n} children", count).format(n=count) if count >= UNTIL_PLURAL else ""


def page(name: str) -> str:
    """Where a started visit stands, in a word; empty for a page without one."""
    words = {
        "setting": _("Setting"),
        "danger": _("Danger signs"),
        "concerns": _("Family's concerns"),
        "growth": _("Growth"),
        "vaccines": _("Vaccines"),
        "agreement": _("Advice and agreement"),
        "check": _("Check and sign"),
    }
    return words.get(name.rpartition("/")[2], "")


def growth_class(kind: GrowthClass | None, reason: str | None = None) -> str:
    """A class of growth in words, or why there is none."""
    if kind is not None:
        return _(CLASSES[kind])
    return _(NO_SCORE[reason]) if reason in NO_SCORE else ""


def posture(code: str | None) -> str:
    """Lying or standing; empty where it was not noted."""
    return {"l": pgettext("measured", "lying"), "h": pgettext("measured", "standing")}.get(code or "", "")
