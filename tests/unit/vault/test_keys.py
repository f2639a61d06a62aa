import hashlib
import json
import sqlite3
import zlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, Suite
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from healthvisit.domain.errors import StoreError
from healthvisit.vault import keys
from healthvisit.vault.envelope import DICTIONARY_1
from healthvisit.vault.keys import LOWEST, STANDARD, KdfCost, choose_cost, fold_passphrase, keyboard_twin
from healthvisit.vault.vault import FILE

PASSPHRASE = "altyn deňiz ýyldyz gapy söz"  # the one that `desk` opens with

MIB = 1024


def refused(deed, **given):
    with pytest.raises(StoreError) as caught:
        deed(**given)
    assert PASSPHRASE not in repr(caught.value)
    return caught.value.code


def test_a_passphrase_is_the_same_however_it_is_typed():
    """She typed it right: capitals, an extra space or a keyboard without Turkmen letters must not lock her out."""
    assert fold_passphrase("  Altyn  DEŇIZ\tÝyldyz ") == b"altyn deniz yyldyz"
    assert fold_passphrase("äçňöşüýž") == b"acnosuyz"
    assert fold_passphrase("n\u0303") == fold_passphrase("\u00f1")
    assert fold_passphrase("Гора Луна") == "гора луна".encode()
    assert fold_passphrase("altyn") != fold_passphrase("altym")


def test_a_phrase_in_the_wrong_layout_has_one_twin():
    """The layout is invisible behind dots, so the same keys are tried in the other one."""
    assert keyboard_twin("ghbdtn vbh") == "привет мир"
    assert keyboard_twin("Привет, мир".replace(",", "")) == "ghbdtn vbh"
    assert keyboard_twin("mama мама") is None
    assert keyboard_twin("1234 5678") is None


def test_a_vault_opens_in_the_wrong_layout_and_with_other_folding(desk):
    """The whole way in, as a tired person types it."""
    desk.create(passphrase="гора луна река окно дом").close()
    desk.open(passphrase="ujhf keyf htrf jryj ljv").close()
    assert refused(desk.open, passphrase="гора луна река окно дон") == "vault.wrong_passphrase"


def test_the_cost_of_a_new_slot_rises_only_while_this_laptop_is_quick():
    """A stronger laptop makes guessing dearer; a slow one still opens within a second."""
    quick = iter([0.0, 0.3, 1.0, 1.9])
    assert choose_cost(lambda: next(quick), steps_mib=(20, 22)) == KdfCost(20 * MIB, 3, 4)
    slow = iter([0.0, 0.9])
    assert choose_cost(lambda: next(slow), steps_mib=(20, 22)) == STANDARD == KdfCost(64 * MIB, 3, 4)


def test_a_file_can_be_read_with_nothing_but_the_page(desk):
    """Every label, key and field from passphrase to payload, done again by hand: the format cannot drift unnoticed."""
    vault = desk.create()
    with vault.transaction():
        vault.put("draft", "019a", {"note": "Çaga üsgürýär"})
    desk.close()
    db = sqlite3.connect(desk.folder / FILE)
    stored = dict(db.execute("SELECT k, v FROM vault"))
    ((sid, kind, label, pub, priv, mk),) = db.execute("SELECT sid, kind, label, pub, priv, mk FROM keyslot")
    ring = dict(db.execute("SELECT epoch, dek FROM keyring"))
    ((seq, rid, env),) = db.execute("SELECT seq, rid, env FROM rec")
    db.close()

    def hkdf(key, label):
        return HKDF(SHA256(), 32, salt=stored["id"], info=label).derive(key)

    assert (kind, label, len(pub), len(mk)) == (1, "W-07", 1 + 1216, 1 + 1168)
    assert priv[:4] == b"HK\x01\x01"
    memory, passes, lanes = int.from_bytes(priv[4:8]), int.from_bytes(priv[8:12]), priv[12]
    kek = Argon2id(salt=priv[13:29], length=32, iterations=passes, lanes=lanes, memory_cost=memory).derive(
        b"altyn deniz yyldyz gapy soz"
    )
    secret = AESGCM(kek).decrypt(priv[29:41], priv[41:], priv[:29] + stored["id"] + sid + pub)
    assert len(secret) == 96 + 32 + 32
    private = MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(secret[:64]), X25519PrivateKey.from_private_bytes(secret[64:96])
    )
    suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    master = suite.decrypt(mk[1:], private, b"hv1/mk" + stored["id"] + sid)
    assert secret[128:] == hashlib.blake2b(b"hv1/pin" + stored["id"], digest_size=32, key=master).digest()
    wrap = AESGCM(hkdf(master, b"hv1/wrap"))
    root, dek = (wrap.decrypt(ring[epoch][:12], ring[epoch][12:], stored["id"] + epoch.to_bytes(4)) for epoch in (0, 1))
    assert rid == hashlib.blake2b(b"draft\x00019a", digest_size=16, key=hkdf(root, b"hv1/rid")).digest()
    inner = AESGCM(hkdf(dek, b"hv1/rec")).decrypt(env[32:44], env[44:], env[:32] + stored["id"])
    text = zlib.decompressobj(-12, DICTIONARY_1).decompress(inner[4 : 4 + int.from_bytes(inner[:4])])
    assert json.loads(text) == {"t": "draft", "id": "019a", "v": 1, "note": "Çaga üsgürýär"}
    sealed = stored["manifest"]
    inner = AESGCM(hkdf(dek, b"hv1/man")).decrypt(sealed[32:44], sealed[44:], sealed[:32] + stored["id"])
    manifest = zlib.decompressobj(-12, DICTIONARY_1).decompress(inner[4 : 4 + int.from_bytes(inner[:4])])
    term = hashlib.blake2b(rid + seq.to_bytes(8) + env[-16:], digest_size=32, key=hkdf(dek, b"hv1/sum")).digest()
    assert manifest[:49] == b"\x01" + (1).to_bytes(8) + (1).to_bytes(8) + term
    assert sealed[16:32] == bytes(16)


