"""The recipes of the README are run as they stand there, with the real libraries.

Their calls go to the simulator's port.
"""

import contextlib
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from oai_tui.simulator.server import Running, running
from tests.commands.cli_runner import ROOT, client_environment
from tests.integrations.sdk_errors import KEY, REQUEST_ID, raised, sdk_error

BLOCK = re.compile(r"^```python\n# (?P<name>\w+)(?P<code>.*?)^```", re.MULTILINE | re.DOTALL)
RECIPES = {
    match["name"]: f"# {match['name']}{match['code']}"
    for match in BLOCK.finditer((ROOT / "README.md").read_text("utf-8"))
}
QUOTA = "You exceeded your current quota, please check your plan and billing details."
LIMIT = "Rate limit reached for gpt-6-luna on requests per min (RPM): Limit 3, Used 3."


def run(name: str) -> dict[str, Any]:
    """Run a recipe, and return its names."""
    names: dict[str, Any] = {"__name__": f"recipe_{name}"}
    exec(compile(RECIPES[name], f"README.md, {name}", "exec"), names)
    return names


@contextlib.contextmanager
def simulated(name: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """A scenario on a port, with the environment of its client."""
    with running(name) as server:
        for variable, value in client_environment(server).items():
            monkeypatch.setenv(variable, value)
        yield server


def calls(server: Running) -> int:
    return len(server.simulator.received)


def test_all_recipes_are_tested() -> None:
    assert set(RECIPES) == {"explain", "FastAPI", "Celery", "tenacity", "Datadog", "OpenTelemetry"}


@pytest.mark.sockets
def test_explain(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with simulated("quota-exhausted", monkeypatch):
        run("explain")
    first, *_, last = capsys.readouterr().out.splitlines()
    assert first == "quota-exhausted billing certain"
    assert last.startswith("False None req_")


@pytest.mark.parametrize(
    ("error", "status", "cause", "wait"),
    [
        (
            sdk_error(429, "insufficient_quota", QUOTA, "insufficient_quota"),
            502,
            "quota-exhausted",
            None,
        ),
        (
            sdk_error(429, "rate_limit_exceeded", LIMIT, "requests", headers={"retry-after": "20"}),
            503,
            "rate-limit-requests",
            "20",
        ),
    ],
    ids=["quota", "rate"],
)
def test_fastapi(error: Exception, status: int, cause: str, wait: str | None) -> None:
    app: FastAPI = run("FastAPI")["app"]

    @app.get("/ask")
    def ask() -> None:
        raise error

    answer = TestClient(app).get("/ask")
    assert (answer.status_code, answer.json()) == (status, {"cause": cause})
    assert answer.headers.get("retry-after") == wait


@pytest.mark.sockets
@pytest.mark.parametrize(
    ("scenario", "attempts"), [("quota-exhausted", 1), ("rate-limit-requests", 5)]
)
def test_celery(scenario: str, attempts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with simulated(scenario, monkeypatch) as server:
        recipe = run("Celery")
        recipe["app"].conf.task_always_eager = True  # retries run at once
        result = recipe["ask"].delay("ping")
    assert result.failed()
    assert str(result.result).startswith(f"{scenario}: ")
    assert "openai.RateLimitError" not in str(result.traceback)
    assert calls(server) == attempts


@pytest.mark.sockets
@pytest.mark.parametrize(
    ("scenario", "attempts"), [("quota-exhausted", 1), ("rate-limit-requests", 5)]
)
def test_tenacity(scenario: str, attempts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    with simulated(scenario, monkeypatch) as server:
        ask = run("tenacity")["ask"]
        ask.retry.sleep = waits.append
        with pytest.raises(openai.RateLimitError):
            ask("ping")
    assert calls(server) == attempts
    assert len(waits) == attempts - 1


def test_datadog() -> None:
    handler = run("Datadog")["handler"]
    try:
        error = raised(sdk_error(401, "invalid_api_key", f"Incorrect API key provided: {KEY}."))
        record = logging.LogRecord(
            "jobs", logging.ERROR, __file__, 1, "call failed", None, (type(error), error, None)
        )
        handler.filter(record)
        line = handler.format(record)
    finally:
        logging.getLogger("jobs").removeHandler(handler)
    assert json.loads(line) == {
        "message": "call failed",
        "status": "error",
        "logger.name": "jobs",
        "error.kind": "AuthenticationError",
        "openai.cause": "key-invalid",
        "openai.family": "key",
        "openai.retry_helps": False,
        "openai.request_id": REQUEST_ID,
    }


@pytest.mark.sockets
def test_opentelemetry(monkeypatch: pytest.MonkeyPatch) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    with simulated("scope-missing", monkeypatch):
        ask = run("OpenTelemetry")["ask"]
        with pytest.raises(openai.OpenAIError):
            ask("ping")
    (span,) = exporter.get_finished_spans()
    assert span.attributes is not None
    assert span.attributes["error.type"] == "scope-missing"
    assert span.attributes["openai.retry_helps"] is False
    assert str(span.attributes["openai.request_id"]).startswith("req_")
    assert span.status.status_code is trace.StatusCode.ERROR
    assert span.events == ()
