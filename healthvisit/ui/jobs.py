"""Work off the main thread: one lane for the vault, one for the network, reports back on the main thread.

A job is a plain function. It takes and returns frozen values and never touches, creates or destroys a QObject. What it
needs to report to waits in a table of the main thread under a number, so that a screen's last reference is never
dropped on a lane. QRunnable with signals, as in most tutorials, crashed 15 of 15 times.
"""

import itertools
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

T = TypeVar("T")
VAULT, NETWORK = "vault", "network"


@dataclass(slots=True)
class _Job:
    deed: Callable[[], object]
    done: Callable[[Any], object]
    failed: Callable[[BaseException], object]
    owner: QObject | None
    result: object = None
    error: BaseException | None = None


class Jobs(QObject):
    """Runs jobs in order on two lanes and hands their results back on the main thread."""

    changed = Signal(object)
    """Kinds of record that a commit changed (frozenset of str): a screen that shows one of them reads again."""

    _back = Signal(int)
    _told = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._vault = ThreadPoolExecutor(1, thread_name_prefix=VAULT)
        self._network = ThreadPoolExecutor(1, thread_name_prefix=NETWORK)
        self._stop = threading.Event()
        self._numbers = itertools.count(1)
        self._waiting: dict[int, _Job] = {}
        self._back.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._told.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def vault(
        self,
        fn: Callable[..., T],
        *args: object,
        done: Callable[[T], object],
        failed: Callable[[BaseException], object],
        owner: QObject | None = None,
    ) -> None:
        """Run `fn(*args)` on the vault lane, after what waits there; it is finished even when the program closes.

        Args:
            fn: The work, a plain function.
            args: Frozen values for it.
            done: Called with the result on the main thread.
            failed: Called with the exception on the main thread.
            owner: The screen that asked; once it is destroyed its report is dropped.
        """
        self._submit(self._vault, _Job(lambda: fn(*args), done, failed, owner))

    def network(
        self,
        fn: Callable[..., T],
        *args: object,
        done: Callable[[T], object],
        failed: Callable[[BaseException], object],
        owner: QObject | None = None,
    ) -> None:
        """Run `fn(stop, *args)` on the network lane. It looks at `stop` between items and ends soon once it is set."""
        self._submit(self._network, _Job(lambda: fn(self._stop, *args), done, failed, owner))

    @property
    def is_closed(self) -> bool:
        """Whether the program is closing: a screen that still wants to read is going away."""
        return self._stop.is_set()

    def at_store(self, deed: Callable[[], T]) -> T:
        """Run one short deed on the vault lane and wait for its result. For work on the network lane only.

        Raises:
            RuntimeError: Asked for on another thread: the main thread never waits, and the vault lane would for ever.
        """
        if not threading.current_thread().name.startswith(NETWORK):
            raise RuntimeError("at_store is for the network lane")
        return self._vault.submit(deed).result()

    def report_changed(self, kinds: Iterable[str]) -> None:
        """Tell every screen, from any thread, which kinds of record a commit changed."""
        self._told.emit(frozenset(kinds))

    def close(self) -> None:
        """End: the network lane is told to stop and its queue dropped, the vault lane finishes what waits. No reports.

        Call it with the window already hidden: it waits for one request at most, and for saves. Again is harmless.
        """
        self._stop.set()
        self._network.shutdown(wait=True, cancel_futures=True)
        self._vault.shutdown(wait=True)  # last: what the network lane was doing may still need it
        self._waiting.clear()

    def _submit(self, lane: ThreadPoolExecutor, job: _Job) -> None:
        number = next(self._numbers)
        self._waiting[number] = job
        try:
            lane.submit(self._run, number)
        except RuntimeError:
            del self._waiting[number]
            raise

    def _run(self, number: int) -> None:  # on a lane
        job = self._waiting[number]
        try:
            job.result = job.deed()
        except BaseException as error:  # noqa: BLE001 - this and the crash handler are the two places that catch widely
            job.error = error
        del job  # only the main thread's table holds it now
        if not self._stop.is_set():
            self._back.emit(number)

    @Slot(int)
    def _deliver(self, number: int) -> None:
        job = self._waiting.pop(number, None)
        if job is None or self._stop.is_set() or (job.owner is not None and not isValid(job.owner)):
            return
        if job.error is not None:
            job.failed(job.error)
        else:
            job.done(job.result)

    @Slot(object)
    def _tell(self, kinds: frozenset[str]) -> None:
        if not self._stop.is_set():
            self.changed.emit(kinds)
