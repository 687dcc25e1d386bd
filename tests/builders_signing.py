"""Keys and certificates made for one test run; none of them is used anywhere else."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from cartaudit.report.signing_key import SigningKey

SIGNED_AT = datetime(2026, 11, 22, 14, 3, tzinfo=UTC)
PASSPHRASE = b"correct horse"

_USAGES = (
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A private key with its certificate, and the certificate of whoever issued it."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    issuer: x509.Certificate

    @property
    def signing_key(self) -> SigningKey:
        return SigningKey(key=self.key, certificate=self.certificate)

    @property
    def certificate_pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def issuer_pem(self) -> bytes:
        return self.issuer.public_bytes(Encoding.PEM)

    def key_pem(self, passphrase: bytes = b"") -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, _encryption(passphrase))

    def pkcs12(self, passphrase: bytes = b"") -> bytes:
        return pkcs12.serialize_key_and_certificates(
            b"signer", self.key, self.certificate, [self.issuer], _encryption(passphrase)
        )


def _encryption(passphrase: bytes) -> KeySerializationEncryption:
    return BestAvailableEncryption(passphrase) if passphrase else NoEncryption()


@cache
def holder(name: str = "Dr Ünal Example", first: int = 2020, last: int = 2120, root: str = "Example Root") -> Holder:
    """Make a key whose certificate is valid over some years and issued by a root of its own name."""
    root_key, own_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = _certificate(_subject(root), root_key, _subject(root), root_key, (2000, 2130), is_root=True)
    subject = _subject(name, "Sample University Hospital")
    certificate = _certificate(subject, own_key, issuer.subject, root_key, (first, last), is_root=False)
    return Holder(key=own_key, certificate=certificate, issuer=issuer)


def _subject(name: str, organisation: str = "") -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, name)]
    if organisation:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    return x509.Name(parts)


def _certificate(
    subject: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    years: tuple[int, int],
    *,
    is_root: bool,
) -> x509.Certificate:
    usage = dict.fromkeys(_USAGES, False)
    usage |= {"digital_signature": not is_root, "key_cert_sign": is_root, "crl_sign": is_root}
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(years[0], 1, 1))
        .not_valid_after(datetime(years[1], 1, 1))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )
