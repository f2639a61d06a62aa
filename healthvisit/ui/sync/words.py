"""Records, fields and values of a conflict in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from healthvisit.packs.pack import Pack
from healthvisit.services.attention import AttentionCard
from healthvisit.ui.dates import day, day_short, kg_unit
from healthvisit.ui.i18n import N_, _, language, ngettext

KINDS: Mapping[str, str] = {
    "household": N_("Family"),
    "person": N_("Person"),
    "birth": N_("Birth"),
    "membership": N_("Member of the family"),
    "enrolment": N_("Time in the programme"),
    "pregnancy": N_("Pregnancy"),
    "visit": N_("Visit"),
    "visit_part": N_("Visit"),
    "planned_contact": N_("Planned visit"),
    "danger_screen": N_("Danger signs"),
    "referral": N_("Referral"),
    "task": N_("Task"),
    "development_check": N_("Development check"),
    "assessment": N_("Result of another tool"),
    "milestone": N_("When a milestone was reached"),
}
FIELDS: Mapping[str, str] = {
    "surname": N_("Surname"),
    "given_name": N_("First name"),
    "patronymic": N_("Patronymic"),
    "sex": N_("Sex"),
    "born_on": N_("Date of birth"),
    "born_precision": N_("How well the date of birth is known"),
    "died_on": N_("Date of death"),
    "phones": N_("Phone numbers"),
    "aliases": N_("Other names"),
    "gestation_days": N_("Weeks of pregnancy"),
    "weight_g": N_("Weight at birth"),
    "order": N_("Order of birth"),
    "of": N_("Children born together"),
    "left_on": N_("Left the maternity house on"),
    "to_on": N_("Until"),
    "level": N_("Level of the programme"),
    "exit_reason": N_("Why it ended"),
    "due_on": N_("Day she is due"),
    "outcome": N_("Outcome"),
    "ended_on": N_("Ended on"),
    "status": N_("State"),
    "state": N_("State"),
    "family_agrees": N_("The family agrees"),
    "refusal_reason": N_("Why the family refuses"),
    "arrived_at": N_("Arrived"),
    "address": N_("Address"),
    "place": N_("Village"),
    "void": N_("Does it hold?"),
}
CODES: Mapping[str, str] = {
    "f": N_("girl or woman"),
    "m": N_("boy or man"),
    "unknown": N_("not known"),
    "day": N_("to the day"),
    "month": N_("to the month"),
    "year": N_("to the year"),
    "estimated": N_("estimated"),
    "sent": N_("sent"),
    "refused": N_("refused"),
    "attended": N_("arrived"),
    "not_attended": N_("did not arrive"),
    "completed": N_("finished"),
    "cancelled": N_("cancelled"),
    "open": N_("open"),
    "done": N_("done"),
}


def subject_words(card: AttentionCard, today: date) -> str:
    """Whom and what a card is about: "Visit of 4 Nov · Orazow family"."""
    kind = _(KINDS[card.kind]) if card.kind in KINDS else _("Entry")
    what = _("{what} of {day}").format(what=kind, day=day_short(card.on, today)) if card.on else kind
    who = card.who or (_("{name} family").format(name=card.family) if card.family else "")
    if who and card.kind in ("person", "household"):
        return who
    return " · ".join(part for part in (what, who) if part)


def field_words(name: str) -> str:
    """A field's name; one this program does not know is shown as it came."""
    return _(FIELDS[name]) if name in FIELDS else name


def value_words(name: str, value: Any, pack: Pack) -> str:
    """A value as a person reads it; nothing is hidden because it is unknown."""
    if value is None or value == "":
        return _("nothing")
    if name == "void":
        return _("void") if value else _("holds")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(value_words(name, element, pack) for element in value) or _("nothing")
    if isinstance(value, Mapping):
        return str(value.get("number") or value.get("raw") or value)
    if name == "gestation_days":
        weeks, days = divmod(value, 7)
        said = [ngettext("{n} week", "{n} weeks", weeks).format(n=weeks)]
        said += [ngettext("{n} day", "{n} days", days).format(n=days)] if days else []
        return " ".join(said)
    if name == "weight_g":
        return kg_unit(value)
    return _text_words(name, str(value), pack)


def _text_words(name: str, value: str, pack: Pack) -> str:
    if name.endswith(("_on", "_at")):
        return day(date.fromisoformat(value[:10]))
    if name == "place" and (found := pack.place(value)) is not None:
        return pack.text(found.name, language())
    return _(CODES[value]) if value in CODES else value
