"""Checking who signed a report: is the signature intact, does it cover everything, was its certificate valid."""

import asyncio
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cartaudit.errors import SigningError
from cartaudit.report.signing import holder
from cartaudit.report.signing_key import REMEDY, require_signing
from cartaudit.verification.attached import NoReport, read_contents
from cartaudit.verification.checks import Check, State, failed, first_few, held, not_compared, noted, one_line
from cartaudit.verification.fingerprint import document_prints

_BROKEN_DIGESTS = frozenset({"md5", "sha1"})
_SIGNING_USES = frozenset({"digital_signature", "non_repudiation"})
_SIGNING_PURPOSES = frozenset(
    {
        "any_extended_key_usage",
        "email_protection",
        "1.3.6.1.5.5.7.3.36",  # signing documents (RFC 9336)
        "adobe_authentic_documents_trust",
        "microsoft_document_signing",
    }
)
"""Extended key usages of which a certificate that names any must name one to sign documents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What is to be said of the signatures of a report; `origin` completes the conclusion where nothing fails."""

    lines: tuple[Check, ...]
    origin: str
    state: State = State.NOTE


def check_signatures(data: bytes, trust: bytes | None) -> Signing:
    """Check the signatures of a PDF that can be opened. `trust` holds certificates in PEM; SigningError if it does not.

    No network is used: revocation is not looked up, and the time of signing is the one the signer states.
    """
    names = signed_fields(data)
    if not names:
        lines = () if trust is None else (failed("The report is not signed: no signature leads to the roots given."),)
        return Signing(lines=lines, origin="origin not proven: the report is not signed")
    try:
        require_signing()
    except SigningError:
        text = f"The report is signed ({', '.join(names)}), but that needs pyHanko to be checked. {REMEDY}"
        return Signing(
            lines=(not_compared(text) if trust is None else failed(text),),
            origin="origin not proven: its signature was not checked",
        )
    roots = None if trust is None else _read_roots(trust)
    return _checked(data, len(names), roots)


def signed_fields(data: bytes) -> tuple[str, ...]:
    """Name the signature fields that hold a signature."""
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        form: Any = pdf.Root.get("/AcroForm", {})
        fields = form.get("/Fields", []) if hasattr(form, "get") else []
        return tuple(
            str(field.get("/T", "?"))
            for field in fields
            if hasattr(field, "keys") and field.get("/FT") == "/Sig" and "/V" in field
        )


def _read_roots(trust: bytes) -> list[Any]:
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return [x509.Certificate.load(c.public_bytes(Encoding.DER)) for c in load_pem_x509_certificates(trust)]
    except ValueError as error:
        raise SigningError("--trust: no certificate in PEM. Name the file with the roots you trust.") from error


