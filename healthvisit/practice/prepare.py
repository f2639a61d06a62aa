"""Everything practice needs: an office with its server, sixty invented families in it, and laptops that follow them.

All by the ways a real office has: codes, enrolment, a third device that pushes the families, a pull. Practice has
folders of its own; nothing here ever touches those of real work.
"""

import json
import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event
from typing import TypeVar

from healthvisit.domain.errors import StoreError
from healthvisit.packs.loader import load as load_pack
from healthvisit.packs.pack import Pack
from healthvisit.practice import families
from healthvisit.practice.office import OfficeProcess
from healthvisit.server import enrolment
from healthvisit.server.folder import Office, make
from healthvisit.services import access
from healthvisit.settings import Paths, resource
from healthvisit.store import exchange
from healthvisit.store.unit_of_work import Store, UnitOfWork
from healthvisit.sync import client
from healthvisit.sync import round as sync_round
from healthvisit.vault.keys import LOWEST
from healthvisit.vault.vault import Vault
from healthvisit.wire.identity import SigningKey, parse_code, read_card

PASSPHRASE = "alma kitap derya nar yyldyz"  # noqa: S105 -- as its next line says
"""Shown on the unlock page of practice: there is nothing to protect, and the steps are those of real work."""

_PACK = "tm-default"
_CASELOAD = "Garagum"
_DONE = "prepared.json"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What practice runs on. `office` is running; whoever prepared it stops it.

    A laptop whose passphrase was changed was not told `office.url`: after unlocking, `store.exchange.keep_url` does it.
    `made_on` is the day the families were drawn for; `first_time` whether that was now.
    """

    office: OfficeProcess
    laptops: tuple[Paths, ...]
    passphrase: str
    made_on: date
    first_time: bool


def prepare(
    folder: Path,
    laptops: Sequence[Paths],
    *,
    today: date,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    passphrase: str = PASSPHRASE,
    progress: Callable[[int, int], object] = lambda _done, _of: None,
) -> Prepared:
    """Make what is absent of office, families and laptops, and start the server.

    Args:
        folder: Of practice alone: the office's data and what its server prints.
        laptops: Where the vaults of one or more laptops of the same caseload lie, or shall lie.
        today: Local calendar day the families are drawn for, the first time.
        now: The clock.
        passphrase: Of every laptop made here.
        progress: Told (steps done, of how many).

    Raises:
        OfficeError: ``practice.office_not_started``, and what joining raises.
        StoreError: ``practice.folder_in_use``, and what the vault or the disk refuses.
    """
    if Paths.standard().data in [paths.data for paths in laptops]:
        raise ValueError("practice has folders of its own")
    steps = _Steps(2 + len(laptops), progress)
    first_time = not (folder / _DONE).exists()
    if first_time:
        _set_aside(folder)  # an office half made
        for paths in laptops:
            _set_vault_aside(paths)  # and laptops that knew another one
        make(folder / "office", now=now())
    office = OfficeProcess(folder / "office", folder / "office.txt")
    try:
        office.start()
        steps.done()
        if first_time:
            _fill(office, folder / "maker", today, now)
            (folder / _DONE).write_text(json.dumps({"made_on": today.isoformat()}), encoding="utf-8")
        steps.done()
        for number, paths in enumerate(laptops, start=1):
            _laptop(office, paths, f"W-{number:02d}", passphrase, now)
            steps.done()
    except BaseException:
        office.stop()
        raise
    made_on = date.fromisoformat(json.loads((folder / _DONE).read_text(encoding="utf-8"))["made_on"])
    return Prepared(
        office=office, laptops=tuple(laptops), passphrase=passphrase, made_on=made_on, first_time=first_time
    )


def practice_pack() -> Pack:
    """The pack the program ships."""
    return load_pack(resource(f"packs/{_PACK}"))


def practice_canaries(made_on: date) -> set[str]:
    """What of the families drawn for a day must be readable nowhere."""
    return families.canaries(families.plan(made_on, practice_pack(), worker=""))


def issue_code(office: OfficeProcess, worker: str, now: datetime) -> str:
    """A code for one more laptop of the practice caseload, as an administrator gets it beside the running server."""
    with Office.open(office.folder) as opened:
        return enrolment.issue_code(opened, worker=worker, caseload=_CASELOAD, now=now).text


class _Laptop:
    """An open store with the line to the office."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self.store = store
        self._now = now
        with store.reading(worker="", now=now()) as work:
            self.who = access.identity(work)

    def at_store(self, deed: Callable[[UnitOfWork], _T]) -> _T:
        with self.store.unit(worker=self.who.worker, now=self._now()) as work:
            return deed(work)

    def join(self, url: str, code: str) -> None:
        joined = client.join(
            parse_code(code), url=url, card_file=None, device=self.who.device, key=SigningKey(self.who.key),
            worker=self.who.worker, name=self.who.label,
        )  # fmt: skip

        def deed(work: UnitOfWork) -> access.Identity:
            exchange.keep_joined(work, card_file=joined.card.file, url=joined.url, enrolled=joined.answer)
            return access.identity(work)

        self.who = self.at_store(deed)

    def exchange(self, *, only_send: bool = False) -> sync_round.Result:
        stop = Event()

        def sent(done: int, of: int) -> None:
            if only_send and done >= of:
                stop.set()

        card, url = self.at_store(exchange.join_facts)
        key = SigningKey(self.who.key)
        line = client.Office(card=read_card(card), url=url, device=self.who.device, key=key)
        try:
            return sync_round.run(
                line, self.at_store, key=key, device=self.who.device, now=self._now, stop=stop, progress=sent
            )
        finally:
            line.close()


def _fill(office: OfficeProcess, folder: Path, today: date, now: Callable[[], datetime]) -> None:
    """A third device makes the families and brings them to the office; then it is gone."""
    pack = practice_pack()
    store = access.create(
        folder / "data", folder / "anchor", passphrase=secrets.token_hex(16), label="W-00", now=now(), cost=LOWEST
    )
    try:
        maker = _Laptop(store, now)
        maker.join(office.url, issue_code(office, "Practice register", now()))
        saves = families.plan(today, pack, worker=maker.who.worker)
        families.write(store, saves, pack, worker=maker.who.worker)
        maker.exchange(only_send=True)
    finally:
        store.vault.close()
    shutil.rmtree(folder)


def _laptop(office: OfficeProcess, paths: Paths, label: str, passphrase: str, now: Callable[[], datetime]) -> None:
    """A laptop of the caseload: made, joined and filled, or told where the office answers today."""
    if Vault.exists(paths.data):
        try:
            store = access.open_store(paths.data, paths.anchor, passphrase=passphrase)
        except StoreError as error:
            if error.code != "vault.wrong_passphrase":
                raise
            return  # changed while practising: after her unlocking the program says where the office answers
    else:
        store = access.create(paths.data, paths.anchor, passphrase=passphrase, label=label, now=now(), cost=LOWEST)
    try:
        laptop = _Laptop(store, now)
        if laptop.at_store(exchange.is_joined):
            laptop.at_store(lambda work: exchange.keep_url(work, office.url))
        else:
            laptop.join(office.url, issue_code(office, f"Practice {label}", now()))
            laptop.exchange()
    finally:
        store.close()


def _set_vault_aside(paths: Paths) -> None:
    """A vault that cannot be used any more; what a person chose in Settings stays."""
    if not Vault.exists(paths.data):
        return
    chosen = paths.preferences.read_bytes() if paths.preferences.exists() else None
    _set_aside(paths.data)
    _set_aside(paths.anchor)
    if chosen is not None:
        paths.data.mkdir(parents=True)
        paths.preferences.write_bytes(chosen)


def _set_aside(path: Path) -> None:
    """Rename what is there; a second leftover takes the place of the first. Practice keeps nothing of worth."""
    if not path.exists():
        return
    aside = path.with_name(f"{path.name}.before")
    try:
        shutil.rmtree(aside, ignore_errors=True)
        path.rename(aside)
    except OSError as exc:
        raise StoreError("practice.folder_in_use") from exc


class _Steps:
    def __init__(self, of: int, tell: Callable[[int, int], object]) -> None:
        self._of = of
        self._tell = tell
        self._done = 0

    def done(self) -> None:
        self._done += 1
        self._tell(self._done, self._of)
