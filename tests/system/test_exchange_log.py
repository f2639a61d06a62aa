"""The history of exchanges says what happened, also when it was our own fault."""

from threading import Event

import pytest

from healthvisit import workplace
from healthvisit.settings import Paths
from healthvisit.vault.keys import LOWEST
from tests.builders import PHRASE


def test_an_exchange_that_failed_by_our_own_fault_is_never_counted_as_sent(tmp_path):
    """The status line is always true: "last sent" must not move because a program error ended the exchange."""
    opened = workplace.create_work(Paths.under(tmp_path), PHRASE, "W-01", cost=LOWEST)
    clock = workplace.ProgramClock()

    def at_store(deed):
        return opened.write(deed, clock.now())[0]

    at_store(lambda work: work.put_state("office", {"card": ""}))  # half a memory of the office: no address
    with pytest.raises(KeyError):
        workplace.exchange_once(opened, at_store, Event(), clock=clock, progress=lambda _sent, _of: None)
    note = workplace.delivery_note(opened, clock.now())
    opened.store.close()
    assert note.last_sent_at is None
    assert [entry["code"] for entry in note.history] == ["program.failed"]
