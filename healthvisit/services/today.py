"""Today: who is to be seen, in the order of urgency, and the round of a day. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any

from healthvisit.domain.names import strict_key
from healthvisit.domain.schedule import SOON_DAYS
from healthvisit.packs.pack import Pack
from healthvisit.services import check_drafts, dues
from healthvisit.services.lines import Group, HouseholdLine, line_of
from healthvisit.store import checks, drafts, next_contacts, people, visits
from healthvisit.store.unit_of_work import UnitOfWork

FOLLOWED = ("development_again", "development_follow_up")
"""Tasks of a worker that bring a family onto the list on their day."""


@dataclass(slots=True, kw_only=True)
class TodayRow:
    """A household in Today. `line` is who and when in full, read for the first rows at once and for others when wanted.

    `ask_arrival` is the referral whose arrival nobody confirmed yet, `follow_up` a contact owed today after one,
    `begun` children whose development check was begun and not saved, and since when.
    """

    id: str
    place: str
    group: Group
    sort_on: date | None
    in_round: bool
    ask_arrival: str | None
    follow_up: bool
    draft: Mapping[str, str] | None = field(repr=False)
    line: HouseholdLine | None = field(default=None, repr=False)
    begun: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayView:
    """The home screen: rows in order of urgency."""

    day: date
    rows: tuple[TodayRow, ...] = field(repr=False)
    households: int
    next_on: date | None
    next_count: int
    signed_today: int

    def count(self, group: Group) -> int:
        """How many rows stand in a group."""
        return sum(row.group is group for row in self.rows)


def today_view(work: UnitOfWork, pack: Pack, *, today: date, lines: int | None = None) -> TodayView:
    """Who is to be seen: confirmed dangers first, then started visits and checks, overdue, due, soon.

    Args:
        work: What is read.
        pack: Its schedule.
        today: Local calendar day.
        lines: So many rows get their line; all when left out.
    """
    dues.bring_up_to_date(work, pack, today=today)
    homes = next_contacts.by_household(work, today=today)
    drafted = {d["household"]: d for d in reversed(drafts.list_drafts(work)) if d["amends"] is None}  # the newest
    asked, owed = _urgent(work, today)
    again, begun = _to_look_again(work, today), _begun(work, today)
    chosen = round_of(work, today=today)
    order = {group: place for place, group in enumerate(Group)}
    found = []
    for home in homes:
        group, sort_on = _group(home, today)
        if home.id in asked or home.id in owed:
            group, sort_on = Group.NOW, today
        elif home.id in drafted:
            group = Group.STARTED
        elif home.id in begun and group in (None, Group.SOON):
            group, sort_on = Group.STARTED, begun[home.id][0][1]
        elif home.id in again and group in (None, Group.SOON):
            group, sort_on = Group.DUE, again[home.id]
        if group is None or (home.moved_on and group is not Group.NOW):
            continue
        row = TodayRow(
            id=home.id, place=home.place, group=group, sort_on=sort_on, in_round=home.id in chosen,
            ask_arrival=asked.get(home.id), follow_up=home.id in owed or home.id in again,
            draft=drafted.get(home.id), begun=tuple(begun.get(home.id, ())),
        )  # fmt: skip
        found.append(((order[group], sort_on or date.max, home.place, strict_key(home.address)), row))
    rows = tuple(row for _key, row in sorted(found, key=itemgetter(0)))
    first = rows[:lines]
    for row, line in zip(first, lines_of(work, first, today=today), strict=True):
        row.line = line
    ahead = [home.next_on for home in homes if home.next_on and home.next_on > today and not home.moved_on]
    soonest = min(ahead, default=None)
    return TodayView(
        day=today,
        rows=rows,
        households=len(homes),
        next_on=soonest,
        next_count=ahead.count(soonest) if soonest else 0,
        signed_today=len(visits.signed_on(work, today)),
    )


def lines_of(work: UnitOfWork, rows: Sequence[TodayRow], *, today: date) -> list[HouseholdLine]:
    """The lines of some rows of one reading, in their order."""
    homes = [row.id for row in rows]
    who = people.load_members(work, today=today, households=homes)
    known = dues.known_contacts(work, today=today, households=homes)
    seen = visits.last_seen(work, homes)
    return [
        line_of(
            who, row.id, known.get(row.id, {}), group=row.group, sort_on=row.sort_on, last_seen=seen.get(row.id),
            in_round=row.in_round, ask_arrival=row.ask_arrival, follow_up=row.follow_up, **draft_facts(row.draft),
        )
        for row in rows
    ]  # fmt: skip


def round_of(work: UnitOfWork, *, today: date) -> frozenset[str]:
    """The households put into the round of a day; yesterday's round is over."""
    held = work.state("round")
    return frozenset(held["households"]) if held.get("on") == today.isoformat() else frozenset()


def _urgent(work: UnitOfWork, today: date) -> tuple[dict[str, str], set[str]]:
    """Households whose arrival is to be asked (with the referral), and those owed a contact after a referral.

    Nobody is asked after a person who died.
    """
    dead = people.died(work)
    asked: dict[str, str] = {}
    made_on: dict[str, date] = {}
    for r in visits.referrals_of(work):
        made_on.setdefault(r.person, datetime.fromisoformat(r.made_at).astimezone().date())
        waits = r.urgency == "emergency" and not r.arrived and r.status in ("sent", "refused") and r.person not in dead
        if waits and (r.ask_on is None or r.ask_on <= today):
            asked.setdefault(r.household, r.id)
    owed = set()
    tasks = [task for task in visits.open_tasks(work) if task.reason == "contact_after_referral"]
    seen = visits.last_seen(work, {task.household for task in tasks})
    for task in tasks:
        if task.due_on <= today and task.person not in dead:
            last, made = seen.get(task.household), made_on.get(task.person or "")
            if last is None or made is None or last <= made:
                owed.add(task.household)
    return asked, owed


def _to_look_again(work: UnitOfWork, today: date) -> dict[str, date]:
    """Households with a child to be looked at again by today, and since when. Nobody looks again at one who died."""
    dead = people.died(work)
    due = checks.due_by_household(work, today, *FOLLOWED)
    return {home: min(days) for home, who in due.items() if (days := [on for person, on in who if person not in dead])}


def _begun(work: UnitOfWork, today: date) -> dict[str, list[tuple[str, date]]]:
    """Households with checks begun and not saved: whose, and since when, the oldest first."""
    dead = people.died(work)
    found: dict[str, list[tuple[str, date]]] = {}
    for person, on in sorted(check_drafts.begun(work).items(), key=itemgetter(1)):
        home = people.home_of(work, person, today=today)
        if home is not None and person not in dead:
            found.setdefault(home, []).append((person, on))
    return found


def _group(home: Any, today: date) -> tuple[Group | None, date | None]:
    if home.closes_on is not None:
        return (Group.OVERDUE if home.late else Group.DUE), home.closes_on
    if home.opens_on is not None and home.opens_on <= today + timedelta(days=SOON_DAYS):
        return Group.SOON, home.next_on
    return None, None


def draft_facts(draft: Mapping[str, str] | None) -> dict[str, Any]:
    """Where a started visit stands, as fields of a line."""
    if draft is None:
        return {}
    return {
        "draft": draft["id"],
        "draft_page": draft["page"],
        "draft_at": datetime.fromisoformat(draft["saved_at"]),
    }
