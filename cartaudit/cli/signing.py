"""Options for signing a report, and reading the key they name before any work is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from cartaudit.errors import SigningError

if TYPE_CHECKING:
    from cartaudit.report.signing_key import SigningKey

_Function = TypeVar("_Function", bound=Callable[..., Any])
_File = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A key that is ready to sign, and as whom it signs."""

    key: "SigningKey"
    signer: str

    def sign(self, pdf: bytes) -> bytes:
        """Sign a report now."""
        from cartaudit.report.signing import sign_report

        return sign_report(pdf, self.key, self.signer, datetime.now(UTC))


def signing_options(function: _Function) -> _Function:
    """Add the options that name a key."""
    for decorate in reversed(
        (
            click.option("--sign-with", type=_File, metavar="KEY", help="Sign the PDF with this PKCS#12 or PEM key."),
            click.option(
                "--sign-certificate", type=_File, metavar="CERT.pem", help="The certificate of a PEM key, as PEM."
            ),
            click.option(
                "--sign-passphrase-file",
                type=_File,
                metavar="FILE",
                help="Read the key's passphrase from the first line of this file instead of asking for it.",
            ),
            click.option(
                "--sign-as",
                type=click.Choice(["quality-manager", "programme-director", "verifier"]),
                default="quality-manager",
                show_default=True,
                help="The signature field to sign.",
            ),
        )
    ):
        function = decorate(function)
    return function


def read_signature(
    sign_with: Path | None, certificate: Path | None, passphrase_file: Path | None, sign_as: str
) -> Signature | None:
    """Read the key that signs; None where none is named. Raises SigningError, click.UsageError."""
    if sign_with is None:
        if certificate or passphrase_file:
            raise click.UsageError("--sign-certificate and --sign-passphrase-file need a key. Name it by --sign-with.")
        return None
    from cartaudit.report.signing_key import read_key, require_valid

    def ask() -> bytes:
        if passphrase_file is None:
            answer: str = click.prompt(f"Passphrase of {sign_with}", hide_input=True, err=True)
            return answer.encode("utf-8")
        lines = passphrase_file.read_bytes().splitlines()
        if not lines or not lines[0]:
            raise SigningError(f"{passphrase_file}: its first line is empty. Write the passphrase there.")
        return lines[0]

    key = read_key(
        sign_with.read_bytes(),
        str(sign_with),
        certificate.read_bytes() if certificate else None,
        str(certificate),
        ask,
    )
    require_valid(key, str(certificate or sign_with), datetime.now(UTC))
    return Signature(key=key, signer=sign_as)
