"""The stand-alone verifier: it accepts what the product accepts, and its own Ed25519 is no weaker than a library's."""

from __future__ import annotations

import ast
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core.audit.transparency import note
from core.audit.transparency.note import BadNote, VerifierKey
from core.audit.transparency.tree import leaf
from core.audit.verification import verify_proof
from core.audit.verification.manifest import Growing, manifest
from core.audit.verification.verify_proof import Bad
from tests.unit.test_audit_note import ENTRY, LOG, PROOF, WITNESS, accepts

SCRIPT = Path(verify_proof.__file__)
FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
# RFC 8032 section 7.1, TEST 1 to 3: seed, public key, message, signature.
RFC_8032 = (
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
)
SMALL_ORDER = (
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
)


def ours(key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        return verify_proof.signed(key, signature, message)
    except Bad:
        return False


def theirs(key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def run(*words: str, script: Path = SCRIPT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", str(script), *words], capture_output=True, text=True, check=False)


# ---------------------------------------------------------------- Ed25519


@pytest.mark.parametrize(("seed", "key", "message", "signature"), RFC_8032)
def test_vectors_of_rfc_8032(seed: str, key: str, message: str, signature: str) -> None:
    made = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))
    assert made.public_key().public_bytes_raw().hex() == key
    assert ours(bytes.fromhex(key), bytes.fromhex(signature), bytes.fromhex(message))
    assert not ours(bytes.fromhex(key), bytes.fromhex(signature), bytes.fromhex(message) + b"x")


def test_it_agrees_with_a_library_on_valid_and_broken_signatures() -> None:
    chance = random.Random(8032)  # noqa: S311
    for _ in range(60):
        made = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        key, message = made.public_key().public_bytes_raw(), chance.randbytes(chance.randrange(80))
        signature = made.sign(message)
        assert ours(key, signature, message)
        broken = bytearray(key + signature + message)
        broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        parts = bytes(broken[:32]), bytes(broken[32:96]), bytes(broken[96:])
        assert ours(*parts) == theirs(*parts)


def test_a_scalar_at_or_above_the_order_is_refused() -> None:
    made = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    key, signature = made.public_key().public_bytes_raw(), made.sign(b"m")
    scalar = int.from_bytes(signature[32:], "little")
    for more in range(1, 15):
        if scalar + more * ORDER < 2**256:
            other = signature[:32] + (scalar + more * ORDER).to_bytes(32, "little")
            assert not ours(key, other, b"m")
            assert not theirs(key, other, b"m")


@pytest.mark.parametrize("y", [FIELD, FIELD + 1, FIELD + 18, 2**255 - 1])
def test_a_key_in_a_second_spelling_is_refused(y: int) -> None:
    for sign in (0, 1 << 255):
        raw = (y | sign).to_bytes(32, "little")
        with pytest.raises(Bad):
            verify_proof.point(raw)
        with pytest.raises(BadNote):
            note.verifier(str(VerifierKey(name="a", kind=note.ED25519, key=raw)))


@pytest.mark.parametrize("key", SMALL_ORDER)
def test_a_key_of_small_order_signs_nothing(key: str) -> None:
    raw = bytes.fromhex(key)
    assert not ours(raw, raw + bytes(32), b"m")
    with pytest.raises(BadNote, match="small order"):
        note.verifier(str(VerifierKey(name="a", kind=note.ED25519, key=raw)))


# ---------------------------------------------------------------- proofs


def alone(entry: bytes, proof: bytes, vkey: str = str(LOG), witnesses: tuple[str, ...] = (str(WITNESS),)) -> bool:
    try:
        verify_proof.prove(vkey, entry, proof, list(witnesses))
    except (Bad, ValueError):
        return False
    return True


def test_the_whole_vector_holds_as_a_script_and_costs_no_library(tmp_path: Path) -> None:
    (tmp_path / "entry").write_bytes(ENTRY)
    (tmp_path / "proof").write_bytes(PROOF)
    script = tmp_path / "verify_proof.py"  # away from the product: nothing else can be imported
    script.write_bytes(SCRIPT.read_bytes())
    files = str(tmp_path / "entry"), str(tmp_path / "proof")
    done = run(str(LOG), *files, str(WITNESS), script=script)
    assert (done.returncode, done.stderr) == (0, "")
    assert "the log of 5 that its key signed, and 1 of 1 witnesses" in done.stdout
    (tmp_path / "entry").write_bytes(ENTRY + b" ")
    done = run(str(LOG), *files, script=script)
    assert (done.returncode, done.stdout) == (1, "")
    assert "does not stand" in done.stderr
    assert "VKEY ENTRY PROOF" in run(script=script).stderr
    assert "does not hold" in run("x", "/no/such", "/no/such", script=script).stderr


def test_it_imports_the_standard_library_alone_and_asserts_nothing() -> None:
    tree = ast.parse(SCRIPT.read_text())
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names])
    }
    assert imported <= sys.stdlib_module_names
    assert not any(isinstance(node, ast.Assert) for node in ast.walk(tree))