def test_wrong_passphrase_and_damaged_slot_say_the_same(desk):
    """Whoever guesses learns nothing from the answer."""
    desk.create()
    desk.close()
    assert refused(desk.open, passphrase="başga söz") == "vault.wrong_passphrase"
    damages = ("splice(priv, 216, x'00')", "substr(priv, 1, 100)", "splice(priv, 1, x'58')", "splice(priv, 20, x'3f')")
    with desk.tampering() as db:
        (priv,) = db.execute("SELECT priv FROM keyslot").fetchone()
    for damaged in (*(f"priv={damage}" for damage in damages), "mk=substr(mk, 1, 500)", "mk=splice(mk, 0, x'02')"):
        with desk.tampering() as db:
            db.execute("UPDATE keyslot SET priv=?", (priv,))
            db.execute(f"UPDATE keyslot SET {damaged}")  # noqa: S608
        assert refused(desk.open) == "vault.wrong_passphrase"


@pytest.mark.parametrize(
    "cost", [(2**32 - 1, 1, 1), (1024, 3, 4), (65536, 4_000_000, 4), (65536, 3, 255), (65536, 0, 1)]
)
def test_a_slot_that_asks_for_too_much_is_refused_at_once(desk, cost):
    """Four terabytes in a tampered slot would freeze the laptop, a cheap one would make guessing cheap."""
    desk.create()
    memory, passes, lanes = cost
    with desk.tampering() as db:
        (priv,) = db.execute("SELECT priv FROM keyslot").fetchone()
        altered = priv[:4] + memory.to_bytes(4) + passes.to_bytes(4) + bytes([lanes]) + priv[13:]
        db.execute("UPDATE keyslot SET priv=?", (altered,))
    assert refused(desk.open) == "vault.slot_limits"


def test_one_tampered_slot_does_not_shut_out_a_colleague(desk):
    """A second person's slot still opens when the first was made a memory bomb."""
    vault = desk.create()
    other = vault.add_slot(passphrase="kömür gije ak it", label="W-08", cost=LOWEST)
    with desk.tampering() as db:
        db.execute("UPDATE keyslot SET priv=splice(priv, 4, x'ffffffff') WHERE sid=?", (vault.sid,))
    assert desk.open(passphrase="kömür gije ak it").sid == other


def test_two_people_open_one_vault_each_with_their_own_words(desk):
    """One laptop, one team; the unlock screen names the slots before anybody has typed."""
    vault = desk.create()
    with vault.transaction():
        vault.put("draft", "1", {"a": 1})
    other = vault.add_slot(passphrase="kömür gije ak it", label="W-08", cost=LOWEST)
    vault.verify()
    desk.close()
    assert [(slot.sid, slot.label) for slot in type(vault).labels(desk.folder)] == [
        (vault.sid, "W-07"),
        (other, "W-08"),
    ]
    second = desk.open(passphrase="Komur gije AK it")
    assert (second.sid, second.get("draft", "1")["a"]) == (other, 1)
    assert second.worker_seed != vault.worker_seed
    second.close()
    assert refused(desk.open, passphrase="kömür gije ak it", sid=vault.sid) == "vault.wrong_passphrase"


