"""Calls and answers: what is signed, what is refused, what survives a newer program."""

import msgspec
import pytest

from healthvisit.domain.errors import OfficeError
from healthvisit.wire import identity, messages
from healthvisit.wire.identity import Card, SigningKey
from healthvisit.wire.messages import Enrolled, Hello, HelloNotes, Pull, PullEnd, Row, Statement, Top
from healthvisit.wire.packing import pack, unpack

ROOT, CENTRE, DEVICE = (SigningKey(bytes([i] * 32)) for i in (1, 2, 3))
CARD = identity.read_card(
    identity.make_card(
        Card(n=1, server_id="ab" * 16, root=ROOT.public.hex(), centre=CENTRE.public.hex(), addresses=[], ca=[]), ROOT
    )
)
STATEMENT = Statement(server_id="ab" * 16, epoch="e" * 32, n=4, device="d" * 32, status="active", incs=[], feeds=[])


def hello_answer(statement=STATEMENT, key=CENTRE):
    return messages.signed(identity.STATEMENT_LABEL, statement, key, HelloNotes(time="t"))


def fails(code, deed, *args):
    with pytest.raises(OfficeError) as caught:
        deed(*args)
    assert caught.value.code == code


def test_a_request_says_its_version_and_comes_back():
    """Version and defaults travel, so that a newer server knows what an old laptop meant."""
    sent = Hello(incs=[Top(inc="i", top=3, hash="h")], feeds=[])
    body = messages.encode(sent)
    assert b'"v":1' in unpack(body, packed_limit=10**6, plain_limit=10**6)[0]
    assert messages.decode_request(body, Hello) == sent
    fails("wire.newer", messages.decode_request, pack([b'{"v":7}']), Pull)
    fails("wire.unreadable", messages.decode_request, pack([b'{"v":1,"feeds":3}']), Pull)


def test_unknown_members_are_left_alone():
    """A newer server may say more; an old laptop reads what it knows."""
    line = msgspec.json.encode({"epoch": "e", "feeds": [{"feed": "f", "colour": 1}], "mood": "fine"})
    rows, end = messages.read_pull(pack([line]))
    assert rows == []
    assert end.feeds[0].feed == "f"


def test_a_statement_is_believed_only_from_the_centre_and_for_this_device():
    """Done, safe, reset and erase hang on it."""
    statement, notes = messages.read_hello(hello_answer(), CARD, "d" * 32)
    assert (statement, notes.time) == (STATEMENT, "t")
    fails("wire.bad_signature", messages.read_hello, hello_answer(key=ROOT), CARD, "d" * 32)
    fails("wire.other_device", messages.read_hello, hello_answer(), CARD, "c" * 32)
    lines = unpack(hello_answer(), packed_limit=10**6, plain_limit=10**6)
    lines[0] = lines[0].replace(b'"n":4', b'"n":5')
    fails("wire.bad_signature", messages.read_hello, pack(lines), CARD, "d" * 32)


def test_a_signature_of_one_kind_is_none_of_another():
    """An enrolment answer cannot be passed off as a statement."""
    body = messages.signed(identity.ENROLLED_LABEL, STATEMENT, CENTRE, HelloNotes(time="t"))
    fails("wire.bad_signature", messages.read_hello, body, CARD, "d" * 32)


def test_an_enrolment_answer_names_the_key_that_asked():
    """An answer to somebody else's enrolment is not ours."""
    answer = Enrolled(server_id="ab" * 16, device="d" * 32, key=DEVICE.public.hex(), worker="w", name="", feeds=[])
    body = messages.signed(identity.ENROLLED_LABEL, answer, CENTRE)
    assert messages.read_enrolled(body, CARD, DEVICE.public).worker == "w"
    fails("wire.other_device", messages.read_enrolled, body, CARD, ROOT.public)


def test_row_bodies_keep_their_bytes():
    """The daily sum is taken over the bytes as pulled."""
    raw = b'{"b" : 1,"a":"\xc3\xa4"}'
    body = messages.encode(Row(feed="f", seq=1, kind="ver", record="r", body=msgspec.Raw(raw)), PullEnd("e", []))
    assert bytes(messages.read_pull(body)[0][0].body) == raw


def test_nothing_personal_shows_in_a_repr():
    """Messages end up in tracebacks."""
    assert repr(messages.FeedName(feed="f", kind="caseload", name="Amina")) == "FeedName"


def test_a_page_of_a_captive_portal_acknowledges_nothing():
    """HTML with status 200 is no answer."""
    for read in (messages.read_push, messages.read_pull, messages.read_error):
        fails("wire.unreadable", read, b"<html>Please log in</html>")
    assert messages.read_error(messages.error_body("a.b", {"n": 1})).details == {"n": 1}
