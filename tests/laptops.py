"""Laptops and an office for tests: real vaults, a real server process, and a line that can be made to fail."""

import json
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event

from sqlalchemy import select

from healthvisit.domain.errors import OfficeUnreachableError
from healthvisit.domain.household import Household
from healthvisit.domain.person import Person
from healthvisit.domain.record import Kind, Record
from healthvisit.practice.office import OfficeProcess
from healthvisit.server import admin
from healthvisit.server import enrolment as server_enrolment
from healthvisit.server.folder import Office as OfficeFolder
from healthvisit.server.folder import make
from healthvisit.services import access, families
from healthvisit.services.families import NewFamily
from healthvisit.store import exchange, office, people
from healthvisit.store.readmodel import TABLES
from healthvisit.sync import client
from healthvisit.sync import round as sync_round
from healthvisit.vault.keys import LOWEST
from healthvisit.wire import identity as wire_identity
from healthvisit.wire.identity import SigningKey
from tests.builders import PHRASE, a_child, a_mother

GARAGUM = "TM-M-GAR-01"


def utc_now():
    """The computer's clock: the office compares a laptop's stamps with it."""
    return datetime.now(UTC)


class TestOffice(OfficeProcess):
    """An office's folder with its server process, and what a test wants to know of its database."""

    __test__ = False

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, folder.with_name(folder.name + ".txt"))
        make(self.folder, now=utc_now())

    def code(self, worker: str = "Nurse 1", caseload: str = "Garagum") -> str:
        """An enrolment code as an administrator gets it, beside the running server."""
        with OfficeFolder.open(self.folder) as opened:
            return server_enrolment.issue_code(opened, worker=worker, caseload=caseload, now=utc_now()).text

    def revoke(self, device: str) -> None:
        with OfficeFolder.open(self.folder) as opened:
            admin.revoke(opened, device)

    def rows(self, query: str, *values: object) -> list[tuple]:
        """Read the database as it is on disk."""
        with closing(sqlite3.connect(f"file:{self.folder / 'office.db'}?mode=ro", uri=True)) as db:
            return db.execute(query, values).fetchall()

    def shown(self, feeds: list[str]) -> dict[str, dict]:
        """What laptops with these feeds must show: record id to its version, as JSON values."""
        found = {}
        for feed in feeds:
            query = (
                "SELECT f.record, r.version FROM feed_row f JOIN record r ON r.id = f.record"
                " WHERE f.feed = ? AND f.kind = 'ver'"
            )
            found |= {record: json.loads(version) for record, version in self.rows(query, feed)}
        return found

    def copy_database(self, to: Path) -> None:
        """A backup as an administrator takes it."""
        with (
            closing(sqlite3.connect(self.folder / "office.db")) as db,
            closing(sqlite3.connect(to)) as copy,
        ):
            db.backup(copy)

    def put_back(self, copy: Path) -> None:
        """The database file copied back while the server is stopped."""
        assert not self.is_running
        for name in ("office.db-wal", "office.db-shm"):
            (self.folder / name).unlink(missing_ok=True)
        (self.folder / "office.db").write_bytes(copy.read_bytes())


