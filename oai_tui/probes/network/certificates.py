"""Server certificates: read one without trusting it, and check which stores trust it.

Blocking. Nothing is sent after the handshake.
"""

import contextlib
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from oai_tui.probes.network.dialer import Dialer

_MAX_NAMES = 4
"""Names of a certificate that are reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCertificate:
    """A server's certificate.

    `issuer`: the organization, else the common name, of who issued it. `issuer_text`: the whole
    issuer and those of the chain, to identify products. `names`: the hosts it is for. `first`,
    `last`: when it is valid, in UTC.
    """

    issuer: str
    issuer_text: str
    names: tuple[str, ...]
    first: datetime
    last: datetime
    self_signed: bool


def fetch_certificate(dialer: Dialer, limit_s: float) -> ServerCertificate:
    """Read the server's certificate in a handshake that checks nothing.

    Raises OSError (ssl.SSLError included) and ValueError.
    """
    with _handshake(dialer, _unchecked_context(), limit_s, dialer.host) as tls:
        leaf = tls.getpeercert(True)
        if not leaf:
            raise ValueError("no certificate was presented")
        return parse_certificate(leaf, chain_of(tls))


def parse_certificate(leaf: bytes, chain: Sequence[bytes]) -> ServerCertificate:
    """Parse a certificate in DER and the chain it came with. Raises ValueError."""
    from cryptography import x509

    certificate = x509.load_der_x509_certificate(leaf)
    names = [str(name.value) for name in _alternative_names(certificate)]
    if not names:
        common_names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        names = [str(part.value) for part in common_names]
    issuers = [certificate.issuer.rfc4514_string()]
    issuers += [x509.load_der_x509_certificate(der).issuer.rfc4514_string() for der in chain[1:5]]
    parts = {part.rfc4514_attribute_name: str(part.value) for part in certificate.issuer}
    return ServerCertificate(
        issuer=parts.get("O") or parts.get("CN") or "an unnamed issuer",
        issuer_text=" / ".join(issuers),
        names=tuple(names[:_MAX_NAMES]),
        first=certificate.not_valid_before_utc,
        last=certificate.not_valid_after_utc,
        self_signed=certificate.issuer == certificate.subject,
    )


def _alternative_names(certificate: Any) -> Iterator[Any]:
    from cryptography import x509

    with contextlib.suppress(x509.ExtensionNotFound):
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        for name in extension.value:
            if isinstance(name, (x509.DNSName, x509.IPAddress)):
                yield name


def trusted_by(dialer: Dialer, context: Callable[[], ssl.SSLContext], limit_s: float) -> bool:
    """Return True if a store trusts the server's certificate. OSError if that cannot be tested."""
    try:
        with _handshake(dialer, context(), limit_s, dialer.host):
            return True
    except ssl.SSLCertVerificationError:
        return False


def answers_without_name(dialer: Dialer, limit_s: float) -> bool:
    """Return True if a handshake that names no host is answered with TLS, an alert included.

    Raises OSError if the connection is cut or stays silent.
    """
    try:
        with _handshake(dialer, _unchecked_context(), limit_s, None):
            return True
    except ssl.SSLEOFError:
        raise
    except ssl.SSLError as error:
        return "ALERT" in str(error.reason or "")


def _unchecked_context() -> ssl.SSLContext:
    """A context that accepts every certificate: for looking at it, never for sending anything."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@contextlib.contextmanager
def _handshake(
    dialer: Dialer, context: ssl.SSLContext, limit_s: float, name: str | None
) -> Iterator[ssl.SSLSocket]:
    """A TLS connection to the server, closed at the end. `name`: the host that it names."""
    with (
        dialer.open(limit_s) as connection,
        context.wrap_socket(connection, server_hostname=name) as tls,
    ):
        yield tls


def chain_of(tls: Any) -> list[bytes]:
    """Return the certificates that the server sent, in DER, leaf first.

    `tls`: an ssl object or socket. Empty where Python cannot read the chain: the method is public
    since Python 3.13; 3.11 and 3.12 have it on a private object.
    """
    holder = tls if hasattr(tls, "get_unverified_chain") else getattr(tls, "_sslobj", None)
    get_chain = getattr(holder, "get_unverified_chain", None)
    chain = get_chain() if get_chain is not None else None
    return [one if isinstance(one, bytes) else one.public_bytes(2) for one in chain or ()]


def is_public(chain: Sequence[bytes], store: str) -> bool | None:
    """Return True if a PEM file of authorities has the name of an issuer of this chain.

    The names are compared byte for byte. None without a chain or if the file cannot be read.
    A name proves nothing, and need not: the certificate was checked already, and the question is
    only which other stores have an authority for it.
    """
    try:
        text = Path(store).read_bytes()
    except OSError:
        return None
    if not chain:
        return None
    blocks = re.findall(
        rb"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", text, re.DOTALL
    )
    known = b"".join(map(_der, blocks))
    issuers = map(_issuer_of, chain)
    return any(issuer in known for issuer in issuers if issuer)


def _der(block: bytes) -> bytes:
    import binascii

    try:
        return binascii.a2b_base64(block)
    except binascii.Error:
        return b""


def _issuer_of(certificate: bytes) -> bytes:
    """The issuer's name in a certificate's DER, with its tag; empty if it cannot be parsed.

    RFC 5280, 4.1: version, serial number and signature algorithm come before it. Parsed by hand,
    because importing `cryptography.x509` takes 36 ms, which every check would pay.
    """
    try:
        _, start, _ = _element(certificate, 0)
        _, at, _ = _element(certificate, start)
        tag, _, end = _element(certificate, at)
        for _ in range(2 if tag == 0xA0 else 1):
            at = end
            _, _, end = _element(certificate, at)
        _, _, last = _element(certificate, end)
    except IndexError:
        return b""
    return certificate[end:last]


def _element(data: bytes, at: int) -> tuple[int, int, int]:
    """Tag, first and last offset of the contents of the DER element at `at`."""
    length, start = data[at + 1], at + 2
    if length & 0x80:
        size = length & 0x7F
        length, start = int.from_bytes(data[start : start + size]), start + size
    return data[at], start, start + length
