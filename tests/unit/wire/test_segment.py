"""The unit of transport: what is refused, and that it is refused whole."""

import contextlib
import hashlib
import os

import msgspec
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from healthvisit.domain.change import chain_next, chain_start, line_hash
from healthvisit.domain.errors import OfficeError
from healthvisit.wire import segment
from healthvisit.wire.identity import SigningKey
from healthvisit.wire.packing import pack, unpack

DEVICE = "0123456789abcdef" * 2
INC = "00ff00ff00ff00ff"
KEY = SigningKey(bytes(range(32)))
START = chain_start(DEVICE, INC)


def lines(count, *, size=40):
    return [msgspec.json.encode({"chg": f"{i:032x}", "note": "x" * size}) for i in range(count)]


def made(some=None, **changed):
    given = {"device": DEVICE, "inc": INC, "first": 1, "prev": START, "sign": KEY.sign} | changed
    return segment.cut(lines(3) if some is None else some, **given)


def refused(data, code, key=KEY.public):
    with pytest.raises(OfficeError) as caught:
        segment.read(data, public_key=key)
    assert caught.value.code == code
    return caught.value


def test_lines_come_back_byte_for_byte_with_their_chain():
    """The server numbers and keeps exactly what the laptop sealed."""
    got = segment.read(made(), public_key=KEY.public)
    assert got.lines == lines(3)
    link = START
    for number, (line, held) in enumerate(zip(got.lines, got.hashes, strict=True), 1):
        link = chain_next(link, number, line_hash(line))
        assert held == link
    assert (got.header.device, got.header.inc, got.header.first, got.header.to) == (DEVICE, INC, 1, 3)
    assert got.header.last == link


def test_a_second_cut_continues_where_the_first_ended():
    """Re-cutting is free: numbers and links do not depend on where segments end."""
    every = lines(5)
    whole = segment.read(made(every), public_key=KEY.public)
    head = segment.read(made(every[:2]), public_key=KEY.public)
    tail = segment.read(made(every[2:], first=3, prev=head.header.last), public_key=KEY.public)
    assert [*head.hashes, *tail.hashes] == whole.hashes


def test_a_segment_of_another_key_is_refused():
    """Nobody can write in another device's name."""
    refused(made(), "wire.bad_signature", SigningKey.new().public)


def test_a_purged_line_keeps_the_chain():
    """After a legal purge the text is gone and the chain still verifies."""
    every = lines(3)
    gone = b'{"chg":"%032x","gone":"%s"}' % (1, hashlib.sha256(every[1]).hexdigest().encode())
    got = segment.read(made([every[0], gone, every[2]]), public_key=KEY.public)
    assert got.hashes == segment.read(made(every), public_key=KEY.public).hashes


@settings(max_examples=60, deadline=None)
@given(at=st.integers(min_value=0), bit=st.integers(0, 7), cut_at=st.integers(min_value=0))
def test_any_flipped_bit_and_any_cut_is_refused_whole(at, bit, cut_at):
    """A bad line loses a segment, never puts a wrong one in its place."""
    data = made(lines(20))
    flipped = bytearray(data)
    flipped[at % len(data)] ^= 1 << bit
    for bad in (bytes(flipped), data[: cut_at % len(data)]):
        with contextlib.suppress(OfficeError):  # anything else would be our fault
            got = segment.read(bad, public_key=KEY.public)
            assert got.lines == lines(20)  # a bit of the frame's own header that changes nothing of what comes out


@pytest.mark.parametrize("change", ["dropped", "swapped", "altered", "renumbered"])
def test_lines_changed_on_the_way_break_the_chain(change):
    """A hub cannot drop, swap or alter a line in the middle, even if it packs the rest anew."""
    head, *body = unpack(made(lines(5)), packed_limit=10**6, plain_limit=10**6)
    if change == "dropped":
        del body[2]
    elif change == "swapped":
        body[1], body[2] = body[2], body[1]
    elif change == "altered":
        body[1] = body[1].replace(b"x", b"y", 1)
    else:
        head = head.replace(b'"from":1', b'"from":2').replace(b'"to":5', b'"to":6')
    refused(pack([head, *body]), "wire.bad_chain")


def test_a_newer_version_is_told_apart_from_damage():
    """An old server must say "update me", not "your file is broken"."""
    head, *body = unpack(made(), packed_limit=10**6, plain_limit=10**6)
    error = refused(pack([b'{"v":2,"everything":"else differs"}', *body]), "wire.newer")
    assert error.details == {"speaks": [1]}
    refused(pack([head.replace(b'"v":1,', b""), *body]), "wire.unreadable")


def test_a_bomb_is_refused_before_memory_is_taken():
    """Six kilobytes must not become two hundred megabytes."""
    bomb = zstandard.ZstdCompressor().compress(bytes(200_000_000))
    assert len(bomb) < 20_000
    refused(bomb, "wire.too_big")


def test_a_bomb_that_hides_its_size_is_refused_at_the_cap():
    """The size a frame names cannot be left out to get past the check."""
    bomb = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(50_000_000))
    refused(bomb, "wire.too_big")


def test_a_second_frame_behind_the_first_is_refused():
    """Nothing travels outside the signed part."""
    refused(made() + pack([b"{}"]), "wire.unreadable")


@pytest.mark.parametrize("data", [b"", b"<html>portal</html>", pack([]), pack([b""]), pack([b"[]"]), pack([b"{}"] * 3)])
def test_what_is_no_segment_is_unreadable(data):
    """Pages of a captive portal and empty bodies are refused by name."""
    refused(data, "wire.unreadable")


def test_too_many_or_too_big_a_save_cannot_be_cut():
    """The laptop halves its cut on this code instead of sending what the server must refuse."""
    for bad in (lines(501), lines(500, size=9000), [os.urandom(300_000).hex().encode()], []):
        with pytest.raises(OfficeError, match=r"wire\.too_big"):
            made(bad)
    assert len(segment.read(made(lines(500)), public_key=KEY.public).lines) == 500
