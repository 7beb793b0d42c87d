"""Faults of the network: how far an exchange gets, and what the resolver, the socket or OpenSSL says (measured on Linux with anyio 4.16; the tests compare each with a real socket).

Windows and macOS number some of these differently; the in-process faults keep Linux's numbers everywhere.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from typing import Literal

Fault = Literal[
    "dns",
    "refused",
    "unreachable",
    "connect-timeout",
    "read-timeout",
    "reset",
    "tls-untrusted",
    "tls-expired",
    "tls-not-yet-valid",
    "tls-wrong-name",
    "tls-plain-http",
    "proxy-auth",
    "proxy-unreachable",
]
Phase = Literal["connect", "tls", "answer"]

REACHED_PHASE: Mapping[Fault, Phase] = {
    "dns": "connect",
    "refused": "connect",
    "unreachable": "connect",
    "connect-timeout": "connect",
    "proxy-auth": "connect",
    "proxy-unreachable": "connect",
    "tls-untrusted": "tls",
    "tls-expired": "tls",
    "tls-not-yet-valid": "tls",
    "tls-wrong-name": "tls",
    "tls-plain-http": "tls",
    "read-timeout": "answer",
    "reset": "answer",
}
"""How far the exchange gets before the fault: to the connection, to TLS, or to the wait for an answer."""

_CERTIFICATE: Mapping[Fault, tuple[int, str]] = {
    "tls-untrusted": (20, "unable to get local issuer certificate"),
    "tls-expired": (10, "certificate has expired"),
    "tls-not-yet-valid": (9, "certificate is not yet valid"),
    "tls-wrong-name": (62, "Hostname mismatch, certificate is not valid for '{host}'."),
}
"""OpenSSL's verify codes and words."""


def root_error(fault: Fault, host: str, port: int) -> Exception | None:
    """What the socket, the resolver or OpenSSL says; None where no more than a proxy's answer is behind it."""
    match fault:
        case "proxy-auth":
            return None
        case "dns":
            return socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        case "refused" | "proxy-unreachable":
            return _caused(
                OSError("All connection attempts failed"),
                ConnectionRefusedError(111, f"Connect call failed ('{host}', {port})"),
            )
        case "unreachable":
            return _caused(
                OSError("All connection attempts failed"), OSError(101, "Network is unreachable")
            )
        case "reset":
            import anyio

            return _caused(
                anyio.BrokenResourceError(), ConnectionResetError(104, "Connection reset by peer")
            )
        case "connect-timeout" | "read-timeout":
            late = TimeoutError()
            late.__context__ = asyncio.CancelledError(
                "Cancelled via cancel scope; reason: deadline exceeded"
            )
            return late
        case _:
            return _tls_error(fault, host)


def _caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def _tls_error(fault: Fault, host: str) -> ssl.SSLError:
    if fault == "tls-plain-http":
        plain = ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)")
        plain.library, plain.reason = "SSL", "WRONG_VERSION_NUMBER"
        return plain
    code, words = _CERTIFICATE[fault]
    message = words.format(host=host)
    error = ssl.SSLCertVerificationError(
        1, f"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {message} (_ssl.c:1006)"
    )
    error.library, error.reason, error.verify_code, error.verify_message = (
        "SSL",
        "CERTIFICATE_VERIFY_FAILED",
        code,
        message,
    )
    return error
