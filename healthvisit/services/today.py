"""Today: who is to be seen, in the order of urgency, and the round of a day. Reads only."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from operator import itemgetter
from typing import Any

from healthvisit.domain.names import strict_key
from healthvisit.domain.schedule import OPEN_STATES, SOON_DAYS, Contact, State
from healthvisit.packs.pack import Pack
from healthvisit.services import dues
from healthvisit.services.lines import Group, HouseholdLine, line_of
from healthvisit.store import drafts, people, visits
from healthvisit.store.people import HouseholdRow
from healthvisit.store.unit_of_work import UnitOfWork


class TodayRow:
    """A household in Today; its `line` is made when it is looked at: of thousands few are on the screen.

    `ask_arrival` is the referral whose arrival nobody confirmed yet, `follow_up` a contact owed today after one.
    """

    __slots__ = ("_line", "_make", "ask_arrival", "draft", "follow_up", "group", "id", "in_round", "place", "sort_on")

    def __init__(self, make: Callable[..., HouseholdLine], home: HouseholdRow, **facts: Any) -> None:
        self.id: str = home.id
        self.place: str = home.place
        self.group: Group = facts["group"]
        self.sort_on: date | None = facts["sort_on"]
        self.in_round: bool = facts["in_round"]
        self.ask_arrival: str | None = facts["ask_arrival"]
        self.follow_up: bool = facts["follow_up"]
        self.draft: str | None = facts.get("draft")
        self._make: Callable[[], HouseholdLine] = partial(make, **facts)
        self._line: HouseholdLine | None = None

    @property
    def line(self) -> HouseholdLine:
        """The household with its people."""
        if self._line is None:
            self._line = self._make()
        return self._line


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


def today_view(work: UnitOfWork, pack: Pack, *, today: date) -> TodayView:
    """Who is to be seen: confirmed dangers first, then started visits, overdue, due, soon."""
    known = dues.known_contacts(work, pack, today=today)
    drafted = {d["household"]: d for d in reversed(drafts.list_drafts(work)) if d["amends"] is None}  # the newest
    seen = visits.last_seen(work)
    asked, owed = _urgent(work, seen, today)
    grouped = {home: _group(made.values(), today) for home, made in known.items()}
    grouped |= {home: (Group.STARTED, grouped.get(home, (None, None))[1]) for home in drafted}
    grouped |= dict.fromkeys((*asked, *owed), (Group.NOW, today))
    listed = {home: (group, sort_on) for home, (group, sort_on) in grouped.items() if group is not None}
    who = people.load_members(work, today=today, households=listed)
    chosen = round_of(work, today=today)
    order = {group: place for place, group in enumerate(Group)}
    rows = []
    for home, (group, sort_on) in listed.items():
        row = who.households.get(home)
        if row is None or (row.moved_on and group is not Group.NOW):
            continue
        key = (order[group], sort_on or date.max, row.place, strict_key(row.address))
        facts = draft_facts(drafted.get(home)) | {
            "group": group, "sort_on": sort_on, "last_seen": seen.get(home), "in_round": home in chosen,
            "ask_arrival": asked.get(home), "follow_up": home in owed,
        }  # fmt: skip
        rows.append((key, TodayRow(partial(line_of, who, home, known.get(home, {})), row, **facts)))
    rows.sort(key=itemgetter(0))
    moved = people.moved(work)
    nexts = (dues.next_on(made.values()) for home, made in known.items() if home not in moved)
    ahead = [on for on in nexts if on is not None and on > today]
    soonest = min(ahead, default=None)
    return TodayView(
        day=today,
        rows=tuple(row for _key, row in rows),
        households=people.count_households(work),
        next_on=soonest,
        next_count=ahead.count(soonest) if soonest else 0,
        signed_today=len(visits.signed_on(work, today)),
    )


def round_of(work: UnitOfWork, *, today: date) -> frozenset[str]:
    """The households put into the round of a day; yesterday's round is over."""
    held = work.state("round")
    return frozenset(held["households"]) if held.get("on") == today.isoformat() else frozenset()


def _urgent(work: UnitOfWork, seen: Mapping[str, date], today: date) -> tuple[dict[str, str], set[str]]:
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
    for task in visits.open_tasks(work):
        if task.reason == "contact_after_referral" and task.due_on <= today and task.person not in dead:
            last, made = seen.get(task.household), made_on.get(task.person or "")
            if last is None or made is None or last <= made:
                owed.add(task.household)
    return asked, owed


def _group(made: Collection[Contact], today: date) -> tuple[Group | None, date | None]:
    due = [contact for contact in made if contact.state in OPEN_STATES]
    if due:
        late = any(contact.state is State.OVERDUE for contact in due)
        return (Group.OVERDUE if late else Group.DUE), min(contact.closes_on for contact in due)
    if made and min(contact.opens_on for contact in made) <= today + timedelta(days=SOON_DAYS):
        return Group.SOON, dues.next_on(made)
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
