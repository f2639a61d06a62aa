"""The change line is what travels, is signed and is kept: its bytes and its chain must never surprise."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthvisit.domain.change import Change, Op, chain_next, chain_start, hlc_milliseconds, line_hash, next_hlc
from healthvisit.domain.errors import HealthvisitError

ID = "0" * 31 + "1"
JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=2))
FIELDS = st.dictionaries(st.text(min_size=1), JSON, max_size=3)


def edit(**more):
    fields = {"chg": ID, "record": "r", "kind": "person", "op": Op.EDIT, "hlc": "0" * 16, "by": "w"}
    return Change(**(fields | more))


@given(FIELDS, FIELDS, st.integers(0, 9), st.none() | st.text())
def test_a_line_reads_back_as_it_was_written(body, values, rev, subject):
    """Nothing a nurse types is changed by being sent; the same change gives the same bytes again."""
    new = edit(op=Op.NEW, body=body, subject=subject)
    other = edit(put={name: [None, value] for name, value in values.items()}, rev=rev, add={"phones": [{"id": "1"}]})
    for change in (new, other, edit(cut={"phones": ["1"]}), edit(op=Op.VOID, put={"void": ["digest", True]})):
        line = change.line()
        assert b"\n" not in line
        assert Change.parse(line) == change
        assert Change.parse(line).line() == line


def test_a_line_leaves_out_what_is_absent_and_keeps_letters():
    """Two hundred bytes a visit on a slow line: no empty members, no escapes."""
    line = edit(put={"given_name": ["Aýna", "Гульшат"]}).line()
    assert "Гульшат".encode() in line
    assert set(json.loads(line)) == {"chg", "r", "t", "op", "hlc", "by", "set"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda m: m.pop("chg"),
        lambda m: m.update(op="erase"),
        lambda m: m.update(r=7),
        lambda m: m.update(by=None),
        lambda m: m.update(set={"a": [1]}),
        lambda m: m.update(set=["a"]),
        lambda m: m.update(add={"a": 3}),
        lambda m: m.update(cut={"a": [3]}),
        lambda m: m.update(body={}),
        lambda m: m.update(op="new"),
        lambda m: m.update(op="new", body=[1]),
        lambda m: m.update(rev="x"),
    ],
)
def test_a_line_that_is_no_change_is_refused(spoil):
    """One bad record is named and set aside; it never passes for a change."""
    members = json.loads(edit(put={"note": [None, "x"]}).line())
    spoil(members)
    with pytest.raises(HealthvisitError) as caught:
        Change.parse(json.dumps(members).encode())
    assert caught.value.code == "change.unreadable"


@pytest.mark.parametrize("line", [b"", b"[]", b"3", b"\xff", b"[" * 100_000])
def test_bytes_that_are_no_json_are_refused(line):
    """Whatever lies on a stick, the program says which line, and goes on."""
    with pytest.raises(HealthvisitError) as caught:
        Change.parse(line)
    assert caught.value.code == "change.unreadable"


def test_only_a_new_record_has_a_body():
    """An edit with a body would overwrite what others wrote."""
    with pytest.raises(ValueError, match="body"):
        edit(body={})
    with pytest.raises(ValueError, match="body"):
        edit(op=Op.NEW)


def test_no_answer_shows_in_a_repr():
    """Changes turn up in tracebacks."""
    change = edit(put={"note": ["old words", "new words"]}, add={"aliases": ["Gülşat"]}, cut={"aliases": ["Ejesi"]})
    assert not any(word in repr(change) for word in ("words", "Gülşat", "Ejesi"))


def test_the_chain_is_the_one_in_the_protocol():
    """Laptop and office compute the same hash or nothing syncs: SHA-256 of the parts in this order."""
    device, inc = "ab" * 16, "cd" * 8
    start = hashlib.sha256(b"hv1-chain" + bytes.fromhex(device) + bytes.fromhex(inc)).digest()
    assert chain_start(device, inc) == start
    line = edit().line()
    expected = hashlib.sha256(start + (1).to_bytes(8, "big") + hashlib.sha256(line).digest()).digest()
    assert chain_next(start, 1, line_hash(line)) == expected


def test_a_purged_line_keeps_the_chain():
    """An erased record leaves its hash in its place, and every later line still verifies."""
    line = edit().line()
    gone = f'{{"chg":"{ID}","gone":"{line_hash(line).hex()}"}}'.encode()
    assert line_hash(gone) == line_hash(line)


@pytest.mark.parametrize(
    "forged",
    [
        b'{"chg":"%b","gone":"%b","r":"r","t":"person","op":"edit","hlc":"0","by":"w","set":{"note":[null,"x"]}}',
        b'{"chg":"%b","gone":"%b","gone":"%b"}',
        b'{"chg":"%b","gone":"%b"} ',
    ],
)
def test_a_purge_that_says_more_is_hashed_like_any_line(forged):
    """A carrier cannot put words of its own under the hash of a signed line."""
    honest = edit().line()
    gone = line_hash(honest).hex().encode()
    line = forged % ((ID.encode(), gone, gone)[: forged.count(b"%b")])
    assert line_hash(line) == hashlib.sha256(line).digest()


@pytest.mark.parametrize("line", [b'{"chg":"x","gone":', b'{"chg":"x","gone":"zz"}', b'{"chg":"x","gone":7}'])
def test_a_broken_purge_is_hashed_like_any_line(line):
    """Half a line must not stop the reading of the others."""
    assert line_hash(line) == hashlib.sha256(line).digest()


NOW = datetime(2026, 11, 23, 9, 12, tzinfo=UTC)


def test_stamps_carry_the_time():
    """The later of two edits of a phone number wins by it."""
    stamp = next_hlc("", NOW)
    assert len(stamp) == 16
    assert hlc_milliseconds(stamp) == int(NOW.timestamp() * 1000)


@given(st.lists(st.integers(-5_000, 5_000), max_size=20))
def test_stamps_only_rise_even_when_the_clock_goes_back(steps):
    """A dead battery sets 1970; the next edit is still later than the last."""
    last = next_hlc("", NOW)
    for step in steps:
        stamp = next_hlc(last, NOW + timedelta(milliseconds=step))
        assert stamp > last
        assert len(stamp) == 16
        last = stamp
