"""The office's folder: keys, certificates, card, token. `Office` is what every other module is handed."""

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from sqlalchemy import Connection, func, insert, select

from healthvisit.domain.errors import StoreError
from healthvisit.server.database import Database
from healthvisit.server.tables import TABLES
from healthvisit.wire import certificates
from healthvisit.wire.identity import Address, Card, OfficeCard, SigningKey, make_card, read_card

_CARDS = TABLES["card"]
DATABASE = "office.db"
ROLE = "centre"
_SECRET = 0o600
_ANY_HOST = {"0.0.0.0", "::"}  # noqa: S104 -- where to listen, no name of a host


@dataclass(frozen=True, slots=True)
class Office:
    """An open office: its folder, its database, the centre's signing key and its id."""

    folder: Path
    db: Database
    centre: SigningKey
    server_id: str
    token: str = field(repr=False)

    @classmethod
    def open(cls, folder: Path, url: str | None = None) -> Self:
        """Open an office that `make` has made.

        Raises:
            StoreError: ``server.not_made``, ``server.other_database`` (not the one this card was made with),
                ``server.database``, ``server.newer_database``.
        """
        if not (folder / "card.json").exists():
            raise StoreError("server.not_made")
        db = Database(url or _default(folder), folder / "server.marker")
        with db.read() as connection:
            server_id = connection.execute(select(TABLES["server"].c.server_id)).scalar_one()
        if server_id != read_card((folder / "card.json").read_bytes()).card.server_id:
            db.close()
            raise StoreError("server.other_database")
        centre = SigningKey(bytes.fromhex((folder / "centre.key").read_text()))
        return cls(folder, db, centre, server_id, (folder / "admin.token").read_text().strip())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()

    def card(self, sha256_start: str = "") -> OfficeCard:
        """The newest card, or the one whose hash begins so (a code names the card it was made for)."""
        with self.db.read() as db:
            query = select(_CARDS.c.file).order_by(_CARDS.c.n.desc()).limit(1)
            named = query.where(func.substr(_CARDS.c.sha256, 1, len(sha256_start)) == sha256_start)
            return read_card(db.execute(named).scalar() or db.execute(query).scalar_one())


def make(
    folder: Path, *, now: datetime, hosts: Iterable[str] = (), url: str | None = None, database: str | None = None
) -> None:
    """Make whatever of an office is absent; leave alone what is there.

    Args:
        folder: Made when absent.
        now: UTC.
        hosts: Names and addresses the certificate must be good for, besides loopback and those of the card.
        url: An address to add to the card; needs the root key when there is a card already.
        database: Its URL; ``office.db`` in the folder when absent.

    Raises:
        StoreError: ``server.root_key_absent``: a new card is needed and the root key is kept elsewhere.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in ("root.key", "centre.key", "admin.token"):
        if not (folder / name).exists() and not (folder / "card.json").exists():
            _write(folder / name, secrets.token_hex(32).encode(), mode=_SECRET)
    if not (folder / "ca.pem").exists():
        ca, ca_key = certificates.new_authority(now)
        _write(folder / "ca.key", ca_key, mode=_SECRET)
        _write(folder / "ca.pem", ca)
    with Database(database or _default(folder), folder / "server.marker") as opened:
        opened.write(lambda db: _issue_card(db, folder, url))
    wanted = [*hosts, urlsplit(url).hostname if url else None]
    _certify(folder, {host for host in wanted if host and host not in _ANY_HOST}, now)


def _default(folder: Path) -> str:
    return f"sqlite:///{folder / DATABASE}"


def _issue_card(db: Connection, folder: Path, url: str | None) -> None:
    row = db.execute(select(_CARDS.c.file).order_by(_CARDS.c.n.desc()).limit(1)).scalar()
    held = read_card(row).card if row else None
    if held is not None and (url is None or url in [a.url for a in held.addresses]):
        if not (folder / "card.json").exists():
            _write(folder / "card.json", row or b"")
        return
    if not (folder / "root.key").exists():
        raise StoreError("server.root_key_absent")
    root = SigningKey(bytes.fromhex((folder / "root.key").read_text()))
    centre = SigningKey(bytes.fromhex((folder / "centre.key").read_text()))
    newest = [Address(ROLE, url)] if url else []  # first: an office that moved is reached at its newest address
    card = Card(
        n=held.n + 1 if held else 1,
        server_id=db.execute(select(TABLES["server"].c.server_id)).scalar_one(),
        root=root.public.hex(),
        centre=centre.public.hex(),
        addresses=[*newest, *(held.addresses if held else ())],
        ca=[(folder / "ca.pem").read_text()],
    )
    file = make_card(card, root)
    db.execute(insert(_CARDS).values(n=card.n, sha256=read_card(file).sha256.hex(), file=file))
    _write(folder / "card.json", file)


def _certify(folder: Path, hosts: set[str], now: datetime) -> None:
    """Make the server's certificate, anew when a host is missing; a running server shows it after its next start."""
    path = folder / "server.pem"
    held = certificates.hosts_of(path.read_bytes()) if path.exists() else set()
    if path.exists() and hosts <= held:
        return
    ca, ca_key = (folder / "ca.pem").read_bytes(), (folder / "ca.key").read_bytes()
    certificate, key = certificates.new_server_certificate(ca, ca_key, sorted(hosts | held), now)
    _write(folder / "server.key", key, mode=_SECRET)
    _write(path, certificate)


def _write(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Whole or not at all: a temporary name, then renamed."""
    temporary = path.with_suffix(path.suffix + ".new")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
