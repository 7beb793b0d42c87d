"""Each row of the table of exceptions, and the phase that a failure belongs to."""

import errno
import socket
import ssl
import zlib

import anyio
import httpx
import pytest

from oai_tui.domain.observation import FailureKind
from oai_tui.domain.phases import PhaseId
from oai_tui.probes.failure_kinds import failed_phase_of, failure_of


def _refused_certificate(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    return error


def _chained(outer: Exception, inner: Exception) -> Exception:
    outer.__context__ = inner
    return outer


EXCEPTIONS: dict[str, tuple[Exception, FailureKind]] = {
    "certificate not yet valid": (_refused_certificate(9), "tls-invalid"),
    "certificate expired": (_refused_certificate(10), "tls-invalid"),
    "certificate of another host": (_refused_certificate(62), "tls-invalid"),
    "certificate of another mail address": (_refused_certificate(63), "tls-invalid"),
    "certificate of another address": (_refused_certificate(64), "tls-invalid"),
    "certificate of an unknown issuer": (_refused_certificate(20), "tls-untrusted"),
    "wrong version number": (ssl.SSLError(1, "wrong version number"), "tls-protocol"),
    "end of file in a handshake": (ssl.SSLEOFError(8, "EOF occurred"), "tls-protocol"),
    "a handshake given up": (
        _chained(httpx.ConnectTimeout(""), ssl.SSLWantReadError()),
        "connect-timeout",
    ),
    "unknown name": (socket.gaierror(socket.EAI_NONAME, "unknown"), "dns"),
    "a character that ASCII lacks": (UnicodeEncodeError("ascii", "é", 0, 1, "no"), "unsendable"),
    "label too long": (UnicodeError("label too long"), "url"),
    "port too large": (OverflowError("port must be 0-65535"), "url"),
    "no time left": (TimeoutError(), "connect-timeout"),
    "the system's timeout": (OSError(errno.ETIMEDOUT, "timed out"), "connect-timeout"),
    "no route to the network": (OSError(errno.ENETUNREACH, "unreachable"), "unreachable"),
    "no route to the host": (OSError(errno.EHOSTUNREACH, "unreachable"), "unreachable"),
    "address not available": (OSError(errno.EADDRNOTAVAIL, "not available"), "unreachable"),
    "not permitted": (OSError(errno.EPERM, "not permitted"), "unreachable"),
    "access denied": (OSError(errno.EACCES, "denied"), "unreachable"),
    "connection reset": (OSError(errno.ECONNRESET, "reset"), "reset"),
    "broken pipe": (OSError(errno.EPIPE, "broken pipe"), "reset"),
    "connection aborted": (OSError(errno.ECONNABORTED, "aborted"), "reset"),
    "connection refused": (OSError(errno.ECONNREFUSED, "refused"), "refused"),
    "no such certificate file": (OSError(errno.ENOENT, "no such file"), "ca-bundle"),
    "certificate file is a folder": (OSError(errno.EISDIR, "is a directory"), "ca-bundle"),
    "data not compressed": (zlib.error("incorrect header check"), "malformed-answer"),
    "no support for SOCKS": (ImportError("socksio is not installed"), "proxy-settings"),
    "unusable proxy": (ValueError("Unknown scheme for Proxy URL"), "proxy-settings"),
    "connect timeout": (httpx.ConnectTimeout(""), "connect-timeout"),
    "proxy wants a password": (httpx.ProxyError("407 Authentication Required"), "proxy-auth"),
    "proxy refuses": (httpx.ProxyError("403 Forbidden"), "proxy-refused"),
    "end of stream": (anyio.EndOfStream(), "reset"),
    "read timeout": (httpx.ReadTimeout(""), "read-timeout"),
    "write timeout": (httpx.WriteTimeout(""), "read-timeout"),
    "pool timeout": (httpx.PoolTimeout(""), "read-timeout"),
    "not HTTP": (httpx.RemoteProtocolError("illegal status line"), "malformed-answer"),
    "decoding error": (httpx.DecodingError(""), "malformed-answer"),
    "illegal header value": (httpx.LocalProtocolError("illegal header value"), "unsendable"),
    "unsupported protocol": (httpx.UnsupportedProtocol("ftp://"), "url"),
    "invalid URL": (httpx.InvalidURL("invalid port"), "url"),
    "read error": (httpx.ReadError(""), "reset"),
    "write error": (httpx.WriteError(""), "reset"),
    "close error": (httpx.CloseError(""), "reset"),
    "the innermost counts": (
        _chained(httpx.ConnectError(""), OSError(errno.ECONNREFUSED, "refused")),
        "refused",
    ),
    "a member of a group counts": (
        ExceptionGroup("", [OSError(errno.ECONNREFUSED, "refused")]),
        "refused",
    ),
    "another operating system error": (OSError(errno.EMFILE, "too many files"), "crashed"),
    "another value error": (ValueError("no number"), "crashed"),
    "a bug": (KeyError("x"), "crashed"),
}


@pytest.mark.parametrize(("error", "kind"), EXCEPTIONS.values(), ids=EXCEPTIONS)
def test_an_exception_has_its_kind(error: Exception, kind: FailureKind) -> None:
    assert failure_of(error, connected=False, proxied=False) == kind


@pytest.mark.parametrize("error", [TimeoutError(), httpx.ConnectTimeout("")], ids=repr)
def test_a_timeout_after_connecting_is_one_of_reading(error: Exception) -> None:
    assert failure_of(error, connected=True, proxied=False) == "read-timeout"


@pytest.mark.parametrize("name", ["unknown name", "connection refused", "no time left"])
def test_what_cannot_be_reached_through_a_proxy_is_the_proxy(name: str) -> None:
    error, _ = EXCEPTIONS[name]
    assert failure_of(error, connected=False, proxied=True) == "proxy-unreachable"


@pytest.mark.parametrize(
    ("kind", "reached", "phase"),
    [
        ("refused", "connect", "connect"),
        ("dns", "connect", "name"),
        ("tls-untrusted", "answer", "tls"),
        ("tls-protocol", "proxy", "proxy"),
        ("proxy-auth", "answer", "proxy"),
        ("url", "connect", "settings"),
        ("read-timeout", "tls", "tls"),
    ],
)
def test_the_phase_that_failed(kind: FailureKind, reached: PhaseId, phase: PhaseId) -> None:
    assert failed_phase_of(kind, reached) == phase
