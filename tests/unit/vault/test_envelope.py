import hashlib
import tracemalloc
import unicodedata
import zlib

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given, settings
from hypothesis import strategies as st

from healthvisit.domain.errors import StoreError
from healthvisit.vault import envelope
from healthvisit.vault.envelope import Head, Why

VAULT_ID = bytes(range(16))
KEY = bytes(range(32, 64))
CIPHERS = {7: AESGCM(KEY)}
RID = bytes(range(100, 116))
HEAD = Head(7, 258, RID)
PLAIN = '{"t":"draft","id":"019a","v":1,"note":"Çagajyk üsgürýär"}'.encode()
KNOWN = bytes.fromhex(
    "485601010000000700000000000001026465666768696a6b6c6d6e6f70717273c8c9cacbcccdcecfd0d1d2d3a549aec570b48362a8db3bea"
    "108a4e94dff9efe0496ce0a4c458558286029f5948339216c5216f78cfd60d8faf684ab3fbd9019435322b5271027bd048046a333c6410e2"
    "182b02c6f7ceabf089d4ce4e5db5d3c44817f62935c3a61614ddfcafa684b0ddc9cc99a47119ab111ecac5288df027e46f4fc93bc384c35c"
    "8bf6e1c33db685d8cbb2a52d08bae5419cb16b2ca5fd86840c7207e2aec76ad4e6eb38998d38854de4f91734c378c2792afe252f77cdbc1b"
    "c2060400a8285a86b983c2f6274e8f0f64edecb3130aacb5efb88b2442416d36b551b41c3c2364c0439220093b88c2688d47e646b5713105"
    "1e295473a662d12c4b16dd1288f342c167216c66b58c711fe788954330415115e133fbad"
)


def unseal(sealed, row_seq=258, rid=RID, vault_id=VAULT_ID):
    return envelope.unseal(CIPHERS, vault_id, sealed, row_seq=row_seq, rid=rid)


def refusal(sealed, **where):
    with pytest.raises(StoreError) as caught:
        unseal(sealed, **where)
    assert caught.value.code == "vault.row_damaged"
    assert "agajyk" not in repr(caught.value)
    return Why(caught.value.details["why"])


def resealed(inner):
    """What somebody who holds the key could write."""
    return KNOWN[:44] + AESGCM(KEY).encrypt(KNOWN[32:44], inner, KNOWN[:32] + VAULT_ID)


def test_a_row_sealed_by_the_first_release_opens():
    """The format is a promise: laptops in the field hold such bytes."""
    assert unseal(KNOWN) == PLAIN
    assert envelope.read_head(KNOWN) == HEAD
    assert hashlib.sha256(envelope.DICTIONARY_1).hexdigest() == (
        "29ddf6114120e93ac32b9403dfc261775a3aba29ec98bf483aa2fe2056198f03"
    )


def test_the_layout_is_what_the_page_says():
    """Somebody with the key and the page, and without this program, can read a row."""
    header, nonce, body = KNOWN[:32], KNOWN[32:44], KNOWN[44:]
    assert header == b"HV\x01\x01" + (7).to_bytes(4) + (258).to_bytes(8) + RID
    inner = AESGCM(KEY).decrypt(nonce, body, header + VAULT_ID)
    length = int.from_bytes(inner[:4])
    assert zlib.decompressobj(-12, envelope.DICTIONARY_1).decompress(inner[4 : 4 + length]) == PLAIN
    assert (len(inner), set(inner[4 + length :])) == (256, {0})


@settings(deadline=None, max_examples=40)
@given(st.text() | st.sampled_from(["", "👶🏽" * 300, unicodedata.normalize("NFD", "Ýagşygeldi")]))
def test_whatever_is_sealed_comes_back_unchanged(text):
    """Names keep their bytes: nothing is normalised, cut or replaced on the way."""
    plain = text.encode("utf-8", "surrogatepass")
    assert unseal(envelope.seal(CIPHERS[7], VAULT_ID, HEAD, plain)) == plain


def test_the_largest_row_fits_and_a_larger_one_is_refused():
    """A row that could not be opened again is never written."""
    largest = bytes(envelope.MAX_PLAIN)
    assert unseal(envelope.seal(CIPHERS[7], VAULT_ID, HEAD, largest)) == largest
    with pytest.raises(ValueError, match="4 MiB"):
        envelope.seal(CIPHERS[7], VAULT_ID, HEAD, largest + b"x")


def test_every_single_flipped_bit_is_refused():
    """A changed weight must never be read as if it had been measured."""
    for bit in range(len(KNOWN) * 8):
        altered = bytearray(KNOWN)
        altered[bit // 8] ^= 1 << bit % 8
        refusal(bytes(altered))


def test_every_truncation_is_refused_without_another_error():
    """Half a row after damage is a damaged row, not a crash."""
    for length in range(len(KNOWN)):
        refusal(KNOWN[:length])


def test_a_row_for_another_place_is_refused():
    """Bound to number, row and vault: a child's record cannot be moved to another child."""
    assert refusal(KNOWN, row_seq=259) is Why.HEADER
    assert refusal(KNOWN, rid=bytes(16)) is Why.HEADER
    assert refusal(KNOWN, vault_id=bytes(16)) is Why.SEAL


def test_an_inflate_bomb_is_capped():
    """Even somebody with the key cannot fill the memory of a 2008 laptop."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -12, zdict=envelope.DICTIONARY_1)
    packed = deflate.compress(bytes(64 * 1024 * 1024)) + deflate.flush()
    inner = len(packed).to_bytes(4) + packed
    inner += bytes(envelope.padded(len(inner)) - len(inner))
    sealed = resealed(inner)
    tracemalloc.start()
    assert refusal(sealed) is Why.CONTENT
    assert tracemalloc.get_traced_memory()[1] < 4 * envelope.MAX_PLAIN
    tracemalloc.stop()


def test_content_of_another_making_is_refused():
    """A length beyond the block, text that is no deflate stream, a filling that is not zero or too long are damage."""
    whole = AESGCM(KEY).decrypt(KNOWN[32:44], KNOWN[44:], KNOWN[:32] + VAULT_ID)
    assert unseal(resealed(whole)) == PLAIN
    for inner in (
        b"\xff\xff\xff\xff" + whole[4:],
        b"\0\0\0\x01\x07" + bytes(251),
        whole[:-1] + b"x",
        whole + bytes(256),
        whole[:3] + bytes([whole[3] + 1]) + whole[4:],
    ):
        assert refusal(resealed(inner)) is Why.CONTENT


def test_sizes_come_in_steps():
    """The size of a row says next to nothing about its kind."""
    sizes = {envelope.padded(size) for size in range(1, 4097)}
    assert sizes == set(range(256, 4097, 256))
    for size in (4097, 5000, 100_000, 4_000_000):
        assert size <= envelope.padded(size) <= size * 1.12
    assert len({envelope.padded(size) for size in range(60_000, 70_000)}) <= 8


def test_no_nonce_is_used_twice():
    """Two rows under one nonce would open each other."""
    sealed = {envelope.seal(CIPHERS[7], VAULT_ID, HEAD, b"{}")[32:44] for _ in range(2000)}
    assert len(sealed) == 2000
