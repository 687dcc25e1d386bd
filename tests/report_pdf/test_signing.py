import io
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import outloud
import pikepdf
import pytest
from builders_signing import PASSPHRASE, SIGNED_AT, Holder, holder

from cartaudit.errors import SigningError
from cartaudit.report.pdf_text import page_texts
from cartaudit.report.signing import sign_report
from cartaudit.report.signing_key import read_key, require_valid
from cartaudit.report.stamp import stamp_font, stamp_form

NAME = "sig-quality-manager"


def refuse() -> bytes:
    raise AssertionError("asked for a passphrase that is not needed")


@pytest.fixture(scope="module")
def signed(report_pdf: bytes) -> bytes:
    return sign_report(report_pdf, holder().signing_key, "quality-manager", SIGNED_AT)


def field(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return next(f for f in pdf.Root.AcroForm.Fields if f.T == NAME)


def test_signing_only_adds_to_the_file(report_pdf: bytes, signed: bytes) -> None:
    assert signed.startswith(report_pdf)


def test_signature_is_in_the_field_of_the_signer(signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        value = field(pdf).V
        assert str(value.SubFilter) == "/ETSI.CAdES.detached"
        assert str(value.M).startswith("D:20261122140300")


def test_signature_covers_the_whole_file(signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        start, first, second, rest = (int(n) for n in field(pdf).V.ByteRange)
    assert (start, second + rest) == (0, len(signed))
    assert signed[first : first + 1] + signed[second - 1 : second] == b"<>"


def test_field_shows_who_signed_and_when(signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        page = next(page for page in pdf.pages if any(a.get("/T") == NAME for a in page.obj.get("/Annots", [])))
        page.contents_add(b"/Stamp Do")
        page.contents_coalesce()
        page.resources.XObject = pikepdf.Dictionary(Stamp=field(pdf).AP.N)
        out = io.BytesIO()
        number = page.index
        pdf.save(out)
    text = page_texts(out.getvalue())[number]
    assert text.endswith("SignedelectronicallybyDrÜnalExample,SampleUniversityHospital2026-11-2214:03UTC")


def test_screen_reader_is_told_who_signed(signed: bytes) -> None:
    told = "Signature: quality manager, signed electronically by Dr Ünal Example, Sample University Hospital on "
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        widget = field(pdf)
        numbers = pdf.Root.StructTreeRoot.ParentTree.Nums
        element = next(numbers[i + 1] for i in range(0, len(numbers), 2) if numbers[i] == widget.StructParent)
        assert (str(element.S), str(element.Alt), str(widget.TU)) == (
            "/Form",
            told + "2026-11-22 14:03 UTC",
            element.Alt,
        )


def test_font_of_the_stamp_is_embedded_as_archives_want_it(signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        font = field(pdf).AP.N.Resources.Font.F1
        descendant = font.DescendantFonts[0]
        assert len(descendant.FontDescriptor.FontFile2.read_bytes()) == descendant.FontDescriptor.FontFile2.Length1
        assert str(descendant.CIDToGIDMap) == "/Identity"
        assert "/ToUnicode" in font


def test_signed_report_is_a_sound_pdf(signed: bytes, tmp_path: Path) -> None:
    (tmp_path / "signed.pdf").write_bytes(signed)
    with pikepdf.open(tmp_path / "signed.pdf", attempt_recovery=False) as pdf:
        assert pdf.check_pdf_syntax() == []


def test_outloud_finds_no_error_in_a_signed_report(signed: bytes, tmp_path: Path) -> None:
    (tmp_path / "signed.pdf").write_bytes(signed)
    findings = outloud.check(tmp_path / "signed.pdf").findings
    assert [f.message for f in findings if str(f.severity).lower().endswith("error")] == []


def test_metadata_and_claims_of_a_signed_report_stay(report_pdf: bytes, signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(report_pdf)) as before, pikepdf.open(io.BytesIO(signed)) as after:
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert after.attachments["workbook.xlsx"].get_file().read_bytes() == b"PK workbook"


def test_two_signings_differ_in_the_signature_alone(report_pdf: bytes) -> None:
    def without_contents(data: bytes) -> bytes:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            _, first, second, _ = (int(n) for n in field(pdf).V.ByteRange)
        return data[:first] + data[second:]

    one, two = (sign_report(report_pdf, holder().signing_key, "quality-manager", SIGNED_AT) for _ in range(2))
    assert without_contents(one) == without_contents(two)


def test_field_that_is_signed_already_is_not_signed_again(signed: bytes) -> None:
    with pytest.raises(SigningError, match="no empty signature field 'sig-quality-manager'"):
        sign_report(signed, holder().signing_key, "quality-manager", SIGNED_AT)


def test_report_without_the_field_is_not_signed(report_pdf: bytes) -> None:
    with pytest.raises(SigningError, match="needs an element with this id"):
        sign_report(report_pdf, holder().signing_key, "verifier", SIGNED_AT)


@pytest.mark.parametrize(
    "name", ["日本 病院", "x" * 300, "A name of very many short words that go on and on " * 6, "‮gnp.exe \U0001f600"]
)
def test_stamp_shows_any_name_inside_its_field(name: str) -> None:
    form, font = stamp_form(("Signed electronically by", name, "2026-11-22 14:03 UTC"), 113, 48)
    lines = [line for line in form.data.decode("ascii").splitlines() if line.startswith("<")]
    size = float(form.data.split(b"/F1 ")[1].split()[0])
    widths = {glyph: font.widths[c] for c, glyph in font.glyphs.items()}
    for line in lines:
        code = line[1 : line.index(">")]
        width = sum(widths[int(code[i : i + 4], 16)] for i in range(0, len(code), 4)) * size / 1000
        assert width <= 113 - 6
    assert 0 < len(lines) * size * 1.25 <= 48


def test_same_characters_give_the_same_font() -> None:
    assert stamp_font("abc") == stamp_font("cba")


@pytest.mark.parametrize("passphrase", [b"", PASSPHRASE])
def test_pkcs12_key_is_read(passphrase: bytes) -> None:
    ask: Callable[[], bytes] = (lambda: passphrase) if passphrase else refuse
    key = read_key(holder().pkcs12(passphrase), "key.p12", None, "", ask)
    assert key.certificate == holder().certificate
    assert key.chain == (holder().issuer,)


@pytest.mark.parametrize("passphrase", [b"", PASSPHRASE])
def test_pem_key_is_read_with_its_certificate(passphrase: bytes) -> None:
    ask: Callable[[], bytes] = (lambda: passphrase) if passphrase else refuse
    chain = holder().issuer_pem + holder().certificate_pem
    key = read_key(holder().key_pem(passphrase), "key.pem", chain, "cert.pem", ask)
    assert (key.certificate, key.chain) == (holder().certificate, (holder().issuer,))


def test_pem_file_may_hold_key_and_certificate() -> None:
    key = read_key(holder().key_pem() + holder().certificate_pem, "both.pem", None, "", refuse)
    assert key.certificate == holder().certificate


def other() -> Holder:
    return holder("Somebody Else")


FAULTS = [
    (lambda: b"hello", None, "key.p12: neither PKCS#12 nor PEM. Name the file that holds the key"),
    (lambda: b"\x30\x03abc", None, "key.p12: cannot be opened; the passphrase is wrong or the file is damaged"),
    (lambda: holder().pkcs12(b"another"), None, "key.p12: cannot be opened; the passphrase is wrong"),
    (lambda: holder().pkcs12(), lambda: holder().certificate_pem, "key.p12: a PKCS#12 file holds its certificate"),
    (lambda: holder().key_pem(), None, "key.p12: a PEM key needs its certificate. Name it with --sign-certificate"),
    (lambda: holder().key_pem(b"another"), lambda: holder().certificate_pem, "key.p12: the passphrase is wrong"),
    (lambda: holder().key_pem(), lambda: other().certificate_pem, "cert.pem: the certificate does not belong to the"),
    (lambda: holder().key_pem(), lambda: b"nothing", "cert.pem: no certificate in PEM"),
    (lambda: holder().certificate_pem, None, "key.p12: no private key in PEM can be read from it"),
    (
        lambda: holder().key_pem(),
        lambda: b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "cert.pem: the certificate is damaged",
    ),
]


@pytest.mark.parametrize(("key", "certificate", "told"), FAULTS, ids=[told[:60] for _, _, told in FAULTS])
def test_key_that_cannot_sign_is_refused_in_one_line(
    key: Callable[[], bytes], certificate: Callable[[], bytes] | None, told: str
) -> None:
    with pytest.raises(SigningError) as refused:
        read_key(key(), "key.p12", certificate() if certificate else None, "cert.pem", lambda: b"wrong")
    assert str(refused.value).startswith(told)
    assert "\n" not in str(refused.value)


def test_certificate_that_expired_does_not_sign() -> None:
    with pytest.raises(SigningError, match=r"^old.p12: the certificate expired on 2021-01-01\. Ask"):
        require_valid(holder("Old", 2020, 2021).signing_key, "old.p12", SIGNED_AT)


def test_certificate_that_is_not_yet_valid_does_not_sign() -> None:
    with pytest.raises(SigningError, match="valid from 2030-01-01 only"):
        require_valid(holder("New", 2030, 2031).signing_key, "new.p12", datetime(2026, 1, 1, tzinfo=UTC))


def test_missing_library_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch, report_pdf: bytes) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyhanko"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyhanko", None)
    with pytest.raises(SigningError, match=r"pip install 'cartaudit\[sign\]'"):
        sign_report(report_pdf, holder().signing_key, "quality-manager", SIGNED_AT)