def test_a_new_passphrase_replaces_the_old_one(desk):
    """After a change exactly one passphrase works, and everything written before is still there."""
    vault = desk.create()
    with vault.transaction():
        vault.put("draft", "1", {"a": 1})
    assert vault.check_passphrase(PASSPHRASE)
    with pytest.raises(StoreError, match=r"vault\.wrong_passphrase"):
        vault.change_passphrase(sid=vault.sid, old="nädogry", new="täze sözler bäş sany", cost=LOWEST)
    vault.change_passphrase(sid=vault.sid, old=PASSPHRASE, new="täze sözler bäş sany", cost=LOWEST)
    assert not vault.check_passphrase(PASSPHRASE)
    desk.close()
    assert refused(desk.open) == "vault.wrong_passphrase"
    opened = desk.open(passphrase="täze sözler bäş sany")
    opened.verify()
    assert opened.get("draft", "1")["a"] == 1
    assert not opened.rolled_back


def test_a_slot_opens_only_with_its_own_vaults_info(new_desk):
    """A slot copied into another vault gives nobody that vault's key."""
    one, two = new_desk("one").create(), new_desk("two").create()
    slot = one._slot(one.sid)
    secret = keys.open_secret(slot, one.id, PASSPHRASE)
    assert keys.open_master(slot, one.id, secret)
    assert refused(lambda: keys.open_secret(slot, two.id, PASSPHRASE)) == "vault.wrong_passphrase"
    assert refused(lambda: keys.open_master(slot, two.id, secret)) == "vault.wrong_passphrase"
    assert refused(lambda: keys.open_master(replace(slot, sid=bytes(16)), one.id, secret)) == "vault.wrong_passphrase"


def test_a_planted_slot_gets_no_key_and_stops_no_work(desk):
    """Somebody who can write the file adds himself: he opens nothing, and no key operation blesses his slot."""
    vault = desk.create()
    planted, _ = keys.new_slot(vault.id, bytes(32), passphrase="thief", label="W-99", cost=LOWEST)
    with desk.tampering() as db:
        columns = (planted.sid, planted.kind, planted.label, planted.pub, planted.priv, planted.mk)
        db.execute("INSERT INTO keyslot VALUES(?,?,?,?,?,?)", columns)
    assert refused(desk.open, passphrase="thief") == "vault.damaged"
    vault = desk.open()
    with vault.transaction():
        vault.put("draft", "1", {})
    change = {"sid": vault.sid, "old": PASSPHRASE, "new": "x", "cost": LOWEST}
    assert refused(vault.change_passphrase, **change) == "vault.altered"
    assert refused(vault.add_slot, passphrase="x", label="W-09", cost=LOWEST) == "vault.altered"
    assert refused(vault.verify) == "vault.altered"


def test_an_exchanged_master_key_is_noticed(desk):
    """The public key is clear, so anybody can seal a key of his own to it; hers must not be written under it."""
    vault = desk.create()
    slot, master = vault._slot(vault.sid), b"m" * 32
    private = keys._hpke().encrypt(master, keys._public_key(slot.pub), b"hv1/mk" + vault.id + slot.sid)
    with desk.tampering() as db:
        db.execute("UPDATE keyslot SET mk=?", (b"\x01" + private,))
        db.executemany("UPDATE keyring SET dek=?2 WHERE epoch=?1", keys.new_keyring(vault.id, master))
    assert refused(desk.open) == "vault.keys_exchanged"


def test_a_damaged_keyring_is_named(desk):
    """Without the data key nothing opens; the message must lead to a backup, not to another try at the passphrase."""
    desk.create()
    with desk.tampering() as db:
        db.execute("UPDATE keyring SET dek=zeroblob(60) WHERE epoch=1")
    with pytest.raises(StoreError) as caught:
        desk.open()
    assert (caught.value.code, caught.value.details) == ("vault.damaged", {"part": "keyring"})


def test_keys_do_not_show_themselves(vault):
    """A crash report prints locals: no key, seed or passphrase may be among the printed text."""
    slot = vault._slot(vault.sid)
    shown = repr([vault, vault._keys, vault._keys.epochs, slot, keys.open_secret(slot, vault.id, PASSPHRASE)])
    for secret in (vault._keys.master, vault.worker_seed, slot.priv):
        assert repr(secret)[2:-1] not in shown
