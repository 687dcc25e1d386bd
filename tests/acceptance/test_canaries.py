"""A commissioner, and an anonymised network, see nothing that is not on the list, in any format or attachment."""

import json
from datetime import date
from pathlib import Path

import pytest
from builders_canaries import with_canaries, words_in
from builders_network import request_for

from cartaudit.model.audit import Audit
from cartaudit.network.rolling import RollUp
from cartaudit.network.run import run_batch
from cartaudit.pipeline import FORMATS, AuditOptions, audit_bytes, load_catalogue, render
from cartaudit.resources import data_folder

OPTIONS = AuditOptions(as_of=date(2026, 11, 22), as_of_is_today=False)
ALLOWED = ("declared site_name", "declared site_code", "declared site_address", "Certificates.number")
SAMPLES = ("05_many_gaps", "12_contracted")


@pytest.fixture(scope="module", params=[(SAMPLES[0], True)], ids=["broken"])
def handed_in(request: pytest.FixtureRequest) -> tuple[bytes, dict[str, str]]:
    sample, broken = request.param
    return with_canaries((data_folder("samples") / f"{sample}.xlsx").read_bytes(), broken=broken)


def leaked(data: bytes, places: dict[str, str], allowed: tuple[str, ...] = ALLOWED) -> list[str]:
    return sorted({places[word] for word in words_in(data)} - set(allowed))


def rendered(data: bytes, formats: tuple[str, ...]) -> dict[str, bytes]:
    catalogue = load_catalogue()
    audit = audit_bytes(data, "ZQ9998K.xlsx", catalogue, OPTIONS)
    assert isinstance(audit, Audit)
    return render(audit, catalogue, data, OPTIONS, formats, audience="commissioner")


def test_the_centre_s_own_edition_holds_what_it_wrote(handed_in: tuple[bytes, dict[str, str]]) -> None:
    data, places = handed_in
    catalogue = load_catalogue()
    audit = audit_bytes(data, "a.xlsx", catalogue, OPTIONS)
    found = words_in(render(audit, catalogue, data, OPTIONS, ("json",))["json"])
    assert len(found & places.keys()) > 100


def test_no_word_outside_the_list_is_in_a_commissioner_s_edition(handed_in: tuple[bytes, dict[str, str]]) -> None:
    data, places = handed_in
    places = {**places, "ZQ9998K": "name of the file"}
    assert {form: leaked(out, places) for form, out in rendered(data, FORMATS).items()} == {
        form: [] for form in FORMATS
    }


@pytest.mark.full
@pytest.mark.parametrize("broken", [True, False])
@pytest.mark.parametrize("sample", SAMPLES)
def test_no_word_outside_the_list_is_in_any_commissioner_s_edition(sample: str, broken: bool) -> None:
    data, places = with_canaries((data_folder("samples") / f"{sample}.xlsx").read_bytes(), broken=broken)
    places = {**places, "ZQ9998K": "name of the file"}
    assert {form: leaked(out, places) for form, out in rendered(data, FORMATS).items()} == {
        form: [] for form in FORMATS
    }


def test_an_anonymised_network_holds_no_word_at_all(handed_in: tuple[bytes, dict[str, str]], tmp_path: Path) -> None:
    data, places = handed_in
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "ZQ9998K.xlsx").write_bytes(data)
    (folder / "b.xlsx").write_bytes((data_folder("samples") / "04_incomplete.xlsx").read_bytes())
    out = tmp_path / "out"
    run_batch(request_for(folder, out, roll_up=RollUp(anonymise=True), audience="commissioner"), "never")
    places = {**places, "ZQ9998K": "name of the file"}
    network = {path.name: path.read_bytes() for path in out.iterdir() if path.name.startswith("network.")}
    assert network
    assert {name: leaked(content, places, ()) for name, content in network.items()} == {name: [] for name in network}
    assert json.loads((out / "network.json").read_bytes())
