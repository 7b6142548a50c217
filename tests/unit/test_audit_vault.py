"""Test vectors of payload encryption, and what it refuses to open."""

from __future__ import annotations

import pytest
import zstandard

from core.errors import NotFound, UnsafeStart
from core.stores import vault
from core.stores.vault import DataKey, Keys

DEK = bytes(range(32))
KEK = bytes(range(32, 64))


def test_subkeys_mac_cipher_and_wrapping_are_those_of_the_vector() -> None:
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
    assert vault.unwrap(1, bytes.fromhex(wrapped), KEK).mac(b"select 1") == key.mac(b"select 1")


def test_a_payload_opens_at_its_own_place_only() -> None:
    key = vault.fresh(1)
    nonce, cipher = key.encrypt(b"x", b"o|p1|c1|result")
    assert key.decrypt(nonce, cipher, b"o|p1|c1|result") == b"x"
    for bound in (b"o|p2|c1|result", b"o|p1|c1|statement", b"o2|p1|c1|result"):
        with pytest.raises(NotFound):
            key.decrypt(nonce, cipher, bound)
    with pytest.raises(NotFound):
        vault.unwrap(1, key.wrapped(KEK), DEK)


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
