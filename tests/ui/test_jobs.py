"""Background work: order, reports on the main thread, closing with work in flight."""

import gc
import threading

import pytest
from PySide6.QtCore import QObject

from healthvisit.ui.jobs import Jobs


def fail(error):
    raise error


def test_reports_come_on_the_main_thread_in_order(qtbot, jobs):
    """A report on a lane would touch widgets from the wrong thread; a save must not overtake another."""
    seen = []
    for number in range(20):
        jobs.vault(
            lambda number=number: (number, threading.current_thread().name),
            done=lambda result: seen.append((*result, threading.current_thread() is threading.main_thread())),
            failed=fail,
        )
    assert seen == []
    qtbot.waitUntil(lambda: len(seen) == 20)
    assert [number for number, _lane, _main in seen] == list(range(20))
    assert all(lane.startswith("vault") and main for _number, lane, main in seen)


def test_failure_is_handed_to_the_one_who_asked(qtbot, jobs):
    """An exception that stays on a lane is a save that never was and nobody knows."""
    failures = []
    jobs.vault(lambda: 1 / 0, done=fail, failed=failures.append)
    jobs.network(lambda _stop: fail(KeyError("line")), done=fail, failed=failures.append)
    qtbot.waitUntil(lambda: len(failures) == 2)
    assert {type(error) for error in failures} == {ZeroDivisionError, KeyError}


def test_report_for_a_destroyed_screen_is_dropped(qtbot, jobs):
    """The page was left: its callback would touch a deleted widget."""
    screen, seen, gate = QObject(), [], threading.Event()
    jobs.vault(lambda: gate.wait(10), done=seen.append, failed=fail, owner=screen)
    screen.deleteLater()
    with qtbot.waitSignal(screen.destroyed):
        pass
    gate.set()
    jobs.vault(lambda: "next", done=seen.append, failed=fail)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == ["next"]


def test_network_work_reaches_the_store_through_the_vault_lane(qtbot, jobs):
    """The vault's connection lives on its lane alone."""
    seen = []
    jobs.network(lambda _stop: jobs.at_store(lambda: threading.current_thread().name), done=seen.append, failed=fail)
    qtbot.waitUntil(lambda: bool(seen))
    assert seen[0].startswith("vault")


def test_only_the_network_lane_may_wait_for_the_store(qtbot, jobs):
    """On the main thread it would freeze the window, on the vault lane it would wait for itself for ever."""
    with pytest.raises(RuntimeError, match="network"):
        jobs.at_store(lambda: None)
    failures = []
    jobs.vault(lambda: jobs.at_store(lambda: None), done=fail, failed=failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], RuntimeError)


def test_changed_kinds_reach_every_screen(qtbot, jobs):
    """A screen that shows a kind reads again after a commit, from whatever lane."""
    with qtbot.waitSignal(jobs.changed) as told:
        jobs.vault(lambda: jobs.report_changed({"visit", "person"}), done=lambda _: None, failed=fail)
    assert told.args == [frozenset({"visit", "person"})]


def test_closing_finishes_saves_and_drops_what_waits_for_the_line(qapp):
    """What waits on the vault lane may be a save; what waits on the network lane is sent another day."""
    jobs, saved, sent, started = Jobs(), [], [], threading.Event()

    def first(stop):
        started.set()
        stop.wait(10)
        jobs.at_store(lambda: saved.append("from the line"))

    jobs.network(first, done=fail, failed=fail)
    jobs.network(lambda _stop: sent.append(1), done=fail, failed=fail)
    started.wait(10)
    for number in range(5):
        jobs.vault(saved.append, number, done=fail, failed=fail)
    jobs.close()
    jobs.close()
    assert saved == [0, 1, 2, 3, 4, "from the line"]
    assert sent == []
    with pytest.raises(RuntimeError):
        jobs.vault(lambda: None, done=fail, failed=fail)


def test_last_reference_to_a_screen_is_never_dropped_on_a_lane(qtbot, jobs):
    """A QObject destroyed off the main thread takes the program with it."""
    where = []

    class Presenter:
        def work(self):
            raise ValueError("no")

        def __del__(self):
            where.append(threading.current_thread())

    for _round in range(50):
        presenter = Presenter()
        jobs.vault(presenter.work, done=fail, failed=lambda _: None)
        del presenter
    qtbot.waitUntil(lambda: gc.collect() >= 0 and len(where) == 50)
    assert set(where) == {threading.main_thread()}


def test_closing_with_work_in_flight_is_clean_fifty_times(qtbot, qapp):
    """The usual recipe crashed 15 of 15 times; this one has to survive every ending."""
    for number in range(50):
        jobs, screen = Jobs(), QObject()
        for at in range(8):
            lane = jobs.network if at % 2 else jobs.vault
            work = (lambda *_stop: 1 / 0) if at % 3 == 0 else (lambda *_stop: "done")
            lane(work, done=lambda _: None, failed=lambda _: None, owner=screen)
        if number % 3 == 0:
            qapp.processEvents()
        if number % 2 == 0:
            screen.deleteLater()
        gc.collect()
        jobs.close()
        qapp.processEvents()
        jobs.deleteLater()
        with qtbot.waitSignal(jobs.destroyed):
            pass
