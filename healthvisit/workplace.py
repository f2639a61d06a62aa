"""Builds everything behind the passphrase: store, pack, forms, the desk, the pages, and the ways between them.

What reaches further down runs on the vault lane or the network lane; `build_house` hands it to the window.
"""

import ctypes
import gc
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from healthvisit.domain.errors import HealthvisitError
from healthvisit.forms.definition import FormDefinition
from healthvisit.forms.installed import installed
from healthvisit.packs.loader import load as load_pack
from healthvisit.packs.pack import Pack
from healthvisit.services import access, assessments, delivery, development
from healthvisit.services.access import ClockFacts, Identity
from healthvisit.services.today import today_view
from healthvisit.settings import Paths, Preferences, resource
from healthvisit.store import exchange, readmodel
from healthvisit.store.unit_of_work import Store, UnitOfWork
from healthvisit.sync import round as sync_round
from healthvisit.ui.jobs import Jobs
from healthvisit.vault.keys import KdfCost, choose_cost, fold_passphrase
from healthvisit.vault.vault import Vault
from healthvisit.wire import identity as wire_identity
from healthvisit.wire.identity import SigningKey

if TYPE_CHECKING:
    from healthvisit.ui.house import House

PACK = "tm-default"
_M_MMAP_THRESHOLD = -3  # malloc.h
_LARGE_BLOCK = 128 * 1024
_SOME_DAY = date(2000, 1, 1)
FORMS = ("family", "child", "mother", "danger")


def system_now() -> datetime:
    """The computer's clock, UTC."""
    return datetime.fromtimestamp(time.time(), tz=UTC)


@dataclass(frozen=True, slots=True)
class ProgramClock:
    """The computer's clock with the offset that a person confirmed."""

    offset: timedelta = timedelta()
    system: Callable[[], datetime] = field(default=system_now, repr=False)

    def now(self) -> datetime:
        """This moment in UTC."""
        return self.system() + self.offset

    def today(self) -> date:
        """The local calendar day."""
        return self.now().astimezone().date()


@dataclass(slots=True, kw_only=True)
class Opened:
    """An opened vault with all that the first screen needs. Made and used on the vault lane."""

    store: Store = field(repr=False)
    pack: Pack
    forms: Mapping[str, FormDefinition]
    who: Identity
    clock: ClockFacts
    rolled_back: bool
    damaged: tuple[int, ...]
    system: Callable[[], datetime] = field(default=system_now, repr=False)

    def doubted(self) -> ProgramClock:
        """The clock as it stands before anybody was asked."""
        return ProgramClock(self.clock.offset, self.system)

    def read(self, deed: Callable[[UnitOfWork], Any], now: datetime) -> Any:
        """Run a reading deed."""
        with self.store.reading(worker=self.who.worker, now=now) as work:
            return deed(work)

    def write(self, deed: Callable[[UnitOfWork], Any], now: datetime) -> tuple[Any, frozenset[str]]:
        """Run a writing deed in one transaction: its result, and the kinds of record it changed."""
        with self.store.unit(worker=self.who.worker, now=now, pack=self.pack.name) as work:
            result = deed(work)
        return result, frozenset(work.changed)


def load_content(folder: Path | None = None) -> tuple[Pack, dict[str, FormDefinition]]:
    """The pack and the compiled forms.

    Raises:
        HealthvisitError: ``pack.*`` or ``form.*``: nothing is opened with content that cannot be trusted.
    """
    root = folder or resource("")
    pack = load_pack(root / "packs" / PACK)
    forms = {}
    for name in FORMS:
        path = root / "forms" / f"{name}.xml"
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as exc:
            raise HealthvisitError("form.missing", form=name) from exc
        forms[name] = FormDefinition.load(text)
    return pack, forms


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What visits are made with. `left_out` says which forms of the office could not be taken."""

    pack: Pack
    forms: Mapping[str, FormDefinition] = field(repr=False)
    left_out: tuple[HealthvisitError, ...] = ()


def own_content(forms: Path | None = None) -> Content:
    """The pack, and the forms that come with the program or that the office put in their place.

    Read once: before the unlock, while a person types.

    Args:
        forms: The folder of the office's forms.

    Raises:
        HealthvisitError: As `load_content`; also for the packs that services take themselves.
    """
    development.checks_pack()
    assessments.instruments_pack()
    return _content_at(resource(""), forms)


@cache
def _content_at(root: Path, own: Path | None) -> Content:
    pack, shipped = load_content(root)
    forms, left_out = installed(own, shipped)
    return Content(pack=pack, forms=forms, left_out=tuple(left_out))


def labels(paths: Paths) -> list[str]:
    """The short labels of those who may open the vault; empty when there is none yet.

    Raises:
        StoreError: What keeps the file from being opened at all: in use, newer, damaged …
    """
    return [slot.label for slot in Vault.labels(paths.data)] if Vault.exists(paths.data) else []


def open_work(
    paths: Paths, passphrase: str, *, sid: bytes | None = None, content: Path | None = None,
    system: Callable[[], datetime] = system_now,
) -> Opened:  # fmt: skip
    """Unlock: open the vault and load what the first screen needs. `system` is the computer's clock."""
    store = access.open_store(paths.data, paths.anchor, passphrase=passphrase, sid=sid)
    return _opened(store, paths, content, system)


def create_work(
    paths: Paths, passphrase: str, label: str, *, device: str = "", cost: KdfCost | None = None,
    content: Path | None = None, system: Callable[[], datetime] = system_now,
) -> Opened:  # fmt: skip
    """First run: make the vault and open it."""
    store = access.create(
        paths.data, paths.anchor, passphrase=passphrase, label=label, now=system(), device=device, cost=cost
    )
    return _opened(store, paths, content, system)


def _opened(store: Store, paths: Paths, content: Path | None, system: Callable[[], datetime]) -> Opened:
    try:
        own = None if content else own_content(paths.forms)
        pack, forms = load_content(content) if own is None else (own.pack, own.forms)
        with store.reading(worker="", now=system()) as work:
            who = access.identity(work)
            clock = access.clock_facts(work)
    except BaseException:
        store.close()
        raise
    return Opened(
        store=store, pack=pack, forms=forms, who=who, clock=clock, rolled_back=store.rolled_back,
        damaged=tuple(damage.row_seq for damage in store.vault.damaged()), system=system,
    )  # fmt: skip


def settle_date(opened: Opened, today: date | None) -> ProgramClock:
    """Keep the date a person said, or that nobody doubted the computer's. On the vault lane."""
    now = opened.system()
    with opened.store.unit(worker=opened.who.worker, now=now) as work:
        if today is None:
            access.note_unlocked(work, now=now + opened.clock.offset)
            return opened.doubted()
        return ProgramClock(access.confirm_date(work, today, system_now=now), opened.system)


def join_office(opened: Opened, at_store: sync_round.AtStore, code: str, place: str) -> None:
    """Join with a typed code and the card's file or the office's address. On the network lane.

    Raises:
        HealthvisitError: ``enrol.*``, ``office.*``: what is wrong with code, card or line; nothing is changed.
    """
    from healthvisit.sync import client  # HTTP is imported by the first who calls the office

    parsed = wire_identity.parse_code(code)
    path = Path(place).expanduser()
    card = path.read_bytes() if place and "://" not in place and path.is_file() else None
    if card is None and not place.startswith("https://"):
        place = f"https://{place}"
    who = opened.who
    joined = client.join(
        parsed, url="" if card else place, card_file=card, device=who.device, key=SigningKey(who.key),
        worker=who.worker, name=who.label,
    )  # fmt: skip
    at_store(
        lambda work: exchange.keep_joined(work, card_file=joined.card.file, url=joined.url, enrolled=joined.answer)
    )
    opened.who = replace(who, worker=joined.answer.worker)


def exchange_once(
    opened: Opened,
    at_store: sync_round.AtStore,
    stop: sync_round.Stop,
    *,
    clock: ProgramClock,
    progress: Callable[[int, int], object],
) -> sync_round.Result:
    """One exchange with the office, written into the history whatever becomes of it. On the network lane."""
    from healthvisit.sync import client

    began = clock.now()
    line: client.Office | None = None
    entry: dict[str, Any] = {"at": began.isoformat(), "code": "program.failed"}  # until it is known to be otherwise
    try:
        card_file, url = at_store(exchange.join_facts)
        line = client.Office(
            card=wire_identity.read_card(card_file), url=url, device=opened.who.device, key=SigningKey(opened.who.key)
        )
        result = sync_round.run(
            line, at_store, key=line.key, device=line.device, now=clock.now, stop=stop, progress=progress
        )
        entry |= {"sent": result.sent, "received": result.received, "stopped": result.stopped}
        entry["code"] = "office.revoked" if result.revoked else None
    except HealthvisitError as error:
        entry["code"] = error.code
        raise
    finally:
        if line is not None:
            line.close()
        entry["seconds"] = round((clock.now() - began).total_seconds(), 1)
        if entry["code"] != "sync.not_joined":
            at_store(lambda work: exchange.log_exchange(work, entry))
    return result


