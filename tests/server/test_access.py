"""Who may join, speak, write and read: codes, sessions, scope, revoked devices."""

import sqlite3

import pytest
import requests

from healthvisit.domain.change import chain_start
from healthvisit.domain.errors import InputError
from healthvisit.domain.record import Kind
from healthvisit.server.admin import list_devices, revoke
from healthvisit.wire import identity, messages
from tests.server.running import Laptop, RefusedError, household, outcomes, person


def refused(deed, code, status):
    with pytest.raises(RefusedError) as caught:
        deed()
    assert (caught.value.code, caught.value.status) == (code, status)
    return caught.value


def change_database(office, sql, *values):
    """Plant a fault: time passed, or a copy put back."""
    with sqlite3.connect(office.folder / "office.db", timeout=20) as db:
        db.execute(sql, values)
    db.close()


def ask(laptop, slip, **changed):
    return laptop.post("enrol", messages.encode(laptop.ask_to_join(slip, **changed)))


def test_joining_names_worker_and_feeds(laptop):
    """The answer is signed by the centre; what the laptop wrote before under its own name is still its worker's."""
    assert [feed.kind for feed in laptop.enrolled.feeds] == ["caseload", "device"]
    assert laptop.enrolled.name.startswith("Ayna")


def test_work_done_before_joining_is_accepted_under_the_old_name(shared_office, caseload):
    """A laptop may be used for weeks before it is joined; those lines never change."""
    laptop = Laptop(shared_office)
    laptop.new(Kind.HOUSEHOLD, household())
    laptop.join(shared_office.code(worker=f"New {caseload}", caseload=caseload))
    laptop.new(Kind.HOUSEHOLD, household())
    assert outcomes(laptop.push()[1]) == ["ok", "ok"]


def test_a_code_works_once_but_a_lost_answer_may_be_asked_again(shared_office, caseload):
    """Paper is lost and lines break."""
    code = shared_office.code(caseload=caseload)
    one, two = Laptop(shared_office), Laptop(shared_office)
    first = messages.read_enrolled(ask(one, code), one.card, one.key.public)
    again = messages.read_enrolled(ask(one, code), one.card, one.key.public)
    assert first == again
    refused(lambda: ask(two, code), "enrol.code_used", 403)


def test_five_wrong_proofs_end_a_code(shared_office, caseload):
    """Guessing the secret of a code whose id was seen does not pay."""
    code = shared_office.code(caseload=caseload)
    laptop = Laptop(shared_office)
    for left in (4, 3, 2, 1, 0):
        error = refused(lambda: ask(laptop, code, proof="00" * 32), "enrol.proof_wrong", 403)
        assert error.details == {"left": left}
    refused(lambda: ask(laptop, code), "enrol.code_ended", 403)


def test_a_proof_for_other_keys_is_wrong(shared_office, caseload):
    """Whoever sits between cannot put a key of their own in."""
    laptop = Laptop(shared_office)
    code = shared_office.code(caseload=caseload)
    refused(lambda: ask(laptop, code, key=identity.SigningKey.new().public.hex()), "enrol.proof_wrong", 403)
    refused(lambda: ask(laptop, code, key="not hex"), "enrol.proof_wrong", 403)
    refused(lambda: ask(laptop, code, code="00" * 8), "enrol.code_unknown", 403)


def test_a_code_ends_after_a_day(shared_office, caseload):
    """A slip found in a drawer opens nothing."""
    code = shared_office.code(caseload=caseload)
    code_id = identity.parse_code(code).code_id.hex()
    change_database(shared_office, "UPDATE enrol_code SET until = '2020-01-01T00:00:00Z' WHERE id = ?", code_id)
    refused(lambda: ask(Laptop(shared_office), code), "enrol.code_expired", 403)


def test_a_device_id_cannot_be_taken_over(shared_office, laptop, caseload):
    """Another key under a known device's name is refused, with a good code too."""
    thief = Laptop(shared_office)
    thief.device = laptop.device
    refused(lambda: ask(thief, shared_office.code(caseload=caseload)), "enrol.device_taken", 403)


