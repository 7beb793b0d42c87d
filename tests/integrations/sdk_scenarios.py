"""The failures that SDKs of several versions meet, with the cause that a check finds in each."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from oai_tui.simulator.scenarios import SCENARIOS
from oai_tui.simulator.server import running
from tests.commands.cli_runner import ROOT, TERMINATE_S, client_environment
from tests.fault_server import answering, serving

NAMES = (
    "key-invalid",
    "organization-mismatch",
    "scope-missing",
    "country-unsupported",
    "model-not-found",
    "quota-exhausted",
    "rate-limit-requests",
    "service-error",
    "service-overloaded",
    "connection-refused",
    "response-timeout",
)
"""Scenarios of the simulator, which a check walks to the cause of the same name."""
WAYS = ("plain", "asynchronous", "chained", "replaced", "grouped")
STREAM_EVENTS = {
    "quota-exhausted": {
        "message": "You exceeded your current quota, please check your plan and billing details.",
        "type": "insufficient_quota",
        "param": None,
        "code": "insufficient_quota",
    },
    "service-error": {
        "message": "The server had an error processing your request. Sorry about that!",
        "type": "server_error",
        "param": None,
        "code": None,
    },
}
"""Cause -> the error event of a stream that began with 200."""


def _stream(error: dict[str, Any]) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    return head + b"data: " + json.dumps({"error": error}).encode() + b"\n\n"


def explanations(home: Path, *sdk_folders: Path) -> dict[str, Any]:
    """Return what `explain` says to a program with the SDK in these folders, by scenario and way.

    Without folders it is the SDK of this environment. home: the program's home folder.
    """
    calls: dict[str, dict[str, str]] = {}
    with contextlib.ExitStack() as stack:
        for name in NAMES:
            simulated = stack.enter_context(running(name))
            model = SCENARIOS[name].client.model or ""
            # Only the server that never answers may wait out the time of a busy machine.
            timeout = {} if name == "response-timeout" else {"timeout": str(TERMINATE_S)}
            calls[name] = {
                **client_environment(simulated),
                "model": model,
                "ways": " ".join(WAYS),
                **timeout,
            }
        for name, error in STREAM_EVENTS.items():
            server = stack.enter_context(serving(answering(_stream(error))))
            calls[f"stream {name}"] = {
                "OPENAI_API_KEY": calls["key-invalid"]["OPENAI_API_KEY"],
                "OPENAI_BASE_URL": server.url(),
                "ways": "streamed",
                "timeout": str(TERMINATE_S),
            }
        done = subprocess.run(
            [sys.executable, "-m", "tests.integrations.sdk_calls"],
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(home),
                "LANG": "C.UTF-8",
                "PYTHONPATH": os.pathsep.join(map(str, (*sdk_folders, ROOT))),
            },
            input=json.dumps(calls),
            capture_output=True,
            text=True,
            timeout=10 * TERMINATE_S,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
