"""Reading the key a report is signed with: PKCS#12, or PEM with its certificate; every fault in one line."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cartaudit.errors import SigningError

REMEDY = "Run: pip install 'cartaudit[sign]'."
_PEM = b"-----BEGIN"
_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A private key, the certificate that names its holder, and certificates between that and a root."""

    key: Any
    certificate: Any
    chain: tuple[Any, ...] = ()


Passphrase = Callable[[], bytes]
"""Asks for the passphrase; called only where a key is protected by one."""


def require_signing() -> None:
    """Stop where the libraries that sign are not installed; raises SigningError with the remedy."""
    try:
        import pyhanko.sign  # noqa: F401, installed together with cryptography
    except ImportError as error:
        raise SigningError(f"Signing needs pyHanko, which is not installed. {REMEDY}") from error


def read_key(data: bytes, name: str, certificate: bytes | None, certificate_name: str, ask: Passphrase) -> SigningKey:
    """Read a key file and, for PEM, its certificate file (`certificate` may stand in the key file too).

    Raises SigningError that names the file, the fault and the remedy.
    """
    require_signing()
    if _PEM not in data:
        if certificate is not None:
            raise SigningError(f"{name}: a PKCS#12 file holds its certificate. Leave --sign-certificate out.")
        return _read_pkcs12(data, name, ask)
    text, source = (certificate, certificate_name) if certificate is not None else (data, name)
    if _CERTIFICATE not in text:
        if certificate is not None:
            raise SigningError(f"{source}: no certificate in PEM. Name the one that belongs to the key.")
        raise SigningError(f"{name}: a PEM key needs its certificate. Name it with --sign-certificate.")
    key = _read_pem_key(data, name, ask)
    certificates = _read_pem_certificates(text, source)
    own = [c for c in certificates if _fits(key, c)]
    if not own:
        raise SigningError(f"{source}: the certificate does not belong to the key in {name}. Name the one that does.")
    return SigningKey(key=key, certificate=own[0], chain=tuple(c for c in certificates if c is not own[0]))


def _read_pkcs12(data: bytes, name: str, ask: Passphrase) -> SigningKey:
    from cryptography.hazmat.primitives.serialization import pkcs12

    if not data.startswith(b"\x30"):
        raise SigningError(f"{name}: neither PKCS#12 nor PEM. Name the file that holds the key (.p12, .pfx or .pem).")
    try:
        held = pkcs12.load_pkcs12(data, None)
    except ValueError:
        try:
            held = pkcs12.load_pkcs12(data, ask())
        except ValueError as error:
            raise SigningError(
                f"{name}: cannot be opened; the passphrase is wrong or the file is damaged. Try the passphrase again."
            ) from error
    if held.key is None or held.cert is None:
        lacking = "private key" if held.key is None else "certificate that belongs to its key"
        raise SigningError(f"{name}: holds no {lacking}. Export it anew with key and certificate.")
    certificate = held.cert.certificate
    if not _fits(held.key, certificate):
        raise SigningError(f"{name}: the certificate does not belong to the key. Export both anew.")
    return SigningKey(
        key=held.key, certificate=certificate, chain=tuple(other.certificate for other in held.additional_certs)
    )


def _read_pem_key(data: bytes, name: str, ask: Passphrase) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        return load_pem_private_key(data, None)
    except TypeError:
        protected = True
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SigningError(f"{name}: no private key in PEM can be read from it. Name the file of the key.") from error
    try:
        return load_pem_private_key(data, ask() if protected else None)
    except (ValueError, TypeError) as error:
        raise SigningError(f"{name}: the passphrase is wrong. Try it again.") from error


def _read_pem_certificates(data: bytes, name: str) -> list[Any]:
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return list(load_pem_x509_certificates(data))
    except ValueError as error:
        raise SigningError(f"{name}: the certificate is damaged. Export it anew as PEM.") from error


def _fits(key: Any, certificate: Any) -> bool:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    kind = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    public: bytes = key.public_key().public_bytes(*kind)
    return bool(public == certificate.public_key().public_bytes(*kind))


def require_valid(key: SigningKey, name: str, at: datetime) -> None:
    """Stop where a certificate is not valid at some moment (with its time zone); raises SigningError."""
    first, last = key.certificate.not_valid_before_utc, key.certificate.not_valid_after_utc
    if at > last:
        raise SigningError(f"{name}: the certificate expired on {last:%Y-%m-%d}. Ask whoever issued it for a new one.")
    if at < first:
        raise SigningError(
            f"{name}: the certificate is valid from {first:%Y-%m-%d} only. Check the clock, or sign from that day on."
        )
