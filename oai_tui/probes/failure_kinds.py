"""Maps an exception to a failure kind and to the connection phase that failed.

httpx reports an unknown name, a refused port and an untrusted certificate all as `ConnectError`;
only the chain of causes distinguishes them. The kinds were measured on real sockets with httpx
0.28.1. Classes of httpx and anyio are compared by name, so that this module imports neither.
"""

import errno
import socket
import ssl
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from oai_tui.domain.observation import FailureKind
from oai_tui.domain.phases import PhaseId


@dataclass(frozen=True, slots=True)
class _Row:
    """One kind of exception. Every condition that is given must hold.

    `kind`: "timeout" becomes a connect-timeout or a read-timeout; None means that the exception
    around this one decides. `name`: of the class. `errnos`, `verify_codes`: of an OSError and of
    OpenSSL's check of a certificate. `text`: part of the exception's text in lower case.
    """

    kind: FailureKind | Literal["timeout"] | None
    types: type[BaseException] | tuple[type[BaseException], ...] = BaseException
    name: str = ""
    errnos: tuple[int | None, ...] = ()
    verify_codes: tuple[int, ...] = ()
    text: str = ""

    def matches(self, error: BaseException) -> bool:
        return (
            isinstance(error, self.types)
            and (not self.name or type(error).__name__ == self.name)
            and (not self.errnos or getattr(error, "errno", None) in self.errnos)
            and (not self.verify_codes or getattr(error, "verify_code", 0) in self.verify_codes)
            and self.text in str(error).lower()
        )


_ROWS = (
    # OpenSSL's codes for not yet valid, expired, and another host's, mail's or address's.
    _Row("tls-invalid", ssl.SSLCertVerificationError, verify_codes=(9, 10, 62, 63, 64)),
    _Row("tls-untrusted", ssl.SSLCertVerificationError),
    # A handshake that was given up while it waited for the other end.
    _Row(None, (ssl.SSLWantReadError, ssl.SSLWantWriteError)),
    _Row("tls-protocol", ssl.SSLError),
    _Row("dns", socket.gaierror),
    _Row("unsendable", UnicodeEncodeError),
    _Row("url", (UnicodeError, OverflowError)),
    _Row("timeout", TimeoutError, errnos=(None,)),
    _Row("unreachable", OSError, errnos=(errno.ENETUNREACH, errno.EHOSTUNREACH)),
    _Row("connect-timeout", OSError, errnos=(errno.ETIMEDOUT,)),
    _Row("reset", OSError, errnos=(errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED)),
    _Row("refused", OSError, errnos=(errno.ECONNREFUSED,)),
    _Row("unreachable", OSError, errnos=(errno.EADDRNOTAVAIL, errno.EACCES, errno.EPERM)),
    # Certificates are the only files that a request opens.
    _Row("ca-bundle", (FileNotFoundError, IsADirectoryError)),
    _Row("malformed-answer", zlib.error),
    _Row("proxy-settings", ImportError),
    _Row("proxy-settings", ValueError, text="proxy"),
    _Row("timeout", name="ConnectTimeout"),
    _Row("proxy-auth", name="ProxyError", text="407"),
    _Row("proxy-auth", name="ProxyError", text="401"),
    _Row("proxy-refused", name="ProxyError"),
    _Row("reset", name="EndOfStream"),
    _Row("read-timeout", name="ReadTimeout"),
    _Row("read-timeout", name="WriteTimeout"),
    _Row("read-timeout", name="PoolTimeout"),
    _Row("malformed-answer", name="RemoteProtocolError"),
    _Row("malformed-answer", name="DecodingError"),
    _Row("unsendable", name="LocalProtocolError"),
    _Row("url", name="UnsupportedProtocol"),
    _Row("url", name="InvalidURL"),
    _Row("reset", name="ReadError"),
    _Row("reset", name="WriteError"),
    _Row("reset", name="CloseError"),
)
"""The first row that matches an exception counts, so a class comes before its base class."""

_PHASES: dict[FailureKind, PhaseId] = {
    "dns": "name",
    "proxy-auth": "proxy",
    "proxy-refused": "proxy",
    "proxy-settings": "settings",
    "ca-bundle": "settings",
    "url": "settings",
    "unsendable": "settings",
}
"""Kinds that belong to one phase, however far the connection seems to have got."""
_TLS_KINDS = {"tls-untrusted", "tls-invalid", "tls-protocol"}
"""Kinds of a handshake, with the server or with a proxy that is reached over TLS."""
_CONNECT_KINDS = {"dns", "refused", "unreachable", "connect-timeout"}


def failure_of(error: BaseException, *, connected: bool, proxied: bool) -> FailureKind:
    """Return the kind of failure: that of the innermost exception that has one, or "crashed".

    `connected`: whether the TCP connection was open. `proxied`: whether a proxy was used, which
    is then what could not be reached.
    """
    kinds = (_kind(each, connected=connected) for each in _chain(error))
    kind = next((kind for kind in kinds if kind), None)
    if kind is None:
        return "crashed"
    return "proxy-unreachable" if proxied and kind in _CONNECT_KINDS else kind


def failed_phase_of(kind: FailureKind, reached: PhaseId) -> PhaseId:
    """Return the connection phase that failed. `reached`: how far the connection got."""
    if kind in _TLS_KINDS and reached != "proxy":
        return "tls"
    return _PHASES.get(kind, reached)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception's causes, innermost first, members of groups included, then itself."""
    # httpcore raises "from None": then only the context holds the reason.
    nested = error.__cause__ or error.__context__
    if nested is not None:
        yield from _chain(nested)
    if isinstance(error, BaseExceptionGroup):
        for member in error.exceptions:
            yield from _chain(member)
    yield error


def _kind(error: BaseException, *, connected: bool) -> FailureKind | None:
    row = next((row for row in _ROWS if row.matches(error)), None)
    if row is None:
        return None
    if row.kind == "timeout":
        return "read-timeout" if connected else "connect-timeout"
    return row.kind
