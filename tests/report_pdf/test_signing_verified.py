import io
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from builders_signing import PASSPHRASE, SIGNED_AT, holder
from builders_verification import faults, saved_anew, small_report, verified
from click.testing import CliRunner

from cartaudit.cli import cartaudit, run
from cartaudit.report.signing import sign_report
from cartaudit.verification import State, holds
from cartaudit.verification.fingerprint import document_prints
from cartaudit.verification.signatures import check_signatures

pytest.importorskip("pyhanko")


@pytest.fixture(scope="module")
def signed() -> bytes:
    return sign_report(small_report(), holder().signing_key, "quality-manager", SIGNED_AT)


def told_of(data: bytes, state: State, trust: bytes | None = None) -> str:
    """Give the lines on signatures alone: most of these tests need no audit made again."""
    return "\n".join(check.text for check in check_signatures(data, trust).lines if check.state is state)


def updated(data: bytes, change: Callable[[Any], None]) -> bytes:
    """Add a version to a PDF, as a forger would who leaves the signed bytes alone."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer, out = IncrementalPdfFileWriter(io.BytesIO(data)), io.BytesIO()
    change(writer)
    writer.write(out)
    return out.getvalue()


def cover_first_page(writer: Any) -> None:
    from pyhanko.pdf_utils import generic

    page = writer.root["/Pages"]["/Kids"][0]
    stream = writer.add_object(generic.StreamObject(stream_data=b"q 1 1 1 rg 50 500 400 200 re f Q"))
    page[generic.NameObject("/Contents")] = generic.ArrayObject([page.raw_get("/Contents"), stream])
    writer.update_container(page)


def test_signed_report_holds_and_names_the_signer(signed: bytes) -> None:
    checks = verified(signed)
    assert holds(checks)
    assert checks[-1].state is State.NOTE
    assert checks[-1].text.startswith("Consistent, signed by Dr Ünal Example, Sample University Hospital; whether")


def test_signature_is_called_intact_whole_and_in_time(signed: bytes) -> None:
    told = told_of(signed, State.HOLDS)
    assert "is intact; it states 2026-11-22 14:03 UTC as its time" in told
    assert "covers the whole file" in told
    assert "valid from 2020-01-01 to 2120-01-01, was so at the time stated" in told


def test_signature_is_trusted_where_the_roots_given_issued_its_certificate(signed: bytes) -> None:
    conclusion = verified(signed, holder().issuer_pem)[-1]
    assert conclusion.state is State.HOLDS
    assert conclusion.text.endswith("signed by Dr Ünal Example, Sample University Hospital, as the roots given vouch.")


def test_revocation_is_said_to_be_not_looked_up(signed: bytes) -> None:
    assert "whether it was revoked was not looked up" in told_of(signed, State.HOLDS, holder().issuer_pem)


def test_signature_of_a_stranger_is_not_trusted(signed: bytes) -> None:
    stranger = holder("Somebody Else", root="Another Root")
    assert "does not go back to the roots given" in told_of(signed, State.FAILS, stranger.issuer_pem)


def test_root_of_the_same_name_with_another_key_is_not_trusted(signed: bytes) -> None:
    assert "does not go back to the roots given" in told_of(signed, State.FAILS, holder("Somebody Else").issuer_pem)


def test_unsigned_report_proves_nothing_to_those_who_ask_for_trust() -> None:
    assert "The report is not signed" in faults(small_report(), holder().issuer_pem)


def test_byte_changed_under_a_signature_breaks_it(signed: bytes) -> None:
    place = signed.index(b"/ETSI.CAdES.detached") - 1
    broken = signed[:place] + b"\t" + signed[place + 1 :]
    assert "is broken" in told_of(broken, State.FAILS)


def test_stated_time_changed_under_a_signature_breaks_it(signed: bytes) -> None:
    assert b"20261122140300Z" in signed
    told = told_of(signed.replace(b"20261122140300Z", b"20251122140300Z"), State.FAILS)
    assert "is broken: what it covers was altered after it was signed" in told


def test_page_covered_after_signing_is_named(signed: bytes) -> None:
    told = told_of(updated(signed, cover_first_page), State.FAILS)
    assert "does not cover the whole file" in told
    assert "page 1" in told


def test_page_covered_by_an_addition_to_an_unsigned_report_is_named() -> None:
    assert "content added to a page (page 1 /Contents" in faults(updated(small_report(), cover_first_page))


def test_bytes_after_a_signature_are_counted(signed: bytes) -> None:
    assert "does not cover the whole file: 7 bytes came after." in told_of(signed + b"% note\n", State.FAILS)


def test_signed_report_saved_anew_loses_its_signature(signed: bytes) -> None:
    assert "signature" in told_of(saved_anew(signed, lambda pdf: None), State.FAILS)


def test_second_signature_leaves_the_first_one_standing(signed: bytes) -> None:
    director = holder("Prof. Director")
    both = sign_report(signed, director.signing_key, "programme-director", SIGNED_AT + timedelta(days=1))
    checks = verified(both, holder().issuer_pem + director.issuer_pem)
    assert holds(checks)
    assert any("covers the file up to the next signature; only that was added" in check.text for check in checks)
    assert "Dr Ünal Example, Sample University Hospital and Prof. Director" in checks[-1].text


def test_page_covered_between_two_signatures_is_named(signed: bytes) -> None:
    forged = updated(signed, cover_first_page)
    both = sign_report(forged, holder("Prof. Director").signing_key, "programme-director", SIGNED_AT)
    told = told_of(both, State.FAILS)
    assert "The signature of Dr Ünal Example, Sample University Hospital does not cover" in told


def test_certificate_that_had_expired_when_it_signed_is_named() -> None:
    at = datetime(2020, 6, 1, tzinfo=UTC)
    early = sign_report(small_report(), holder("Old", 2020, 2021).signing_key, "verifier", at)
    late = early.replace(b"20200601000000Z", b"20220601000000Z")
    assert "valid from 2020-01-01 to 2021-01-01, was so" in told_of(early, State.HOLDS)
    assert "not at the time stated" in told_of(late, State.FAILS)


def draw_stamp(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm.Fields[0].AP.N.write(b"q 0 0 1 rg 0 0 90 30 re f Q")


def act(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def retell(pdf: pikepdf.Pdf) -> None:
    for element in pdf.objects:
        if isinstance(element, pikepdf.Dictionary) and element.get("/S") == "/H1":
            element.ActualText = pikepdf.String("READY")


def swap_glyphs(pdf: pikepdf.Pdf) -> None:
    for font in pdf.objects:
        if isinstance(font, pikepdf.Dictionary) and "/FontFile2" in font:
            font.FontFile2.write(b"another font")


@pytest.mark.parametrize(
    ("change", "part"),
    [(draw_stamp, "pages"), (swap_glyphs, "pages"), (act, "/OpenAction"), (retell, "/StructTreeRoot")],
)
def test_fingerprints_tell_what_was_altered_without_touching_the_text(
    change: Callable[[pikepdf.Pdf], None], part: str
) -> None:
    before, after = document_prints(small_report()), document_prints(saved_anew(small_report(), change))
    if part == "pages":
        assert before.pages != after.pages
    else:
        assert before.parts.get(part) != after.parts[part]
        assert before.pages == after.pages


def test_fingerprints_of_a_report_saved_anew_are_the_same() -> None:
    assert document_prints(small_report()) == document_prints(saved_anew(small_report(), lambda pdf: None))


def test_action_added_to_a_report_is_named() -> None:
    assert "an action on opening (/Root/OpenAction)" in faults(saved_anew(small_report(), act))


def test_signature_is_said_to_be_unchecked_without_the_library(signed: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyhanko"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyhanko", None)
    signing = check_signatures(signed, None)
    assert signing.origin == "origin not proven: its signature was not checked"
    assert [line.state for line in signing.lines] == [State.NOT_COMPARED]
    assert "pip install 'cartaudit[sign]'" in signing.lines[0].text


def test_command_verify_takes_roots(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(small_report())
    (tmp_path / "roots.pem").write_bytes(holder("Somebody Else", root="Another Root").issuer_pem)
    arguments = [str(tmp_path / "report.pdf"), "--trust", str(tmp_path / "roots.pem")]
    outcome = CliRunner().invoke(cartaudit, ["verify", *arguments], standalone_mode=False)
    assert outcome.return_value == 1
    assert "no signature leads to the roots given" in outcome.output


def test_roots_that_are_none_are_a_usage_error(
    signed: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "report.pdf").write_bytes(signed)
    (tmp_path / "roots.pem").write_bytes(b"nothing")
    assert run(["verify", str(tmp_path / "report.pdf"), "--trust", str(tmp_path / "roots.pem")]) == 2
    assert "no certificate in PEM" in capsys.readouterr().err


SAMPLE = Path(__file__).parents[2] / "samples" / "03_one_critical_gap.xlsx"


def test_command_report_signs_the_pdf_it_writes(tmp_path: Path) -> None:
    (tmp_path / "key.p12").write_bytes(holder().pkcs12(PASSPHRASE))
    (tmp_path / "phrase").write_bytes(PASSPHRASE + b"\n")
    arguments = ["report", str(SAMPLE), "-c", "england", "--detail", "exceptions", "-q", "-o", str(tmp_path / "r.pdf")]
    signing = ["--sign-with", str(tmp_path / "key.p12"), "--sign-passphrase-file", str(tmp_path / "phrase")]
    assert run([*arguments, *signing, "--sign-as", "programme-director"]) == 1
    with pikepdf.open(tmp_path / "r.pdf") as pdf:
        assert [str(f.T) for f in pdf.Root.AcroForm.Fields if "/V" in f] == ["sig-programme-director"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--sign-certificate", "cert.pem"], "--sign-certificate and --sign-passphrase-file need a key"),
        (["--sign-with", "key.pem"], "key.pem: a PEM key needs its certificate. Name it with --sign-certificate."),
        (["--sign-with", "key.pem", "--sign-certificate", "other.pem"], "other.pem: the certificate does not belong"),
        (["--sign-with", "locked.p12", "--sign-passphrase-file", "wrong"], "locked.p12: cannot be opened; the passph"),
        (["--sign-with", "locked.p12", "--sign-passphrase-file", "blank"], "blank: its first line is empty"),
        (["--sign-with", "old.p12"], "old.p12: the certificate expired on 2021-01-01"),
        (["--sign-with", "key.pem", "--sign-certificate", "cert.pem", "--format", "md"], "--sign-with signs a PDF"),
    ],
)
def test_command_report_names_what_keeps_it_from_signing(
    options: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        "key.pem": holder().key_pem(),
        "cert.pem": holder().certificate_pem,
        "other.pem": holder("Somebody Else").certificate_pem,
        "locked.p12": holder().pkcs12(PASSPHRASE),
        "old.p12": holder("Old", 2020, 2021).pkcs12(),
        "wrong": b"wrong\n",
        "blank": b"\n",
    }
    for name, data in files.items():
        Path(name).write_bytes(data)
    assert run(["report", str(SAMPLE), *options]) == 2
    assert told in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(files)