def _checked(data: bytes, count: int, roots: list[Any] | None) -> Signing:
    from cryptography.exceptions import UnsupportedAlgorithm
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        signatures = list(PdfFileReader(io.BytesIO(data)).embedded_regular_signatures)
        if len(signatures) != count:
            raise ValueError("not every signature field holds one")
        lines = [
            line
            for number, signature in enumerate(signatures)
            for line in _judged(data, signature, roots, is_last=number == count - 1)
        ]
    except (PdfError, UnsupportedAlgorithm, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        text = f"The signature cannot be read: {one_line(error)}."
        return Signing(lines=(failed(text),), origin="origin not proven")
    who = " and ".join(dict.fromkeys(_holder(signature) for signature in signatures))
    if roots is None:
        return Signing(lines=tuple(lines), origin=f"signed by {who}; whether {who} is to be trusted was not checked")
    return Signing(lines=tuple(lines), origin=f"signed by {who}, as the roots given vouch", state=State.HOLDS)


def _holder(signature: Any) -> str:
    from cryptography.x509 import load_der_x509_certificate

    return holder(load_der_x509_certificate(signature.signer_cert.dump()))


def _judged(data: bytes, signature: Any, roots: list[Any] | None, *, is_last: bool) -> Iterator[Check]:
    """Judge one signature: intact, covering, in time, and trusted where roots are given."""
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    who, at = _holder(signature), signature.self_reported_timestamp
    signature.compute_integrity_info(skip_diff=True)
    intact, valid = validate_sig_integrity(
        signature.signer_info, signature.signer_cert, "data", signature.compute_digest()
    )
    digest = signature.signer_info["digest_algorithm"]["algorithm"].native
    if not (intact and valid):
        yield failed(f"The signature of {who} is broken: what it covers was altered after it was signed.")
    elif digest in _BROKEN_DIGESTS:
        yield failed(f"The signature of {who} rests on {digest.upper()}, which proves nothing any more.")
    else:
        yield held(f"The signature of {who} ({signature.field_name}) is intact{_stated(at)}.")
    yield _coverage(data, signature, who, is_last=is_last)
    yield _validity(signature.signer_cert, who, at)
    if roots is not None:
        yield _trusted(signature, who, at, roots)


def _stated(at: datetime | None) -> str:
    return f"; it states {at:%Y-%m-%d %H:%M} {at.tzname()} as its time" if at else "; it states no time"


def _coverage(data: bytes, signature: Any, who: str, *, is_last: bool) -> Check:
    """Tell whether a signature covers the file, or all of it but signatures that came later."""
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    if signature.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return held(f"The signature of {who} covers the whole file.")
    end = sum(list(signature.byte_range)[-2:])
    whole_version = signature.coverage == SignatureCoverageLevel.ENTIRE_REVISION
    if whole_version and not is_last and _only_signed(data[:end], data):
        return held(f"The signature of {who} covers the file up to the next signature; only that was added.")
    added = _added(data, signature)
    named = f" (changed or new: {first_few(added, 5)})" if added else ""
    return failed(f"The signature of {who} does not cover the whole file: {len(data) - end} bytes came after{named}.")


def _only_signed(earlier: bytes, later: bytes) -> bool:
    """Tell whether a later version of a file differs by signatures alone.

    pyHanko's own analysis takes every signature into a field of the structure tree for an alteration.
    """
    before = read_contents(earlier)
    after = read_contents(later)
    if isinstance(before, NoReport) or isinstance(after, NoReport) or before.files != after.files:
        return False
    new = set(signed_fields(later)) - set(signed_fields(earlier))
    return document_prints(earlier, new) == document_prints(later, new)


def _added(data: bytes, signature: Any) -> list[str]:
    """Name what later versions of the file changed or added."""
    reader, pages = signature.reader, _page_parts(data)
    names: set[str] = set()
    for revision in range(signature.signed_revision + 1, reader.xrefs.total_revisions):
        for reference in reader.xrefs.explicit_refs_in_revision(revision):
            names.add(pages.get(reference.idnum) or _kind(reader.get_object(reference)))
    return sorted(names - {""})


def _page_parts(data: bytes) -> dict[int, str]:
    """Map the object numbers of pages, and of what they draw, to the page."""
    import pikepdf

    parts: dict[int, str] = {}
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for number, page in enumerate(pdf.pages, start=1):
            contents: Any = page.obj.get("/Contents", [])
            streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
            parts |= {part.objgen[0]: f"page {number}" for part in (page.obj, *streams)}
    return parts


def _kind(value: Any) -> str:
    """Give a word for an object that is not a page."""
    kind = value.get("/Type", "") if hasattr(value, "get") else ""
    words = {
        "/Annot": "a field or note",
        "/Catalog": "the catalogue",
        "/EmbeddedFile": "an embedded file",
        "/Filespec": "an embedded file",
        "/Font": "a font",
        "/Metadata": "the metadata",
        "/Sig": "a signature",
        "/StructElem": "the structure",
    }
    return words.get(kind, "")


def _validity(certificate: Any, who: str, at: datetime | None) -> Check:
    first, last = certificate.not_valid_before, certificate.not_valid_after
    period = f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    if at is None:
        return noted(f"The certificate of {who} is valid from {period}; when it signed is not stated.")
    if first <= at <= last:
        return held(f"The certificate of {who}, valid from {period}, was so at the time stated.")
    return failed(f"The certificate of {who} is valid from {period}, and not at the time stated.")


def _trusted(signature: Any, who: str, at: datetime | None, roots: list[Any]) -> Check:
    """Follow the certificates up to one of the roots, as of the time stated."""
    from pyhanko_certvalidator import CertificateValidator, ValidationContext
    from pyhanko_certvalidator.errors import PathError, ValidationError

    context = ValidationContext(
        trust_roots=roots, allow_fetching=False, moment=at, best_signature_time=at, revocation_mode="soft-fail"
    )
    others = list(signature.other_embedded_certs)
    validator = CertificateValidator(signature.signer_cert, intermediate_certs=others, validation_context=context)
    uses = signature.signer_cert.key_usage_value
    if uses is not None and not _SIGNING_USES & uses.native:
        return failed(f"The certificate of {who} was not issued for signing.")
    purposes = signature.signer_cert.extended_key_usage_value
    if purposes is not None and not _SIGNING_PURPOSES & set(purposes.native):
        told = ", ".join(purpose.replace("_", " ") for purpose in purposes.native)
        return failed(f"The certificate of {who} was issued for other purposes than signing documents: {told}.")
    try:
        asyncio.run(validator.async_validate_path())
    except (PathError, ValidationError) as error:
        return failed(f"The certificate of {who} does not go back to the roots given: {one_line(error)}.")
    return held(f"The certificate of {who} goes back to the roots given; whether it was revoked was not looked up.")