def test_a_code_outlives_a_newer_card(shared_office, caseload):
    """A second address on the card must not void the slips already handed out."""
    code = shared_office.code(caseload=caseload)
    said = shared_office.command(
        "enrol-code", "--worker", "W", "--caseload", caseload, "--url", f"{shared_office.url}/x"
    )
    assert said.returncode == 0, said.stderr
    old = Laptop(shared_office, code)
    assert old.hello(card=old.card.card.n)[1].notices == ["card.newer"]
    newest = identity.newer_card(old.card, old.http.get(f"{shared_office.url}/v1/card", timeout=30).content)
    assert newest.urls()[0] == f"{shared_office.url}/x"
    new = next(line for line in said.stdout.splitlines() if line.startswith("code "))
    assert Laptop(shared_office, new[5:]).card.card.n == newest.card.n


def test_the_wrong_certificate_authority_is_refused_by_tls(shared_office, laptop):
    """Trust is the card's, not the machine's."""
    with requests.Session() as http:
        http.trust_env = False
        with pytest.raises(requests.exceptions.SSLError):
            http.get(f"{shared_office.url}/v1/card", timeout=30)


def test_a_session_needs_the_device_key_and_a_fresh_nonce(laptop):
    """A nonce is good once, and only for who asked for it."""
    nonce_of = messages.encode(messages.SessionAsk(device=laptop.device))
    nonce = messages.read_answer(laptop.post("session", nonce_of), messages.SessionNonce).nonce
    signed = identity.session_bytes(laptop.card.card.server_id, "centre", laptop.device, bytes.fromhex(nonce))

    def prove(key, signed=signed):
        proof = messages.SessionProof(device=laptop.device, nonce=nonce, sig=key.sign(signed).hex())
        return laptop.post("session", messages.encode(proof))

    refused(lambda: prove(identity.SigningKey.new()), "auth.signature", 401)
    refused(lambda: prove(laptop.key), "auth.nonce", 401)
    unknown = messages.encode(messages.SessionAsk(device="00" * 16))
    refused(lambda: laptop.post("session", unknown), "auth.unknown_device", 401)


def test_a_stolen_token_ends_after_15_minutes_and_is_no_use_for_other_data(laptops):
    """Catalogue 43: refused and written down."""
    one, two, _ = laptops
    one.new(Kind.HOUSEHOLD, household())
    with pytest.raises(RefusedError, match=r"wire\.bad_signature"):
        two.post("push", one.cut(1))  # one's segment under two's token
    refused(lambda: _push_as(two, one), "auth.other_device", 403)
    change_database(one.office, "UPDATE token SET until = '2020-01-01T00:00:00Z' WHERE device = ?", one.device)
    refused(one.push, "auth.token", 401)
    one.token = "made up"
    refused(one.push, "auth.token", 401)
    with sqlite3.connect(one.office.folder / "office.db") as db:
        noted = {
            row[0] for row in db.execute("SELECT what FROM audit WHERE device IN (?, ?)", (one.device, two.device))
        }
    db.close()
    assert {"wire.bad_signature", "auth.other_device", "auth.token_ended"} <= noted
    one.log_in()
    assert outcomes(one.push()[1]) == ["ok"]


def _push_as(thief, victim):
    """A segment in the victim's name, signed by the thief's own good key."""
    thief.lines = list(victim.lines)
    return thief.post("push", thief.cut(1, device=victim.device, prev=chain_start(victim.device, thief.inc)))