@pytest.mark.slow
def test_both_verifiers_say_the_same_of_every_altered_proof() -> None:
    chance = random.Random(6962)  # noqa: S311
    for _ in range(400):
        raw = bytearray(PROOF)
        match chance.randrange(5):
            case 0:
                raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
            case 1:
                del raw[chance.randrange(len(raw))]
            case 2:
                raw.insert(chance.randrange(len(raw)), chance.randrange(256))
            case 3:
                lines = PROOF.split(b"\n")
                raw = bytearray(b"\n".join(chance.sample(lines, len(lines))))
            case _:
                at = chance.randrange(len(raw) - 1)
                raw[at], raw[at + 1] = raw[at + 1], raw[at]
        assert alone(ENTRY, bytes(raw)) == accepts(ENTRY, bytes(raw)), bytes(raw)


@pytest.mark.parametrize(
    "change",
    [
        (b"index 3\n", b"index 03\n"),
        (b"index 3\n", b"index +3\n"),
        (b"index 3\n", b"index 3 \n"),
        (b"pE=\n", b"pF=\n"),
        (b"\naudit.example.com/assent\n5", b"\nother.example.com/assent\n5"),
        (b"\n5\n", b"\n5\n\n"),
        (b"lpmAz", b"lpmAA"),
    ],
)
def test_a_second_spelling_is_refused_by_both(change: tuple[bytes, bytes]) -> None:
    raw = PROOF.replace(*change, 1)
    assert raw != PROOF
    assert alone(ENTRY, raw) == accepts(ENTRY, raw)
    assert not alone(ENTRY, raw) or b"lpmAA" in raw  # a rewritten id is a stranger's line: skipped by both


def test_a_checkpoint_of_another_origin_is_refused_by_both_though_the_key_signed_it() -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))  # of the vector's log
    head, _, rest = PROOF.partition(b"\n\n")
    text = rest.partition(b"\n\n")[0].decode() + "\n"
    for origin, holds in ((LOG.name, True), ("other.example.com/assent", False)):
        raw = head + b"\n\n" + note.sign(text.replace(LOG.name, origin), LOG.name, key)
        assert alone(ENTRY, raw, str(LOG), ()) is holds
        assert accepts(ENTRY, raw) is holds


def test_other_keys_and_ids_are_refused() -> None:
    other = note.public(LOG.name, Ed25519PrivateKey.from_private_bytes(b"x" * 32))
    for vkey in (str(other), str(WITNESS), str(LOG).replace("2e0e62e4", "2e0e62e5"), "", str(LOG) + "A"):
        assert not alone(ENTRY, PROOF, vkey, ())
    assert not alone(ENTRY, PROOF, witnesses=(str(LOG),))


# ---------------------------------------------------------------- Sessions


def members() -> list[bytes]:
    return [b'{"n":%d}' % number for number in range(11)]


def test_a_session_is_all_of_its_entries_and_no_others() -> None:
    bodies = members()
    entry = manifest("ses_1", Growing.over((number, leaf(body)) for number, body in enumerate(bodies)))
    said = json.dumps({"kind": "session.manifest", **entry.body}).encode()
    whole = b"".join(body + b"\n" for body in bodies)
    assert verify_proof.whole_session(said, whole) == 11
    for broken in (whole[:-1], whole[8:], whole + bodies[0] + b"\n", whole.replace(b"3", b"4"), b"", b"\n"):
        with pytest.raises(Bad):
            verify_proof.whole_session(said, broken)
    with pytest.raises(Bad, match="twice"):
        verify_proof.whole_session(said.replace(b'"n"', b'"root"'), whole)


def test_the_script_is_short_enough_to_be_read() -> None:
    lines = [line for line in SCRIPT.read_text().splitlines() if line.strip() and not line.strip().startswith("#")]
    assert len(lines) <= 200
