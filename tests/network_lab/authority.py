"""Certificates for tests: an authority that no store knows, and certificates with one flaw each."""

import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import trustme

DAYS = {"valid": (-1, 7), "expired": (-9, -1), "not yet valid": (1, 7)}
ISSUER = "Example Inspection Works"


@cache
def authority() -> trustme.CA:
    """The authority of all server certificates."""
    return trustme.CA(organization_name=ISSUER)


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="oai-tui-lab-")


@cache
def trusted() -> str:
    """A PEM file that holds the authority."""
    path = Path(_folder().name) / "authority.pem"
    authority().cert_pem.write_to_path(str(path))
    return str(path)


@cache
def another() -> str:
    """A PEM file that holds another authority: an outdated bundle."""
    path = Path(_folder().name) / "another.pem"
    trustme.CA(organization_name="Example Works of Last Year").cert_pem.write_to_path(str(path))
    return str(path)


@cache
def garbage() -> str:
    """A file without any certificate."""
    path = Path(_folder().name) / "garbage.pem"
    path.write_text("this is not a certificate\n", "utf-8")
    return str(path)


@cache
def signing() -> tuple[str, str]:
    """Certificate and key of an authority, as files, for a proxy that signs certificates itself."""
    made = trustme.CA(
        organization_name="Zscaler Inc.",
        organization_unit_name="Zscaler Inc.",
        key_type=trustme.KeyType.RSA,
    )
    certificate, key = (Path(_folder().name) / name for name in ("signing.pem", "signing.key"))
    made.cert_pem.write_to_path(str(certificate))
    made.private_key_pem.write_to_path(str(key))
    return str(certificate), str(key)


def tls(name: str, when: str = "valid") -> ssl.SSLContext:
    """A server's context with a certificate for `name`. `when`: a key of DAYS."""
    first, last = (datetime.now(UTC) + timedelta(days=count) for count in DAYS[when])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert(name, not_before=first, not_after=last).configure_cert(context)
    return context
