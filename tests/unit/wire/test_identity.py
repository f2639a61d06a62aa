"""Keys, card and codes: what is trusted, and what a person can mistype."""

import hashlib
import ssl
from datetime import UTC, datetime

import pytest

from healthvisit.domain.errors import HealthvisitError
from healthvisit.wire import certificates, identity
from healthvisit.wire.identity import Address, Card, EnrolCode, SigningKey

NOW = datetime(2026, 11, 20, tzinfo=UTC)
ROOT = SigningKey(bytes([1] * 32))
CENTRE = SigningKey(bytes([2] * 32))


def card(n=1, root=ROOT, server_id="ab" * 16):
    made = Card(
        n=n,
        server_id=server_id,
        root=root.public.hex(),
        centre=CENTRE.public.hex(),
        addresses=[Address("centre", "https://office.example/"), Address("hub", "https://hub.example")],
        ca=["PEM"],
    )
    return identity.make_card(made, root)


def fails(code, deed, *args):
    with pytest.raises(HealthvisitError) as caught:
        deed(*args)
    assert caught.value.code == code
    return caught.value


def test_a_key_comes_back_from_its_secret_and_shows_none_of_it():
    """The sealed 32 bytes are the key; a log line with it betrays nothing."""
    key = SigningKey.new()
    again = SigningKey(key.secret)
    assert again.public == key.public
    assert identity.verify(key.public, again.sign(b"x"), b"x")
    assert not identity.verify(key.public, again.sign(b"x"), b"y")
    assert key.secret.hex() not in repr(key)


def test_a_card_is_read_and_any_altered_byte_is_seen():
    """Addresses and certificates cannot be swapped on the way."""
    file = card()
    got = identity.read_card(file)
    assert got.urls() == ["https://office.example"]
    assert got.urls("hub") == ["https://hub.example"]
    assert got.centre_key == CENTRE.public
    fails("wire.bad_signature", identity.read_card, file.replace(b"office.example", b"thieves.examp"))
    fails("card.unreadable", identity.read_card, b"<html>")
    fails("card.unreadable", identity.read_card, file + b"more")


def test_a_newer_card_counts_only_by_the_same_root_and_a_higher_number():
    """Whoever holds the server, but not the root key, cannot make laptops trust another one."""
    held = identity.read_card(card(2))
    assert identity.newer_card(held, card(3)).card.n == 3
    fails("card.not_newer", identity.newer_card, held, card(2))
    fails("card.not_newer", identity.newer_card, held, card(1))
    fails("card.other_office", identity.newer_card, held, card(3, root=SigningKey.new()))
    fails("card.other_office", identity.newer_card, held, card(3, server_id="cd" * 16))


def test_a_code_survives_the_way_people_type_it():
    """Read from paper in a village: case, dashes, O for 0 and I for 1 do not matter."""
    code = EnrolCode.new(hashlib.sha256(b"card").digest())
    text = code.text()
    assert [len(group) for group in text.split()] == [5] * 12
    for typed in (text, text.lower(), text.replace(" ", "-"), text.replace(" ", ""), f"  {text}\n"):
        assert identity.parse_code(typed) == code
    assert identity.parse_code(text.replace("0", "o").replace("1", "l")) == code
    assert code.secret.hex() not in repr(code)


def test_a_mistyped_group_is_named():
    """Sixty symbols are typed once; the person is told which five to look at again."""
    groups = EnrolCode(bytes(range(16)), bytes(range(12))).text().split()
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    for at, group in enumerate(groups):
        for place in range(5):
            for other in alphabet:
                if other != group[place]:
                    wrong = [*groups[:at], group[:place] + other + group[place + 1 :], *groups[at + 1 :]]
                    error = fails("enrol.code_mistyped", identity.parse_code, " ".join(wrong))
                    assert error.details == {"group": at + 1}
            if place < 4 and group[place] != group[place + 1]:
                swapped = group[:place] + group[place + 1] + group[place] + group[place + 2 :]
                wrong = [*groups[:at], swapped, *groups[at + 1 :]]
                assert fails("enrol.code_mistyped", identity.parse_code, " ".join(wrong)).details["group"] == at + 1


def test_groups_in_another_order_missing_or_strange_are_told():
    """A line skipped on paper is not a wrong code."""
    groups = EnrolCode.new(bytes(32)).text().split()
    fails("enrol.code_mistyped", identity.parse_code, " ".join([groups[1], groups[0], *groups[2:]]))
    error = fails("enrol.code_incomplete", identity.parse_code, " ".join(groups[:7]))
    assert error.details == {"groups": 7, "needed": 12}
    fails("enrol.code_incomplete", identity.parse_code, "")
    fails("enrol.code_incomplete", identity.parse_code, " ".join([*groups, groups[0]]))
    assert fails("enrol.code_mistyped", identity.parse_code, "Салам").details == {"group": 1}


def test_a_code_belongs_to_one_card():
    """A false office answering GET card is found out before anything is sent to it."""
    true, false = identity.read_card(card(1)), identity.read_card(card(2))
    code = EnrolCode.new(true.sha256)
    code.require_card(true)
    fails("enrol.other_card", code.require_card, false)


def test_a_proof_binds_card_and_keys():
    """A proof overheard is of no use for other keys."""
    code = EnrolCode.new(bytes(32))
    proofs = {code.proof(c * 32, k * 32, [w * 32]) for c in (b"a", b"b") for k in (b"a", b"b") for w in (b"a", b"b")}
    assert len(proofs) == 8
    assert len(code.code_id) == 8


def test_signed_bytes_differ_by_every_field():
    """A session signature for one server, role, device or nonce is none for another."""
    given = [("a" * 32, "b" * 32), ("centre", "hub"), ("c" * 32, "d" * 32), (bytes(32), bytes([1]) * 32)]
    every = {identity.session_bytes(s, r, d, n) for s in given[0] for r in given[1] for d in given[2] for n in given[3]}
    assert len(every) == 16
    row = {"server_id": "a" * 32, "epoch": "b" * 32, "feed": "f", "seq": 1, "kind": "ver", "record": "c" * 32}
    rows = {identity.row_bytes(**row, rev=r, body=b) for r in (1, 2) for b in (b"", b"x")}
    assert len(rows) == 4


def test_the_server_certificate_is_good_for_its_hosts_only():
    """TLS trusts the card's authority alone, with the strictest checks the standard library has."""
    ca, ca_key = certificates.new_authority(NOW)
    chain, _key = certificates.new_server_certificate(ca, ca_key, ["office.example", "10.0.0.7"], NOW)
    assert certificates.hosts_of(chain) == {"127.0.0.1", "localhost", "::1", "office.example", "10.0.0.7"}
    context = ssl.create_default_context(cadata=ca.decode())
    assert context.get_ca_certs()
