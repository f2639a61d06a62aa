"""The files of an exchange: after the changes that name them go up, and after everything else come down.

A file travels in pieces, each a call of its own. What arrived of it stays at the office, so a cut line costs one piece.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, TypeVar

from healthvisit.domain.attachment import LAPTOP_BYTES, MOST_BYTES
from healthvisit.domain.errors import OfficeError, StoreError
from healthvisit.store import files
from healthvisit.store.files import Held
from healthvisit.store.unit_of_work import UnitOfWork
from healthvisit.wire.segment import PACKED_LIMIT

T = TypeVar("T")
START_BYTES = 32 * 1024  # four seconds at 64 kbit/s
QUICK_S = 5.0
ROUND_BYTES = 10_000_000  # fetched in one exchange at most: colleagues' pictures must not fill a slow evening
_LEFT_FOR_LATER = frozenset({"file.not_named", "file.too_large", "file.absent", "wire.unreadable"})


class Line(Protocol):
    """The calls; `sync.client.Office` is one."""

    def put_file(self, sha256: str, data: bytes, *, offset: int, size: int) -> int: ...
    def get_file(self, sha256: str, *, offset: int) -> bytes: ...


class AtStore(Protocol):
    """As in `sync.round`."""

    def __call__(self, deed: Callable[[UnitOfWork], T]) -> T: ...


@dataclass(slots=True)
class Travel:
    """What both ways need. `stopped` is looked at before every piece; `moved` is told after each whole file."""

    line: Line
    at_store: AtStore
    stopped: Callable[[], bool]
    moved: Callable[[], object] = lambda: None
    _piece: int = field(default=START_BYTES, init=False)

    def send(self) -> None:
        """Give the office every file that waits. One that it does not take waits on and holds up no other.

        Raises:
            OfficeError: What the line raises; ``server.no_such_call`` of an office too old for files is none.
        """
        for held in self.at_store(lambda work: files.in_state(work, files.WAITING)):
            if self.stopped():
                return
            try:
                if self._send(held):
                    self.at_store(partial(files.note_sent, sha256=held.sha256))
                    self.moved()
            except StoreError as error:
                if error.code != "file.damaged":
                    raise
            except OfficeError as error:
                if error.code == "server.no_such_call":
                    return
                if error.code not in _LEFT_FOR_LATER:
                    raise

    def fetch(self) -> None:
        """Have the files that records of ours name and that are not here, newest records first; let go what left us."""
        self.at_store(files.release_fetched)
        left = min(ROUND_BYTES, LAPTOP_BYTES - self.at_store(files.total))
        for sha256 in self.at_store(files.missing):
            if self.stopped() or left < MOST_BYTES:
                return
            try:
                data = self._fetch(sha256)
            except OfficeError as error:
                if error.code == "server.no_such_call":
                    return
                if error.code not in _LEFT_FOR_LATER:
                    raise
                continue
            if data is not None:
                self.at_store(partial(files.put, data=data, state=files.FETCHED))
                left -= len(data)

    def _send(self, held: Held) -> bool:
        """Whether the office has the file whole now."""
        data = self.at_store(partial(files.read, sha256=held.sha256))
        there = self.line.put_file(held.sha256, b"", offset=0, size=held.size)
        while there < held.size and not self.stopped():
            began, piece = time.monotonic(), data[there : there + self._piece]
            now = self.line.put_file(held.sha256, piece, offset=there, size=held.size)
            if now <= there:
                return False  # thrown away there, or two of us at once: another exchange begins where it stands then
            there = now
            if time.monotonic() - began < QUICK_S:
                self._piece = min(PACKED_LIMIT, self._piece * 2)
        return there >= held.size

    def _fetch(self, sha256: str) -> bytes | None:
        data = b""
        while not self.stopped() and len(data) <= MOST_BYTES:
            piece = self.line.get_file(sha256, offset=len(data))
            data += piece
            if hashlib.sha256(data).hexdigest() == sha256:
                return data
            if not piece:
                return None
        return None
