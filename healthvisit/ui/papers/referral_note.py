"""The referral note, A5: five lines that a doctor reads first, and below a cut line the slip that comes back."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from html import escape

from healthvisit.packs.pack import Pack
from healthvisit.services.dangers import DangerNow, Raised
from healthvisit.services.lines import HouseholdLine, PersonLine
from healthvisit.ui import words
from healthvisit.ui.dates import clock, day, number
from healthvisit.ui.i18n import _, language, ngettext
from healthvisit.ui.printing import Letter

BLANK = "_" * 12


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFacts:
    """What the note is made of. `sender` is the worker's short label, `phone` hers or the health house's."""

    person: PersonLine = field(repr=False)
    household: HouseholdLine = field(repr=False)
    danger: DangerNow = field(repr=False)
    raised: Raised
    sender: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


def five_lines(pack: Pack, facts: NoteFacts) -> list[str]:
    """Who; what was seen, with numbers and time; what the family was told; where to; who sends. To copy by hand."""
    danger, on = facts.danger, facts.raised.at
    who = [words.person_name(facts.person), words.sex(facts.person), words.age(facts.person, on.astimezone().date())]
    if facts.person.born_on is not None:
        who.append(_("born {day}").format(day=day(facts.person.born_on)))
    seen = [pack.text(pack.danger(code).name, language()) for code in facts.raised.covered]
    if danger.temperature_c10 is not None:
        seen.append(_("{number} °C").format(number=number(Decimal(danger.temperature_c10) / 10, 1)))
    if danger.breaths is not None:
        many = ngettext("{n} breath a minute", "{n} breaths a minute", danger.breaths)
        seen.append(many.format(n=danger.breaths))
    aid = pack.first_aid_for(facts.raised.covered)[:-1]  # the journey, always last, is the next line
    told = "; ".join(_small(pack.text(line.text, language()).rstrip(".")) for line in aid)
    phone = facts.phone or _("phone {blank}").format(blank=BLANK)
    sends = [facts.sender, phone, _("family {number}").format(number=facts.household.number)]
    return [
        ", ".join(filter(None, who)),
        _("{time}: {seen}").format(time=_moment(on), seen="; ".join(seen)),
        _("Told to the family: {advice}").format(advice=told),
        _way(pack, danger),
        _("Sent by {who}. Answer code {code}").format(who=", ".join(filter(None, sends)), code=facts.raised.code),
    ]


def referral_note(pack: Pack, facts: NoteFacts, *, practice: bool = False) -> Letter:
    """The note as a letter; the person has asked for this paper."""
    told = enumerate(five_lines(pack, facts), start=1)
    lines = "".join(f'<p class="large">{at}. {escape(line)}</p>' for at, line in told)
    blank = "<br/>" + "_" * 44
    asked = (
        (_("Arrived on, at:"), 1),
        (_("What was found and done:"), 2),
        (_("What the family should do, next visit:"), 1),
        (_("Name and phone:"), 1),
    )
    answer, cut_here, title = _("Answer"), _("cut here and send back"), _("Referral: danger sign")
    slip = f"<h2>{escape(answer)} · {escape(facts.raised.code)}</h2>"
    slip += "".join(f"<p>{escape(question)}{blank * rows}</p>" for question, rows in asked)
    dashes = "- " * 14
    cut = f'<p class="small">{dashes}{escape(cut_here)} {dashes}</p>'
    return Letter(
        html=f"<h1>{escape(title)}</h1>{lines}{cut}{slip}", page="A5", practice=practice,
        footer=facts.raised.code,
    )  # fmt: skip


def _way(pack: Pack, danger: DangerNow) -> str:
    """Whether the family goes, where to, how, with whom, and whether an ambulance was rung."""
    way = []
    if not danger.family_agrees:
        reason = danger.refusal_reason.strip()
        refused = _("The family does not agree: {reason}").format(reason=reason)
        way.append(refused if reason else _("The family does not agree"))
    where = _("To {place}").format(place=danger.to) if danger.to else _("Where to: not decided yet")
    way.append(_small(where) if way else where)
    way.append(_transport(pack, danger.transport))
    way.append(_("with {companion}").format(companion=danger.companion) if danger.companion else "")
    rung = _("03 rung at {clock}").format(clock=clock(danger.ambulance_at)) if danger.ambulance_at else ""
    way.append(rung or _("03 not rung"))
    return ", ".join(filter(None, way))


def _small(words: str) -> str:
    """Words that go on in the middle of a sentence."""
    return words[:1].lower() + words[1:]


def _moment(at: datetime) -> str:
    return f"{day(at.astimezone().date())} {clock(at)}"


def _transport(pack: Pack, code: str) -> str:
    named = next((n for n in pack.lists.get("transport", ()) if n.code == code), None)
    return pack.text(named.name, language()) if named else code