class Laptop:
    """One vault with its store, joined or not."""

    def __init__(self, folder: Path, *, opened: access.Store | None = None) -> None:
        self.folder = folder
        if opened is None:
            opened = access.create(
                folder / "data", folder / "anchor", passphrase=PHRASE, label="W-01", now=utc_now(), cost=LOWEST
            )
        self.store = opened
        self.url = ""
        self._open_line: client.Office | None = None

    @property
    def who(self) -> access.Identity:
        with self.store.reading(worker="", now=utc_now()) as work:
            return access.identity(work)

    def at_store(self, deed):
        with self.store.unit(worker=self.who.worker, now=utc_now(), pack="tm-default@2026.1") as work:
            return deed(work)

    def join(self, url: str, code: str) -> None:
        who = self.who
        joined = client.join(
            wire_identity.parse_code(code), url=url, card_file=None, device=who.device, key=SigningKey(who.key),
            worker=who.worker, name=who.label,
        )  # fmt: skip
        self.at_store(
            lambda work: exchange.keep_joined(work, card_file=joined.card.file, url=joined.url, enrolled=joined.answer)
        )

    def line(self, url: str = "") -> client.Office:
        """The line to the office; kept open between exchanges."""
        if url:
            self.at_store(lambda work: exchange.keep_url(work, url))
        card_file, known = self.at_store(exchange.join_facts)
        if self._open_line is None or self._open_line.url != known:
            self.hang_up()
            who = self.who
            self._open_line = client.Office(
                card=wire_identity.read_card(card_file), url=known, device=who.device, key=SigningKey(who.key)
            )
        return self._open_line

    def exchange(self, line: sync_round.Line | None = None, *, stop: Event | None = None, progress=None):
        who = self.who
        return sync_round.run(
            line or self.line(), self.at_store, key=SigningKey(who.key), device=who.device, now=utc_now,
            stop=stop or Event(), progress=progress or (lambda *_: None),
        )  # fmt: skip

    def hang_up(self) -> None:
        if self._open_line is not None:
            self._open_line.close()
            self._open_line = None

    def close(self) -> None:
        self.hang_up()
        self.store.close()

    def kill(self) -> None:
        """Gone without a word, as by kill -9: nothing is sealed or marked any more."""
        self.hang_up()
        self.store.vault.close()

    def reopen(self) -> "Laptop":
        opened = access.open_store(self.folder / "data", self.folder / "anchor", passphrase=PHRASE)
        return Laptop(self.folder, opened=opened)

    # --- what a worker does and sees -------------------------------------------------------------------------------

    def register(self, name: str = "Myradow", child: str = "Aýna", born_on: date = date(2026, 7, 18)) -> str:
        family = NewFamily(
            name=name, place=GARAGUM, phone="65123456", mother=a_mother(surname=name + "a"),
            children=(a_child(child, born_on, surname=name + "a"),),
        )  # fmt: skip
        return self.at_store(lambda work: families.register_family(work, family, today=utc_now().date()))

    def edit(self, kind: Kind, record: str, **facts: object) -> None:
        cls = {Kind.HOUSEHOLD: Household, Kind.PERSON: Person}[kind]
        self.at_store(lambda work: work.put(kind, record, replace(work.get(cls, record), **facts), subject=record))

    def household(self, record: str) -> Household | None:
        return self.at_store(lambda work: work.find(Household, record))

    def person_named(self, given_name: str) -> str:
        loaded = self.at_store(lambda work: people.load_caseload(work, today=utc_now().date()))
        return next(row.id for row in loaded.persons.values() if row.given_name == given_name)

    def families(self) -> list[str]:
        loaded = self.at_store(lambda work: people.load_caseload(work, today=utc_now().date()))
        return sorted(row.name for row in loaded.households.values())

    def record(self, record: str) -> Record | None:
        return self.at_store(lambda work: work.record(record))

    def shown(self) -> dict[str, dict]:
        """Every record that screens may show, as JSON values."""
        head = TABLES["head"]

        def deed(work):
            ids = work.db.execute(select(head.c.record).where(head.c.hidden.is_(False))).scalars()
            found = {record: work.record(record) for record in list(ids)}
            return {record: shown.to_json() for record, shown in found.items() if shown is not None}

        return self.at_store(deed)

    def feeds(self) -> list[str]:
        return [feed.feed for feed in self.at_store(exchange.cursors)]

    def unsent(self) -> int:
        return self.at_store(office.unsent_count)

    def outcomes(self) -> Counter:
        own = TABLES["own_change"]
        return Counter(self.at_store(lambda work: list(work.db.execute(select(own.c.outcome)).scalars())))

    def attention(self) -> list[office.Attention]:
        return self.at_store(office.attention)


class FaultyLine:
    """The real line, with what a bad network does to it: replies lost, calls repeated, pages fetched and not heard.

    Args:
        line: The real one.
        lose: Called with the name of the call ("push", …) after the office has answered; True loses the reply.
        twice: Whether the network delivers every push a second time, the second answer being heard.
    """

    def __init__(self, line: sync_round.Line, lose=lambda _call: False, *, twice: bool = False) -> None:
        self._line = line
        self._lose = lose
        self._twice = twice
        self.calls: list[str] = []
        self.pushed: list[bytes] = []

    def hello(self, ask):
        return self._heard("hello", self._line.hello(ask))

    def push(self, segment):
        self.pushed.append(segment)
        if self._twice:
            self._line.push(segment)
        return self._heard("push", self._line.push(segment))

    def pull(self, ask):
        return self._heard("pull", self._line.pull(ask))

    def put_file(self, sha256, data, *, offset, size):
        return self._heard("put_file", self._line.put_file(sha256, data, offset=offset, size=size))

    def get_file(self, sha256, *, offset):
        return self._heard("get_file", self._line.get_file(sha256, offset=offset))

    def _heard(self, call, answer):
        self.calls.append(call)
        if self._lose(call):
            raise OfficeUnreachableError("office.unreachable")
        return answer


def lose_first(*calls: str):
    """Lose the reply to the first call of each name."""
    left = list(calls)

    def lose(call: str) -> bool:
        if call in left:
            left.remove(call)
            return True
        return False

    return lose


def assert_same_as_office(laptop: Laptop, at: TestOffice) -> None:
    """P4: after quiet the laptop shows exactly the office's records of its feeds."""
    shown, held = laptop.shown(), at.shown(laptop.feeds())
    assert shown.keys() == held.keys()
    assert shown == held


def assert_applied_once(at: TestOffice) -> None:
    """P3: every change stands once, and every version counts the changes that made it."""
    assert at.rows("SELECT chg FROM change WHERE first GROUP BY chg HAVING count(*) > 1") == []
    query = (
        "SELECT r.id, r.rev, count(*) FROM record r JOIN change c ON c.record = r.id"
        " WHERE c.first AND c.outcome IN ('ok', 'merged', 'conflict') GROUP BY r.id HAVING r.rev <> count(*)"
    )
    assert at.rows(query) == []
