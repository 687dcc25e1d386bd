"""Signing a finished report into one of its signature fields, as an addition that changes nothing else."""

import asyncio
import hashlib
import io
from datetime import UTC, datetime
from typing import Any

from cartaudit.errors import SigningError
from cartaudit.report.archival import SIGNATURE_PREFIX
from cartaudit.report.signing_key import SigningKey, require_signing, require_valid
from cartaudit.report.stamp import add_font, stamp_form

SIGNERS = ("quality-manager", "programme-director", "verifier")
"""Who can sign: the fields that a report has, without their prefix."""

_DIGEST = "sha256"
_ID_BYTES = 16
_STEP = 2048
"""Room for a signature comes in steps, because the length of some kinds varies by a few bytes."""


def sign_report(pdf: bytes, key: SigningKey, signer: str, at: datetime) -> bytes:
    """Sign a report as one of SIGNERS at some moment (with its time zone); the bytes of `pdf` stay as they are.

    No time stamp and no proof of revocation is fetched: signing needs no network. Raises SigningError.
    """
    require_signing()
    require_valid(key, "The signing key", at)
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.general import SigningError as PyHankoError

    moment = at.astimezone(UTC).replace(microsecond=0)
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        widget = _field(writer, SIGNATURE_PREFIX + signer)
        _show(writer, widget, key, moment)
        _keep_apart(writer, pdf, moment)
        return asyncio.run(_sign(writer, key, SIGNATURE_PREFIX + signer, moment))
    except (PdfError, PyHankoError, ValueError) as error:
        raise SigningError(f"The report could not be signed: {error}. Use another key, or report this.") from error


def holder(certificate: Any) -> str:
    """Name the holder of a certificate in one line: common name and organisation, else the whole subject."""
    from cryptography.x509.oid import NameOID

    parts = [certificate.subject.get_attributes_for_oid(o) for o in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)]
    named = ", ".join(str(part[0].value) for part in parts if part)
    return " ".join((named or certificate.subject.rfc4514_string()).split())


def _field(writer: Any, name: str) -> Any:
    """Find an empty signature field."""
    form = writer.root.get("/AcroForm", {})
    for reference in form.get("/Fields", []):
        field = reference.get_object()
        if field.get("/T") == name and field.get("/FT") == "/Sig" and "/V" not in field:
            return field
    raise SigningError(f"The report has no empty signature field '{name}'. Its template needs an element with this id.")


def _show(writer: Any, widget: Any, key: SigningKey, at: datetime) -> None:
    """Draw who signed and when into the field, and say the same to those who listen."""
    from pyhanko.pdf_utils import generic

    x1, y1, x2, y2 = (float(value) for value in widget["/Rect"])
    name = holder(key.certificate)
    lines = ("Signed electronically by", name, f"{at:%Y-%m-%d %H:%M} UTC")
    form, font = stamp_form(lines, round(x2 - x1, 2), round(y2 - y1, 2))
    fonts = generic.DictionaryObject({generic.NameObject("/F1"): add_font(writer, font)})
    form["/Resources"] = generic.DictionaryObject({generic.NameObject("/Font"): fonts})
    widget["/AP"] = generic.DictionaryObject({generic.NameObject("/N"): writer.add_object(form)})
    writer.update_container(widget)
    if any("/V" in reference.get_object() for reference in writer.root["/AcroForm"]["/Fields"]):
        return  # against an earlier signature, anything but the new one counts as an alteration
    told = f"{widget['/TU']}, signed electronically by {name} on {at:%Y-%m-%d %H:%M} UTC"
    widget["/TU"] = generic.pdf_string(told)
    element = _element(writer, widget)
    element["/Alt"] = generic.pdf_string(told)
    writer.update_container(element)


def _element(writer: Any, widget: Any) -> Any:
    """Find the structure element of a field by way of the parent tree, which the finisher writes as one flat list."""
    pairs = writer.root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    number = widget["/StructParent"]
    return next(pairs[i + 1] for i in range(0, len(pairs), 2) if pairs[i] == number)


def _keep_apart(writer: Any, pdf: bytes, at: datetime) -> None:
    """Keep chance and the clock out of the new version.

    pyHanko draws its identifier by lot, and writes the metadata anew, dated now and in a form of its own. Both can only
    be changed by attributes it does not document, so their being there is checked.
    """
    from pyhanko.pdf_utils import generic

    if not (hasattr(writer, "_document_id") and hasattr(writer, "_update_meta")):
        raise SigningError("This pyHanko is not the one that cartaudit knows. Run: pip install 'cartaudit[sign]'.")
    identifier = hashlib.sha256(pdf + at.isoformat().encode()).digest()[:_ID_BYTES]
    writer._document_id[1] = generic.ByteStringObject(identifier)
    writer._update_meta = lambda: None


async def _sign(writer: Any, key: SigningKey, field: str, at: datetime) -> bytes:
    """Go through pyHanko's steps one by one, because only so the moment can be given from outside."""
    from pyhanko.sign.ades.api import CAdESSignedAttrSpec
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
    from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner
    from pyhanko.stamp.noop import NoOpStampStyle

    metadata = PdfSignatureMetadata(
        field_name=field, md_algorithm=_DIGEST, subfilter=SigSeedSubFilter.PADES, name=holder(key.certificate)
    )
    signer = PdfSigner(metadata, _simple_signer(key), stamp_style=NoOpStampStyle())
    session = signer.init_signing_session(writer, existing_fields_only=True)
    session.system_time = at
    needed = await session.estimate_signature_container_size(None, tight=False)
    prepared = session.prepare_tbs_document(None, -(-needed // _STEP) * _STEP)
    digest, output = prepared.digest_tbs_document()
    attributes = PdfCMSSignedAttributes(signing_time=at, cades_signed_attrs=CAdESSignedAttrSpec())
    done = await prepared.perform_signature(digest.document_digest, attributes)
    await done.post_signature_processing(output)
    output.seek(0)
    signed: bytes = output.read()
    return signed


def _simple_signer(key: SigningKey) -> Any:
    from asn1crypto import keys, x509
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.sign.signers.pdf_cms import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    store = SimpleCertificateStore()
    store.register_multiple([x509.Certificate.load(c.public_bytes(Encoding.DER)) for c in key.chain])
    private = key.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(
        signing_cert=x509.Certificate.load(key.certificate.public_bytes(Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=store,
    )
