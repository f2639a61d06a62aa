"""What an administrator does from the command line beside a running server."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select, update

from healthvisit.domain.errors import InputError
from healthvisit.server import office as desk
from healthvisit.server.database import audit
from healthvisit.server.folder import Office
from healthvisit.server.tables import TABLES

_DEVICES = TABLES["device"]


def list_devices(office: Office) -> list[dict[str, Any]]:
    """As `office.devices`."""
    with office.db.read() as db:
        return desk.devices(db)


def revoke(office: Office, device: str) -> None:
    """End a device: it may pull nothing more, and what it still sends is kept apart for a person to look at.

    Raises:
        InputError: ``device.unknown``.
    """

    def deed(db: Connection) -> None:
        found = db.execute(select(_DEVICES.c.status).where(_DEVICES.c.id == device)).scalar()
        if found in (None, "office"):
            raise InputError("device.unknown")
        db.execute(update(_DEVICES).where(_DEVICES.c.id == device).values(status="revoked"))
        audit(db, "device.revoked", device=device)

    office.db.write(deed)


def utc_now() -> datetime:
    """The clock of commands."""
    return datetime.now(UTC)
