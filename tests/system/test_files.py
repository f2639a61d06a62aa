"""Pictures of visits on their way: to the office after the change that names them, over lines that break, and back."""

import hashlib
import os
import select
import socket
import threading
from contextlib import contextmanager

import pytest
import requests

from healthvisit.domain.attachment import MOST_BYTES
from healthvisit.domain.change import Op
from healthvisit.domain.errors import OfficeError, OfficeUnreachableError
from healthvisit.domain.ids import new_record_id
from healthvisit.domain.record import Kind
from healthvisit.domain.visit import FormUse, Visit, VisitPart
from healthvisit.services import delivery, signing
from healthvisit.store import drafts, files, office
from healthvisit.store.journal import Edit
from healthvisit.vault.keys import FILE_PART
from healthvisit.wire import messages
from tests.laptops import FaultyLine, utc_now

SIZE = 300_000


def photographed(laptop, household, data):
    """A signed visit whose family's part names a file."""

    def deed(work):
        now = work.author.now
        sha256 = files.put(work, data)
        visit = new_record_id(now)
        part = VisitPart(
            id=new_record_id(now), visit=visit, person=None, form=FormUse(name="family", sha256="0" * 64),
            answers={"/data/home/card": f"{sha256}.jpg"},
        )  # fmt: skip
        signing.put_visit(
            work,
            Visit(
                id=visit, household=household, worker=work.author.worker, on=now.date(), started_at=now, signed_at=now,
                pack="tm-default@2026.1", family=part,
            ),
        )  # fmt: skip
        return sha256

    return laptop.at_store(deed)


def state(laptop, sha256):
    held = laptop.at_store(lambda work: files.find(work, sha256))
    return held and held.state


def at_office(office, sha256):
    """The file's bytes as the office's database holds them; None when it is not there."""
    if not office.rows("SELECT 1 FROM blob WHERE sha256 = ? AND held = size", sha256):
        return None
    return b"".join(d for (d,) in office.rows("SELECT data FROM blob_part WHERE sha256 = ? ORDER BY offset", sha256))


def pieces(office, sha256):
    return office.rows("SELECT count(*) FROM blob_part WHERE sha256 = ?", sha256)[0][0]


