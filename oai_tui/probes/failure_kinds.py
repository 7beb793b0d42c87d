"""From an exception to the kind of failure it is.

httpx reports an unknown name, a refused port and an untrusted certificate all as `ConnectError`; only the chain of causes tells them apart. The kinds were read off real sockets with httpx 0.28.1.
The names of httpx's classes are compared as text, so that this file need not import it.
"""

import errno
import socket
import ssl
import zlib
from collections.abc import Iterator

from oai_tui.domain.observation import FailureKind
from oai_tui.domain.phases import PhaseId

_INVALID_CERTIFICATE = {9, 10, 62, 63, 64}
"""OpenSSL's verify codes for not yet valid, expired, and another host's, mail's or address's certificate."""
_BY_NAME: dict[str, FailureKind] = {
    "ReadTimeout": "read-timeout",
    "WriteTimeout": "read-timeout",
    "PoolTimeout": "read-timeout",
    "RemoteProtocolError": "malformed-answer",
    "DecodingError": "malformed-answer",
    "LocalProtocolError": "unsendable",
    "UnsupportedProtocol": "url",
    "InvalidURL": "url",
    "ReadError": "reset",
    "WriteError": "reset",
    "CloseError": "reset",
}
_BY_ERRNO: dict[int, FailureKind] = {
    errno.ENETUNREACH: "unreachable",
    errno.EHOSTUNREACH: "unreachable",
    errno.ETIMEDOUT: "connect-timeout",
    errno.ECONNRESET: "reset",
    errno.EPIPE: "reset",
    errno.ECONNABORTED: "reset",
    errno.ECONNREFUSED: "refused",
    errno.EADDRNOTAVAIL: "unreachable",
    errno.EACCES: "unreachable",
    errno.EPERM: "unreachable",
}
_RUNGS: dict[FailureKind, PhaseId] = {
    "dns": "name",
    "proxy-auth": "proxy",
    "proxy-refused": "proxy",
    "proxy-settings": "settings",
    "ca-bundle": "settings",
    "url": "settings",
    "unsendable": "settings",
}
"""Kinds that belong to one rung, however far the connection seems to have got."""
_TLS = {"tls-untrusted", "tls-invalid", "tls-protocol"}
"""Kinds of the handshake with the other end, or with a proxy that is spoken to in TLS."""
_HOP = {"dns", "refused", "unreachable", "connect-timeout"}


def failure_of(error: BaseException, *, connected: bool, proxied: bool) -> FailureKind:
    """The kind of failure. `connected`: whether the TCP connection stood; `proxied`: whether a proxy was used, so that failing to connect is the proxy's fault."""
    kind = next(
        (kind for seen in _chain(error) if (kind := _kind(seen, connected=connected))), None
    )
    if kind is None:
        return "crashed"
    return "proxy-unreachable" if proxied and kind in _HOP else kind


def failed_phase_of(kind: FailureKind, reached: PhaseId) -> PhaseId:
    """The rung at which the way breaks. `reached`: how far the connection got."""
    return "tls" if kind in _TLS and reached != "proxy" else _RUNGS.get(kind, reached)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception's causes, innermost first, and the members of groups."""
    nested = (
        error.__cause__ or error.__context__
    )  # httpcore raises "from None", and the context alone still holds the reason
    if nested is not None:
        yield from _chain(nested)
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions:
            yield from _chain(member)
    yield error


def _kind(error: BaseException, *, connected: bool) -> FailureKind | None:
    name = type(error).__name__
    match error:
        case ssl.SSLCertVerificationError():
            return "tls-invalid" if error.verify_code in _INVALID_CERTIFICATE else "tls-untrusted"
        case (
            ssl.SSLWantReadError() | ssl.SSLWantWriteError()
        ):  # how a handshake that was waiting looks when it is given up
            return None
        case ssl.SSLError():
            return "tls-protocol"
        case socket.gaierror():
            return "dns"
        case UnicodeEncodeError():
            return "unsendable"
        case UnicodeError() | OverflowError():
            return "url"
        case TimeoutError() if error.errno is None:
            return "read-timeout" if connected else "connect-timeout"
        case OSError() if error.errno in _BY_ERRNO:
            return _BY_ERRNO[error.errno]
        case (
            FileNotFoundError() | IsADirectoryError()
        ):  # certificates are the only files that a request opens
            return "ca-bundle"
        case zlib.error():
            return "malformed-answer"
        case ImportError():
            return "proxy-settings"
        case ValueError() if "proxy" in str(error).lower():
            return "proxy-settings"
    if name == "ConnectTimeout":
        return "read-timeout" if connected else "connect-timeout"
    if name == "ProxyError":
        return "proxy-auth" if "407" in str(error) else "proxy-refused"
    if name == "EndOfStream":
        return "reset"
    return _BY_NAME.get(name)
