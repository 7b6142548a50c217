"""`[saml.NAME]`: whose answers are believed, by which key; what is weaker, or names nobody, starts nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from core.errors import SettingsError
from tests.settings_files import loaded

SAML = """
[saml.corp]
entity = "https://idp.example.com/saml"
url = "https://idp.example.com/sso"
certificate = "idp.pem"
directory = "corp"
"""


def certified(folder: Path, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> None:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    folder.joinpath("idp.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))


def refused(folder: Path, more: str = SAML) -> str:
    with pytest.raises(SettingsError) as error:
        loaded(folder, more=more)
    return str(error.value)


def test_a_provider_is_believed_by_its_certificate(tmp_path: Path) -> None:
    certified(tmp_path, rsa.generate_private_key(public_exponent=65537, key_size=2048))
    (one,) = loaded(tmp_path, more=SAML).console.saml
    assert (one.name, one.issuer.issuer) == ("corp", "https://idp.example.com/saml")
    assert "issuers of acme share it" in refused(tmp_path, SAML.replace('"corp"', '"acme"'))
    loaded(tmp_path, more=SAML.replace('"corp"', '"acme"') + 'person = "objectid"\n')


def test_a_key_that_is_too_weak_or_of_another_kind_refuses_start(tmp_path: Path) -> None:
    for key in (
        rsa.generate_private_key(public_exponent=65537, key_size=1024),  # noqa: S505 - it is refused
        ec.generate_private_key(ec.SECP256R1()),
    ):
        certified(tmp_path, key)
        assert "its key is no RSA of 2048 to 8192 bits" in refused(tmp_path)
    tmp_path.joinpath("idp.pem").write_text("-----BEGIN CERTIFICATE-----\n")
    assert "no PEM certificate" in refused(tmp_path)
