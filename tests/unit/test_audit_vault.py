"""Test vectors of payload encryption, and what it refuses to open."""

from __future__ import annotations

import os
import tracemalloc

import pytest
import zstandard

from core.errors import NotFound, UnsafeStart
from core.stores.encryption import vault
from core.stores.encryption.vault import DataKey, Keys, LocalKey

DEK = bytes(range(32))
KEK = bytes(range(32, 64))


async def test_subkeys_mac_cipher_and_wrapping_are_those_of_the_vector() -> None:
    key = DataKey(1, DEK)
    assert (
        vault.derive(DEK, vault.PLAIN_MAC).hex() == "2c3e64046b13f43c5997b3e3431bcca263c7bbebdd27aaac089835189f4f0661"
    )
    assert (
        vault.derive(DEK, vault.ENCRYPTION).hex() == "dfd01dfcc31a12dc11439b543a5c5453ab5f38292c7904158cf7b206290e7141"
    )
    assert key.mac(b"select 1") == "68594882c1fa054d3062567b4f0a92ab35ce8287484194d48c71a917a6eb4b22"
    _, cipher = key.encrypt(b"select 1", b"audit.example.com/assent|p1|c1|sql", bytes(12))
    assert cipher.hex() == "52b0f80ff324521105308ccffcfc5d2ab1b476cd8f55f389"
    wrapped = "c1a9bb689aeab408aa5250b5fa27911a34d09cf2c3c5db0f1a54c6bc2773a21dfe64e0c6d7be9352"
    assert key.wrapped(KEK).hex() == wrapped
    assert await LocalKey(KEK).wrap(DEK) == bytes.fromhex(wrapped)
    assert await LocalKey(KEK).unwrap(bytes.fromhex(wrapped)) == DEK
    with pytest.raises(NotFound):
        await LocalKey(DEK).unwrap(bytes.fromhex(wrapped))


def test_a_payload_opens_at_its_own_place_only() -> None:
    key = DataKey(1, DEK)
    nonce, cipher = key.encrypt(b"x", b"o|p1|c1|result")
    assert key.decrypt(nonce, cipher, b"o|p1|c1|result") == b"x"
    for bound in (b"o|p2|c1|result", b"o|p1|c1|statement", b"o2|p1|c1|result"):
        with pytest.raises(NotFound):
            key.decrypt(nonce, cipher, bound)


def test_a_long_payload_is_sealed_in_chunks_of_which_none_can_be_cut_off_moved_or_left_out() -> None:
    key, bound = DataKey(1, DEK), b"o|p1|c1|question"
    plain = os.urandom(2 * vault.CHUNK + 5)
    nonce, cipher = key.seal(plain, bound)
    step = vault.NONCE + vault.CHUNK + vault.TAG
    one, two, three = cipher[:step], cipher[step : 2 * step], cipher[2 * step :]
    assert nonce == b""
    assert key.unseal(nonce, cipher, bound) == plain
    for bad in (one + two, two + one + three, one + three, one + two + two, one + two + three + three, b"", one[:-1]):
        with pytest.raises(NotFound):
            key.unseal(nonce, bad, bound)
    with pytest.raises(NotFound):
        key.unseal(nonce, cipher, b"o|p2|c1|question")


def test_every_payload_and_every_chunk_of_one_has_a_nonce_of_its_own() -> None:
    """NIST SP 800-38D 8: one nonce twice under a key gives away what differs, and the key of the authentication."""
    key, bound = DataKey(1, DEK), b"o|p1|c1|question"
    nonces = [key.seal(b"the same words", bound)[0] for _ in range(100)]
    _, cipher = key.seal(bytes(3 * vault.CHUNK), bound)
    step = vault.NONCE + vault.CHUNK + vault.TAG
    nonces += [cipher[at : at + vault.NONCE] for at in range(0, len(cipher), step)]
    assert len(set(nonces)) == len(nonces) == 103
    assert {len(one) for one in nonces} == {12}


def test_a_result_of_100_mb_is_cut_at_whole_rows_within_bounded_memory() -> None:
    head, row = b'{"rows":3}\n', os.urandom(48 * 1024 * 1024).replace(b"\n", b"x") + b"\n"
    plain = head + b"[1]\n" + row + row
    tracemalloc.start()
    packed = vault.fit(plain)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert vault.unpack(packed.content) == head + b"[1]\n"
    assert packed.kept == len(head) + 4
    assert peak < 8 * vault.CAP


def test_what_compresses_to_less_than_the_cap_is_kept_whole_and_what_does_not_stays_below_it() -> None:
    dull = b"[1,2,3]\n" * 400_000
    assert vault.fit(dull).kept == len(dull)
    bright = b"".join(os.urandom(3_000).replace(b"\n", b"x") + b"\n" for _ in range(700))
    packed = vault.fit(bright)
    assert 0.8 * vault.CAP < len(packed.content) <= vault.CAP
    assert packed.kept % 3_001 == 0


def test_a_bomb_or_trailing_bytes_do_not_decompress() -> None:
    packed = vault.pack(b"a" * 1000)
    assert vault.unpack(packed) == b"a" * 1000
    unsized = zstandard.ZstdCompressor(write_content_size=False).compress(b"a" * 1000)
    bomb = zstandard.ZstdCompressor().compress(bytes(vault.LARGEST + 1))
    for bad in (packed + b"x", packed[:-1], b"", unsized, bomb):
        with pytest.raises(NotFound):
            vault.unpack(bad)


def test_keys_are_whole_apart_and_never_shown() -> None:
    keys = Keys(questions=b"q" * 32, results=b"r" * 32, signing=b"s" * 32)
    assert "qqq" not in repr(keys)
    with pytest.raises(UnsafeStart, match="same bytes"):
        Keys(questions=b"q" * 32, results=b"q" * 32, signing=b"s" * 32)
    with pytest.raises(UnsafeStart, match="31 bytes"):
        Keys(questions=b"q" * 31, results=b"r" * 32, signing=b"s" * 32)


@pytest.mark.parametrize(
    ("following", "says"),
    [
        ({"questions": b"q" * 32}, "same bytes"),
        ({"questions": b"r" * 32}, "same bytes"),
        ({"mask": b"m" * 32}, r"\[keys.next\] mask stands without the key"),
        ({"questions": b"short"}, r"\[keys.next\] questions is 5 bytes"),
    ],
)
def test_a_new_key_is_whole_and_unlike_every_other(following: dict[str, bytes], says: str) -> None:
    with pytest.raises(UnsafeStart, match=says):
        Keys(questions=b"q" * 32, results=b"r" * 32, next=following)
