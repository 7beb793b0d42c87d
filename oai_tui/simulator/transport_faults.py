"""Network faults: how far a call gets, and the exception of the resolver, the socket or OpenSSL.

Measured on Linux with anyio 4.16; the tests compare each with a real socket. Windows and macOS use
other error numbers for some; the in-process faults have Linux's numbers everywhere.
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
    "host-unreachable",
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

FAULT_PHASE: Mapping[Fault, Phase] = {
    "dns": "connect",
    "refused": "connect",
    "unreachable": "connect",
    "host-unreachable": "connect",
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
"""The phase of the call in which the fault happens: connecting, TLS, or waiting for an answer."""

_CERTIFICATE: Mapping[Fault, tuple[int, str]] = {
    "tls-untrusted": (20, "unable to get local issuer certificate"),
    "tls-expired": (10, "certificate has expired"),
    "tls-not-yet-valid": (9, "certificate is not yet valid"),
    "tls-wrong-name": (62, "Hostname mismatch, certificate is not valid for '{host}'."),
}
"""OpenSSL's verify codes and messages."""


def root_error(fault: Fault, host: str, port: int) -> Exception | None:
    """Return the exception of socket, resolver or OpenSSL, or None for a proxy's answer."""
    match fault:
        case "proxy-auth":
            return None
        case "dns":
            return socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        case "refused" | "proxy-unreachable":
            return _with_cause(
                OSError("All connection attempts failed"),
                ConnectionRefusedError(111, f"Connect call failed ('{host}', {port})"),
            )
        case "unreachable":
            return _with_cause(
                OSError("All connection attempts failed"), OSError(101, "Network is unreachable")
            )
        case "host-unreachable":
            return _with_cause(
                OSError("All connection attempts failed"), OSError(113, "No route to host")
            )
        case "reset":
            import anyio

            return _with_cause(
                anyio.BrokenResourceError(), ConnectionResetError(104, "Connection reset by peer")
            )
        case "connect-timeout" | "read-timeout":
            timeout = TimeoutError()
            timeout.__context__ = asyncio.CancelledError(
                "Cancelled via cancel scope; reason: deadline exceeded"
            )
            return timeout
        case _:
            return _tls_error(fault, host)


def _with_cause(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def _tls_error(fault: Fault, host: str) -> ssl.SSLError:
    if fault == "tls-plain-http":
        wrong_version = ssl.SSLError(
            1, "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)"
        )
        wrong_version.library = "SSL"
        wrong_version.reason = "WRONG_VERSION_NUMBER"
        return wrong_version
    code, words = _CERTIFICATE[fault]
    message = words.format(host=host)
    error = ssl.SSLCertVerificationError(
        1, f"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {message} (_ssl.c:1006)"
    )
    error.library = "SSL"
    error.reason = "CERTIFICATE_VERIFY_FAILED"
    error.verify_code = code
    error.verify_message = message
    return error
