"""One exchange against an office that answers oddly: it ends, and nothing waits for ever."""

from threading import Event

import pytest

from healthvisit.store import exchange, office
from healthvisit.sync import round as sync_round
from healthvisit.wire import messages, segment
from healthvisit.wire.identity import SigningKey
from tests.builders import DEVICE, NOW, WORKER, make_store, register

EPOCH, FEED = "e" * 32, "caseload:1"


class Answers:
    """An office that cannot read the lines: it answers each under the hash of the line, as the real one does."""

    def __init__(self) -> None:
        self.pushed = 0

    def hello(self, ask):
        at = {"hash": "0" * 64, "at": 0, "at_hash": "0" * 64, "safe_through": 0, "safe_hash": "0" * 64}
        incs = [messages.Held(inc=top.inc, through=0, **at) for top in ask.incs]
        feeds = [messages.FeedState(feed=FEED, kind="caseload", name="one", state="ok")]
        statement = messages.Statement(
            server_id="5" * 32, epoch=EPOCH, n=1, device=DEVICE["device"], status="active", incs=incs, feeds=feeds
        )
        return statement, messages.HelloNotes(time="")

    def push(self, data):
        self.pushed += 1
        assert self.pushed < 5, "the same lines are sent again and again"
        read = segment.read(data, public_key=None)
        answer = messages.PushAnswer(epoch=EPOCH, inc=read.header.inc, through=read.header.to)
        said = [
            messages.ChangeAnswer(chg=f"{n:032x}", n=n, outcome="quarantined", code="change.unreadable")
            for n in range(read.header.first, read.header.to + 1)
        ]
        return answer, said

    def pull(self, ask):
        ends = [messages.FeedEnd(feed=feed.feed, cursor="c") for feed in ask.feeds]
        return [], messages.PullEnd(epoch=EPOCH, feeds=ends)


@pytest.fixture
def store(tmp_path):
    made = make_store(tmp_path)
    yield made
    made.vault.close()


def test_a_line_the_office_cannot_read_is_answered_once_and_blocks_nothing(store):
    """P7: it comes back under another name; the laptop must not send it until the battery is empty."""
    register(store)

    def at_store(deed):
        with store.unit(worker=WORKER, now=NOW) as work:
            return deed(work)

    enrolled = messages.Enrolled(
        server_id="5" * 32, device=DEVICE["device"], key="0" * 64, worker="w" * 32, name="N",
        feeds=[messages.FeedName(feed=FEED, kind="caseload", name="one")],
    )  # fmt: skip
    at_store(lambda work: exchange.keep_joined(work, card_file=b"", url="", enrolled=enrolled))
    line = Answers()
    result = sync_round.run(
        line, at_store, key=SigningKey(b"k" * 32), device=DEVICE["device"], now=lambda: NOW, stop=Event(),
        progress=lambda _sent, _of: None,
    )  # fmt: skip
    assert result.sent == store.chain.number
    assert at_store(office.unsent_count) == 0
    assert {item.code for item in at_store(office.attention)} == {"change.unreadable"}