def delivery_note(opened: Opened, now: datetime) -> delivery.Delivery:
    """How office and laptop stand. On the vault lane."""
    note: delivery.Delivery = opened.read(delivery.delivery, now)
    return note


class _Nobody:
    """A laptop without families, to rehearse on."""

    def __init__(self, db: Any) -> None:
        self.db = db

    def state(self, _name: str) -> dict[str, Any]:
        return {}

    def keep_derived(self) -> None:
        """Nothing is kept."""


def rehearse(pack: Pack) -> None:
    """Read Today of nobody: what libraries load late, set up and compile is ready when the vault opens."""
    readmodel.schema_hash()
    with readmodel.prepare().connect() as db:
        today_view(cast("UnitOfWork", _Nobody(db)), pack, today=_SOME_DAY)


def keep_memory_small() -> None:
    """Let every large block go back to the system when it is freed; elsewhere than with glibc nothing.

    Otherwise glibc keeps such blocks from the first large one on, and that is the catalog.
    """
    mallopt = _glibc("mallopt")
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)


def give_back_memory() -> None:
    """Hand freed memory back to the system (glibc keeps what opening the catalog needed); elsewhere nothing."""
    gc.collect()
    trim = _glibc("malloc_trim")
    if trim is not None:
        trim(0)


def _glibc(name: str) -> Callable[..., int] | None:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform.startswith("linux") else None


class Workplace:
    """What the functions of the window reach: nothing while the passphrase is typed, then the open vault."""

    def __init__(self, jobs: Jobs) -> None:
        self.jobs = jobs
        self.clock = ProgramClock()
        self._opened: Opened | None = None

    def enter(self, opened: Opened, clock: ProgramClock) -> None:
        """The vault is open."""
        self._opened, self.clock = opened, clock

    @property
    def opened(self) -> Opened:
        """The open vault."""
        assert self._opened is not None, "nothing reads before the vault is open"
        return self._opened

    def read(self, deed: Callable[[UnitOfWork], Any]) -> Any:
        """Run a reading deed. On the vault lane."""
        return self.opened.read(deed, self.clock.now())

    def write(self, deed: Callable[[UnitOfWork], Any]) -> Any:
        """Run a writing deed in one transaction and tell the screens what changed. On the vault lane."""
        result, kinds = self.opened.write(deed, self.clock.now())
        if kinds:
            self.jobs.report_changed(kinds)
        return result

    def at_store(self, deed: Callable[[UnitOfWork], Any]) -> Any:
        """Run one writing deed on the vault lane and wait for it. On the network lane."""
        return self.jobs.at_store(lambda: self.write(deed))


def build_house(
    work: Workplace,
    preferences: Preferences,
    *,
    practice: bool,
    keep: Callable[[Preferences], None],
    closed: Callable[[], object],
    paths: Paths,
) -> "House":
    """The window, not shown, before or after the vault is open; `House.begin` when it is. On the main thread."""
    from healthvisit.ui.desk import Desk
    from healthvisit.ui.hands import Hands
    from healthvisit.ui.house import House

    content = own_content(paths.forms)
    desk = Desk(
        jobs=work.jobs, pack=content.pack, forms=content.forms, clock=work.clock, preferences=preferences,
        practice=practice, reader=work.read, writer=work.write, packs=paths.packs, left_out=content.left_out,
    )  # fmt: skip
    hands = Hands(
        check_passphrase=lambda passphrase: work.opened.store.vault.check_passphrase(passphrase),  # noqa: PLW0108 -- opened later
        change_passphrase=lambda old, new: _change_passphrase(work.opened, old, new),
        delivery=lambda: delivery_note(work.opened, work.clock.now()),
        same_passphrase=same_passphrase,
        check_code=check_code,
        exchange=lambda stop, progress: exchange_once(
            work.opened, work.at_store, stop, clock=work.clock, progress=progress
        ),
        join=lambda _stop, code, place: join_office(work.opened, work.at_store, code, place),
        keep_preferences=keep,
        rest=give_back_memory,
        closed=closed,
    )
    return House(desk, hands)


def same_passphrase(one: str, other: str) -> bool:
    """Whether two typed passphrases open the same lock."""
    return fold_passphrase(one) == fold_passphrase(other)


def check_code(code: str) -> None:
    """Look at an enrolment code while it is typed.

    Raises:
        InputError: ``enrol.code_mistyped`` naming the group, ``enrol.code_incomplete``.
    """
    wire_identity.parse_code(code)


def _change_passphrase(opened: Opened, old: str, new: str) -> None:
    vault = opened.store.vault
    vault.change_passphrase(sid=vault.sid, old=old, new=new, cost=choose_cost())
