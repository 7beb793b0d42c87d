"""Certificates: the one that is shown, read without trusting it, and what the stores of this machine make of it. Blocking; no byte is sent after the handshake."""

import contextlib
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from oai_tui.probes.network.dialer import Dialer

_MOST_NAMES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCertificate:
    """A server's certificate. `issuer`: organization, else common name, of who issued it; `issuer_text`: the whole issuer and that of the chain, for recognising products. `names`: whom it is for. `first`, `last`: when it is valid, UTC."""

    issuer: str
    issuer_text: str
    names: tuple[str, ...]
    first: datetime
    last: datetime
    self_signed: bool


def fetch_certificate(way: Dialer, limit_s: float) -> ServerCertificate:
    """The certificate at the other end, read in a handshake that checks nothing. OSError (ssl.SSLError among them), ValueError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with _shaken(way, context, limit_s, way.host) as tls:
        leaf = tls.getpeercert(True)
        if not leaf:
            raise ValueError("no certificate was shown")
        return parse_certificate(leaf, chain_of(tls))


def parse_certificate(leaf: bytes, chain: Sequence[bytes]) -> ServerCertificate:
    """A certificate in DER and the chain it came with; ValueError when it is none."""
    from cryptography import x509

    made = x509.load_der_x509_certificate(leaf)
    names = [str(name.value) for name in _alternatives(made)] or [
        str(part.value) for part in made.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    ]
    more = [x509.load_der_x509_certificate(der).issuer.rfc4514_string() for der in chain[1:5]]
    flat = {part.rfc4514_attribute_name: str(part.value) for part in made.issuer}
    return ServerCertificate(
        issuer=flat.get("O") or flat.get("CN") or "nobody it names",
        issuer_text=" / ".join([made.issuer.rfc4514_string(), *more]),
        names=tuple(names[:_MOST_NAMES]),
        first=made.not_valid_before_utc,
        last=made.not_valid_after_utc,
        self_signed=made.issuer == made.subject,
    )


def _alternatives(certificate: Any) -> Iterator[Any]:
    from cryptography import x509

    with contextlib.suppress(x509.ExtensionNotFound):
        yield from (
            name
            for name in certificate.extensions.get_extension_for_class(
                x509.SubjectAlternativeName
            ).value
            if isinstance(name, (x509.DNSName, x509.IPAddress))
        )


def trusted_by(way: Dialer, context: Callable[[], ssl.SSLContext], limit_s: float) -> bool:
    """Whether a store trusts the certificate at the other end. OSError when that does not come to an answer."""
    try:
        with _shaken(way, context(), limit_s, way.host):
            return True
    except ssl.SSLCertVerificationError:
        return False


def answers_without_name(way: Dialer, limit_s: float) -> bool:
    """Whether a handshake that names no host is answered with TLS of any kind, an alert among them. OSError when the connection is cut or stays silent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with _shaken(way, context, limit_s, None):
            return True
    except ssl.SSLEOFError:
        raise
    except ssl.SSLError as error:
        return "ALERT" in str(error.reason or "")


@contextlib.contextmanager
def _shaken(
    way: Dialer, context: ssl.SSLContext, limit_s: float, name: str | None
) -> Iterator[ssl.SSLSocket]:
    opened: socket.socket = way.open(limit_s)
    with opened, context.wrap_socket(opened, server_hostname=name) as tls:
        yield tls


def chain_of(tls: Any) -> list[bytes]:
    """The certificates that the other end sent, in DER, leaf first; [] where this Python cannot tell. Public since Python 3.13, and there in 3.11 under a private name."""
    holder = tls if hasattr(tls, "get_unverified_chain") else getattr(tls, "_sslobj", None)
    give = getattr(holder, "get_unverified_chain", None)
    chain = give() if give is not None else None
    return [one if isinstance(one, bytes) else one.public_bytes(2) for one in chain or ()]


def is_public(chain: Sequence[bytes], store: str) -> bool | None:
    """Whether a PEM file of authorities knows an issuer of this chain: its name stands there, byte for byte. None without a chain or a file.

    A name is no proof, and none is needed: the certificate was checked already, and the question is only which other stores will find an authority for it.
    """
    try:
        text = Path(store).read_bytes()
    except OSError:
        return None
    if not chain:
        return None
    known = b"".join(
        _der(block)
        for block in re.findall(
            rb"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", text, re.DOTALL
        )
    )
    return any(name in known for name in map(_issuer_of, chain) if name)


def _der(block: bytes) -> bytes:
    import binascii

    try:
        return binascii.a2b_base64(block)
    except binascii.Error:
        return b""


def _issuer_of(certificate: bytes) -> bytes:
    """The issuer's name in a certificate's DER, with its tag; b"" for what is none. RFC 5280, 4.1: version, serial number and signature algorithm stand before it."""
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
    """Tag, begin and end of the contents of a DER element."""
    length, start = data[at + 1], at + 2
    if length & 0x80:
        size = length & 0x7F
        length, start = int.from_bytes(data[start : start + size]), start + size
    return data[at], start, start + length
