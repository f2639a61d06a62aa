"""Development among the sections of a visit: whose check is offered, what is asked of a referral, what is said of both.

Texts only, no widgets. A check is a page of its own: Continue passes it by, so that a visit without one costs no key.
"""

from dataclasses import dataclass, field
from datetime import date

from healthvisit.domain.development import DevelopmentCheck
from healthvisit.services import development
from healthvisit.services.development_visit import Followed, Standing
from healthvisit.services.lines import PersonLine
from healthvisit.services.visit_draft import PartDraft, VisitDraft
from healthvisit.ui import words as general
from healthvisit.ui.dates import day_short
from healthvisit.ui.development import words
from healthvisit.ui.i18n import _

KEY, PATH = "development/", "followed/"
Rows = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowQuestion:
    """One referral asked about: `path` names it among problems and for the keyboard; `value` is yes, no or empty."""

    path: str
    text: str = field(repr=False)
    value: str = field(default="", repr=False)


def key_of(person: str) -> str:
    """The key of a child's check in the list of sections."""
    return f"{KEY}{person}"


def person_of(key: str) -> str:
    """Whose check a key of that list means; empty for any other section."""
    return key.removeprefix(KEY) if key.startswith(KEY) else ""


def checks_offered(draft: VisitDraft) -> list[tuple[PersonLine, Standing]]:
    """The children seen whose check has its place in this visit."""
    seen = [p.person for p in draft.seen if p.person is not None and p.person.id in draft.development]
    return [(person, s) for person in seen if (s := draft.development[person.id]).is_offered]


def check_meant(draft: VisitDraft, part: PartDraft) -> str:
    """Whose check one key opens: that of the child shown, else the first begun or due; empty for none."""
    offered = checks_offered(draft)
    if part.person is not None and any(person.id == part.person.id for person, _standing in offered):
        return part.person.id
    waiting = [person for person, standing in offered if standing.state in ("started", "todo")]
    return next((person.id for person in (*waiting, *(person for person, _standing in offered))), "")


def check_to_correct(draft: VisitDraft, person: str) -> str:
    """The check of a child that was made in this visit: it is corrected, not made twice. Empty for none."""
    standing = draft.development.get(person)
    made = standing.made if standing is not None and standing.begun_on is None else None
    return made.id if made is not None else ""


def follow_questions(draft: VisitDraft) -> list[FollowQuestion]:
    """What came of each child of the household that was sent to a doctor before this day, seen today or not."""
    asked = []
    for person in draft.household.children:
        standing = draft.development.get(person.id)
        if standing is None or standing.referral is None:
            continue
        said = draft.followed.get(standing.referral.id)
        made = day_short(standing.referral.made_on, draft.on)
        text = _("{name} was sent to a doctor on {day} for the development. What came of it?")
        asked.append(
            FollowQuestion(
                path=f"{PATH}{standing.referral.id}", text=text.format(name=general.short_name(person), day=made),
                value="" if said is None else "yes" if said.seen else "no",
            )
        )  # fmt: skip
    return asked


def follow(draft: VisitDraft, path: str, answer: str) -> None:
    """Take the answer to one of them."""
    for person, standing in draft.development.items():
        if standing.referral is not None and path == f"{PATH}{standing.referral.id}":
            referral = standing.referral.id
            draft.followed[referral] = Followed(referral=referral, person=person, seen=answer == "yes")


def rows_of(draft: VisitDraft, *, today: date) -> dict[str, Rows]:
    """What "check and sign" says of each child's development: the outcome and what follows, or what is open."""
    return {person.id: _rows(standing, draft, today) for person, standing in checks_offered(draft)}


def rows_of_check(check: DevelopmentCheck, today: date) -> Rows:
    """What a check came to, why, and what follows."""
    name, why, todo = words.outcome(development.checks_pack(), check, today)
    return [(_("Development check"), ". ".join(filter(None, (name, why)))), (_("What follows"), " ".join(todo))]


def _rows(standing: Standing, draft: VisitDraft, today: date) -> Rows:
    rows = [(_("Development check"), _begun(standing.begun_on, draft.on))] if standing.begun_on is not None else []
    if standing.made is not None:
        rows += rows_of_check(standing.made, today)
    elif not rows and standing.is_due:
        listed = words.band(standing.band)
        said = _("due ({age}), and not made") if listed else _("not made yet")
        rows.append((_("Development check"), said.format(age=listed)))
    return rows


def _begun(begun_on: date, on: date) -> str:
    return _("begun on {day}, not finished: go on with it now, or later from Today").format(day=day_short(begun_on, on))