@contextmanager
def narrow_line(office, *, cut_after):
    """A relay on a real socket; it breaks the line once so many bytes have gone up. Gives its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    target = ("127.0.0.1", int(office.url.rpartition(":")[2]))
    left = [cut_after]

    def pass_on(near):
        with near, socket.create_connection(target) as far:
            while True:
                for source in select.select([near, far], [], [])[0]:
                    data = source.recv(16_384)
                    if source is near:
                        left[0] -= len(data)
                    if not data or left[0] < 0:
                        return
                    (far if source is near else near).sendall(data)

    def accept():
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=pass_on, args=(near,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()


def test_a_picture_reaches_the_office_and_a_colleague(shared_office, laptop):
    """What one nurse photographed her colleague sees when she covers for her."""
    one, two = laptop(shared_office), laptop(shared_office)
    data = os.urandom(SIZE)
    sha256 = photographed(one, one.register(), data)
    assert one.at_store(delivery.delivery).waiting_files == 1
    told = []
    one.exchange(progress=lambda sent, of: told.append((sent, of)))
    assert told[-1] == (of := one.at_store(delivery.delivery).at_office + 1, of), "the picture counts"
    assert told[-2] == (of - 1, of)
    assert at_office(shared_office, sha256) == data
    assert state(one, sha256) == files.SENT
    assert one.at_store(delivery.delivery).waiting_files == 0
    two.exchange()
    assert two.at_store(lambda work: files.read(work, sha256)) == data
    assert state(two, sha256) == files.FETCHED


def test_a_line_cut_in_the_middle_of_a_picture_costs_one_piece(shared_office, laptop):
    """64 kbit/s in a village: what arrived need not be sent again, however often the line breaks."""
    one = laptop(shared_office)
    data = os.urandom(900_000)
    sha256 = photographed(one, one.register(), data)
    straight = one.line().url
    with narrow_line(shared_office, cut_after=400_000) as narrow:
        with pytest.raises(OfficeUnreachableError):
            one.exchange(one.line(narrow))
        assert one.unsent() == 0, "the change that names it went first"
        before = pieces(shared_office, sha256)
        assert before >= 1
        assert at_office(shared_office, sha256) is None
        assert state(one, sha256) == files.WAITING
    one = _killed_and_opened(one)
    watched = FaultyLine(one.line(straight))
    one.exchange(watched)
    assert at_office(shared_office, sha256) == data
    assert state(one, sha256) == files.SENT
    assert pieces(shared_office, sha256) - before == watched.calls.count("put_file") - 1, "nothing was sent twice"
    one.close()


def _killed_and_opened(laptop):
    laptop.kill()
    return laptop.reopen()


def test_a_lost_answer_takes_no_piece_twice(shared_office, laptop):
    """The office had it and nobody heard: the next exchange goes on behind it."""
    one = laptop(shared_office)
    data = os.urandom(SIZE)
    sha256 = photographed(one, one.register(), data)
    calls = []

    def lose(call):
        calls.append(call)
        return calls.count("put_file") == 2 and call == "put_file"

    with pytest.raises(OfficeUnreachableError):
        one.exchange(FaultyLine(one.line(), lose))
    assert pieces(shared_office, sha256) == 1
    one.exchange()
    assert at_office(shared_office, sha256) == data


def test_stopped_by_hand_it_goes_on_where_it_stood(shared_office, laptop):
    """She closes the lid in the middle of a picture."""
    one = laptop(shared_office)
    stop = threading.Event()
    sha256 = photographed(one, one.register(), os.urandom(SIZE))

    class Stopping(FaultyLine):
        def put_file(self, sha256, data, *, offset, size):
            stop.set() if data else None
            return super().put_file(sha256, data, offset=offset, size=size)

    result = one.exchange(Stopping(one.line()), stop=stop)
    assert result.stopped
    assert (pieces(shared_office, sha256), state(one, sha256)) == (1, files.WAITING)
    one.exchange()
    assert state(one, sha256) == files.SENT


def test_an_office_put_back_from_a_copy_is_given_its_pictures_again(own_office, laptop, tmp_path):
    """A backup from before the photograph: nobody has to remember that it is missing."""
    own_office.start()
    one = laptop(own_office)
    home = one.register()
    one.exchange()
    own_office.copy_database(tmp_path / "copy.db")
    data = os.urandom(SIZE)
    sha256 = photographed(one, home, data)
    one.exchange()
    assert at_office(own_office, sha256) == data
    one.hang_up()
    own_office.stop()
    own_office.put_back(tmp_path / "copy.db")
    assert at_office(own_office, sha256) is None
    own_office.start()
    one.line(own_office.url)
    one.exchange()
    assert at_office(own_office, sha256) == data


def test_a_damaged_picture_holds_up_nothing_else(shared_office, laptop):
    """P7: it waits and is named; the next one goes."""
    one = laptop(shared_office)
    home = one.register()
    bad, good = (photographed(one, home, os.urandom(SIZE)) for _ in range(2))
    one.at_store(lambda work: work.vault.put_part(f"{bad}.0", b"something else"))
    one.exchange()
    assert (state(one, bad), state(one, good)) == (files.WAITING, files.SENT)
    assert at_office(shared_office, bad) is None


def test_a_picture_of_a_draft_stays_here(shared_office, laptop):
    """A draft never leaves the device; nor does what it names."""
    one = laptop(shared_office)
    sha256 = one.at_store(lambda work: files.put(work, os.urandom(SIZE)))
    listed = {"household": "h", "started_at": "", "saved_at": "", "page": "", "persons": ""}
    one.at_store(lambda work: drafts.put_draft(work, "d", listed=listed, content={"photo": sha256}))
    asked = []

    class Watched(FaultyLine):
        def put_file(self, sha256, data, *, offset, size):
            asked.append(sha256)
            return super().put_file(sha256, data, offset=offset, size=size)

    one.exchange(Watched(one.line()))
    assert asked == []
    assert state(one, sha256) == files.DRAFT
    assert pieces(shared_office, sha256) == 0
    assert one.at_store(delivery.delivery).waiting_files == 0


def test_a_fetched_picture_leaves_with_its_family(shared_office, laptop):
    """Whoever does not visit a family any more has no photographs of its home."""
    one, two = laptop(shared_office), laptop(shared_office)
    mine, sha256 = (photographed(laptop_, laptop_.register(), os.urandom(SIZE)) for laptop_ in (two, one))
    one.exchange()
    two.exchange()
    assert state(two, sha256) == files.FETCHED
    for feed in two.feeds():
        two.at_store(lambda work, f=feed: _all_leave(work, f))
    two.at_store(files.release_fetched)
    assert state(two, sha256) is None
    assert two.at_store(lambda work: work.vault.get(FILE_PART, f"{sha256}.0")) is None
    assert state(two, mine) == files.SENT, "own work is never let go"


def _all_leave(work, feed):
    for record in office.held_in(work, feed):
        office.take_leave(work, feed, record)


# who may do what


def refused(deed):
    with pytest.raises(OfficeError) as caught:
        deed()
    return caught.value.code


def test_nobody_gives_or_gets_a_file_that_no_record_of_theirs_names(shared_office, laptop):
    """A name is 64 letters that somebody may have overheard; it opens nothing."""
    one, other = laptop(shared_office), laptop(shared_office, caseload="Elsewhere")
    data = os.urandom(SIZE)
    sha256 = photographed(one, one.register(), data)
    assert refused(lambda: one.line().put_file(sha256, b"", offset=0, size=SIZE)) == "file.not_named", "change first"
    one.exchange()
    assert refused(lambda: other.line().get_file(sha256, offset=0)) == "file.absent"
    assert refused(lambda: other.line().put_file(sha256, b"x", offset=0, size=SIZE)) == "file.not_named"
    assert one.line().get_file(sha256, offset=SIZE - 5) == data[-5:]
    assert one.line().get_file(sha256, offset=SIZE) == b""
    url = f"{shared_office.url}/v1/blob/{sha256}"
    for call in (requests.get, requests.put):
        answer = call(url, verify=str(shared_office.folder / "ca.pem"), timeout=10)
        assert (answer.status_code, messages.read_error(answer.content).code) == (401, "auth.token")


def test_what_does_not_fit_its_name_is_thrown_away_whole(shared_office, laptop):
    """A file with one byte changed on the way is not the picture; sent again it is."""
    one = laptop(shared_office)
    data = os.urandom(1000)
    sha256 = photographed(one, one.register(), data)
    line = one.line()
    one.exchange()
    assert at_office(shared_office, sha256) == data
    sha256 = photographed(one, one.register("Orazow"), data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(OfficeUnreachableError):  # the change goes up, its file does not
        one.exchange(FaultyLine(line, lambda call: call == "put_file"))
    assert line.put_file(sha256, data, offset=0, size=1000) == 0
    assert (pieces(shared_office, sha256), at_office(shared_office, sha256)) == (0, None)
    assert shared_office.rows("SELECT count(*) FROM audit WHERE what = 'file.wrong_hash'") == [(1,)]
    one.exchange()
    assert hashlib.sha256(at_office(shared_office, sha256)).hexdigest() == sha256


def test_sizes_and_places_that_cannot_be_are_refused(shared_office, laptop):
    """Nobody fills the office's disk, and no piece lands beside its place."""
    one = laptop(shared_office)
    sha256 = photographed(one, one.register(), os.urandom(1000))
    line = one.line()
    with pytest.raises(OfficeUnreachableError):
        one.exchange(FaultyLine(line, lambda call: call == "put_file"))
    assert refused(lambda: line.put_file(sha256, b"x", offset=0, size=MOST_BYTES + 1)) == "file.too_large"
    assert refused(lambda: line.put_file(sha256, bytes(1001), offset=0, size=1000)) == "wire.unreadable"
    assert refused(lambda: line.put_file(sha256, bytes(300_000), offset=0, size=400_000)) == "wire.too_big"
    assert refused(lambda: line.put_file("x" * 64, b"", offset=0, size=1)) == "wire.unreadable"
    assert refused(lambda: line.put_file(sha256, b"", offset=-1, size=1)) == "wire.unreadable"
    assert line.put_file(sha256, b"late", offset=500, size=1000) == 0
    assert line.put_file(sha256, bytes(10), offset=0, size=2000) == 10  # another's idea of it
    assert line.put_file(sha256, b"", offset=0, size=1000) == 0
    one.exchange()
    assert state(one, sha256) == files.SENT