def test_another_caseloads_records_cannot_be_written(shared_office, caseload, laptop):
    """Scope is decided by the server's tables; a change's own word for its subject counts only when it is new."""
    other = Laptop(shared_office, shared_office.code(worker=f"Other {caseload}", caseload=f"{caseload} b"))
    home = laptop.new(Kind.HOUSEHOLD, household(note="mine"))
    laptop.push()
    other.edit(home, Kind.HOUSEHOLD, {"note": ["mine", "yours"]}, rev=1)
    other.new(Kind.VISIT, {"on": "2026-11-20"}, subject=home)
    _, changes = other.push()
    assert [(c.outcome, c.code) for c in changes] == [("quarantined", "scope.not_yours")] * 2
    laptop.pull()
    assert laptop.body(home)["note"] == "mine"


def test_a_membership_moves_nobody_but_its_subject(shared_office, caseload, laptop):
    """A household of mine does not draw a stranger's child into my caseload."""
    other = Laptop(shared_office, shared_office.code(worker=f"Other {caseload}", caseload=f"{caseload} b"))
    child = laptop.new(Kind.PERSON, person())
    home = laptop.new(Kind.HOUSEHOLD, household())
    laptop.new(Kind.MEMBERSHIP, {"person": child, "household": home, "role": "child"}, subject=child)
    laptop.push()
    mine = other.new(Kind.HOUSEHOLD, household())
    other.new(Kind.MEMBERSHIP, {"person": child, "household": mine, "role": "child"}, subject=mine)
    other.push()
    other.pull()
    assert child not in other.versions
    laptop.pull()
    assert child in laptop.versions


def test_lines_signed_by_a_stranger_are_quarantined(laptop):
    """`by` must be somebody who has a slot in that vault."""
    laptop.new(Kind.HOUSEHOLD, household(), by="00" * 16)
    assert laptop.push()[1][0].code == "change.by"


def test_a_revoked_device_delivers_into_quarantine_and_reads_nothing(shared_office, laptops):
    """Catalogue 42: visits made while it was offline are not lost, and nothing more is told to it."""
    one, two, _ = laptops
    home = one.new(Kind.HOUSEHOLD, household(note="a"))
    one.push()
    with shared_office.opened() as office:
        revoke(office, one.device)
        with pytest.raises(InputError, match=r"device\.unknown"):
            revoke(office, "00" * 16)
    one.edit(home, Kind.HOUSEHOLD, {"note": ["a", "late"]}, rev=1)
    one.log_in()
    statement, _ = one.hello()
    assert statement.status == "revoked"
    _, changes = one.push(2)
    assert [(c.outcome, c.code) for c in changes] == [("quarantined", "device.revoked")]
    refused(one.pull_page, "device.revoked", 403)
    two.pull()
    assert two.body(home)["note"] == "a"
    with shared_office.opened() as office:
        listed = {d["id"]: d for d in list_devices(office)}[one.device]
    assert (listed["status"], listed["quarantined"], listed["changes"]) == ("revoked", 1, 2)


def test_the_desk_needs_its_token_and_tells_ids_and_days_only(shared_office, laptop):
    """The office's list holds nothing of what was found in a visit."""
    home = laptop.new(Kind.HOUSEHOLD, household("Secret"))
    laptop.new(
        Kind.VISIT,
        {"household": home, "worker": laptop.worker, "on": "2026-11-20", "family": {"answers": {"q": "Secret"}}},
        subject=home,
    )
    laptop.push()

    def get(name, token):
        headers = {"Authorization": f"Bearer {token}"}
        return laptop.http.get(f"{shared_office.url}/office/{name}", headers=headers, timeout=30)

    token = (shared_office.folder / "admin.token").read_text()
    assert get("visits", laptop.token).status_code == 401
    assert messages.read_error(get("visits", "").content).code == "auth.token"
    listed = get("visits?limit=1", token)
    assert listed.json()["visits"][0]["worker"] == laptop.worker
    assert "Secret" not in listed.text
    figures = get("summary", token).json()
    assert figures["visits"] >= 1
    assert {"households", "persons", "conflicts", "quarantined", "devices"} <= set(figures)
    assert messages.read_error(get("visits?limit=many", token).content).code == "office.bad_question"
    assert messages.read_error(get("nothing", token).content).code == "server.no_such_call"
