"""Server certificates with one flaw, signed by a private certificate authority.

Keys and files are written to the caller's folder and are worthless outside a simulation.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate, CertificateBuilder, Name

Flaw = Literal["none", "expired", "not-yet-valid", "wrong-name"]
_VALID_DAYS = {"none": (-1, 7), "expired": (-9, -1), "not-yet-valid": (1, 7), "wrong-name": (-1, 7)}
"""The first and last day of the server certificate's validity, counted from today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """Paths of PEM files: the authority, and the server's certificate and key."""

    authority: Path
    certificate: Path
    key: Path


def make_certificates(folder: Path, flaw: Flaw) -> Certificates:
    """Write an authority and a server certificate with this flaw into `folder`.

    The certificate is for the loopback names of this machine; for wrong-name, it is for another
    host.
    """
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    authority_key = ec.generate_private_key(ec.SECP256R1())
    server_key = ec.generate_private_key(ec.SECP256R1())
    authority = _authority(authority_key)
    server = _server(server_key, authority, authority_key, flaw)
    paths = Certificates(
        authority=folder / "authority.pem",
        certificate=folder / "server.pem",
        key=folder / "server.key",
    )
    paths.authority.write_bytes(authority.public_bytes(Encoding.PEM))
    paths.certificate.write_bytes(server.public_bytes(Encoding.PEM))
    paths.key.touch(mode=0o600)
    paths.key.write_bytes(
        server_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return paths


def _name(common: str) -> "Name":
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example Works TLS Inspection"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _builder(
    subject: "Name", issuer: "Name", key: "EllipticCurvePrivateKey", days: tuple[int, int]
) -> "CertificateBuilder":
    from cryptography import x509

    today = datetime.now(UTC)
    first, last = (today + timedelta(days=count) for count in days)
    return x509.CertificateBuilder(
        issuer, subject, key.public_key(), x509.random_serial_number(), first, last
    ).add_extension(
        x509.SubjectKeyIdentifier.from_public_key(key.public_key()),
        critical=False,
    )


def _authority(key: "EllipticCurvePrivateKey") -> "Certificate":
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256

    name = _name("Example Works Root CA")
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    # valid for longer than the server's certificate, which must be the only flawed one
    builder = _builder(name, name, key, (-365, 365))
    return (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, SHA256())
    )


def _server(
    key: "EllipticCurvePrivateKey",
    authority: "Certificate",
    authority_key: "EllipticCurvePrivateKey",
    flaw: Flaw,
) -> "Certificate":
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509.oid import ExtendedKeyUsageOID

    loopback: list[x509.GeneralName] = [
        x509.DNSName("localhost"),
        x509.IPAddress(ip_address("127.0.0.1")),
    ]
    names = [x509.DNSName("intranet.example.com")] if flaw == "wrong-name" else loopback
    builder = _builder(
        _name("intranet.example.com" if flaw == "wrong-name" else "localhost"),
        authority.subject,
        key,
        _VALID_DAYS[flaw],
    )
    extensions: tuple[tuple[x509.ExtensionType, bool], ...] = (
        (x509.SubjectAlternativeName(names), False),
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), False),
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(authority_key, SHA256())