def test_a_revoked_laptop_gives_and_gets_nothing(shared_office, laptop):
    """What it wrote goes to quarantine; its pictures stay where they are."""
    one = laptop(shared_office)
    sha256 = photographed(one, one.register(), os.urandom(1000))
    one.exchange()
    shared_office.revoke(one.who.device)
    for deed in (
        lambda: one.line().get_file(sha256, offset=0),
        lambda: one.line().put_file(sha256, b"", offset=0, size=1000),
    ):
        assert refused(deed) == "device.revoked"


def test_an_office_too_old_for_files_still_takes_the_visits(shared_office, laptop):
    """The laptop is newer than the office: everything else goes on, the picture waits."""
    one = laptop(shared_office)
    sha256 = photographed(one, one.register(), os.urandom(1000))

    class Old(FaultyLine):
        def put_file(self, *_, **_place):
            raise OfficeError("server.no_such_call")

        get_file = put_file

    one.exchange(Old(one.line()))
    assert (one.unsent(), state(one, sha256)) == (0, files.WAITING)


def test_a_part_of_another_shape_names_nothing(shared_office, laptop):
    """A newer program's record must not take a push down with it."""
    one = laptop(shared_office)
    home = one.register()
    body = {"visit": "v", "answers": ["no", "mapping"], "family": {"answers": {"a": 5, "b": None}}}

    def deed(work):
        edit = Edit(kind=Kind.VISIT_PART, record=new_record_id(utc_now()), subject=home, op=Op.NEW, body=body)
        work._write([edit])

    one.at_store(deed)
    one.exchange()
    assert one.unsent() == 0
