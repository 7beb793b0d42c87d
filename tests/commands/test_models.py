"""`models` lists what a key can use and says why a wanted model is missing."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from oai_tui.reports.key_models import lines
from oai_tui.simulator.fixtures import ADMIN_KEY
from oai_tui.simulator.server import running
from tests.commands.cli_runner import (
    GOOD_KEY,
    CliResult,
    ReceivedRequest,
    canned_server,
    client_environment,
    http_response,
    run_cli,
)
from tests.reports.test_json import SCHEMA

pytestmark = pytest.mark.sockets


def models(scenario: str, home: Path, *arguments: str) -> tuple[CliResult, list[tuple[str, str]]]:
    """Run `models` over a scenario. Return its result and the requests, as method and path."""
    with running(scenario) as simulated:
        done = run_cli(["models", *arguments], home, client_environment(simulated))
        requests = [(each.method, each.path) for each in simulated.simulator.received]
    return done, requests


@pytest.mark.parametrize(
    "command", [["models"], ["limits", "--inference"], ["limits"], ["scopes"], ["owner", "--list"]]
)
def test_text_report_has_every_warning_of_the_json(command: list[str], tmp_path: Path) -> None:
    with running("all-good") as simulated:
        variables = client_environment(simulated) | {
            "OPENAI_API_BASE": "https://old.example.com",
            "OPENAI_ADMIN_KEY": ADMIN_KEY,
        }
        report = run_cli(command, tmp_path, variables)
        verdict = run_cli([*command, "--json"], tmp_path, variables).document["verdict"]
    warnings = verdict["warnings"]
    text = " ".join(report.out.split())
    assert [each for each in warnings if " ".join(each.split()) not in text] == []
    assert command[0] == "owner" or warnings


def test_lists_each_model_with_its_shutdown_date(tmp_path: Path) -> None:
    done, requests = models("all-good", tmp_path)
    assert done.code == 0
    assert "16 models this key can use" in done.out
    assert "  gpt-4o                  shuts down 2027-01-14\n" in done.out
    assert requests == [("GET", "/v1/models")] * 2


def test_json_fits_the_schema(tmp_path: Path) -> None:
    done, _ = models("all-good", tmp_path, "--json")
    jsonschema.validate(done.document, SCHEMA)
    states = {row["id"]: (row["state"], row["shutdown"]) for row in done.document["models"]}
    assert states["gpt-6-luna"] == ("usable", None)
    assert states["gpt-4o"] == ("retiring", "2027-01-14")
    assert done.document["wanted"] is None


@pytest.mark.parametrize(
    ("scenario", "wanted", "state", "nearest", "code"),
    [
        ("all-good", "gpt-6-luna", "usable", None, 0),
        ("all-good", "gpt-6-lunar", "not-listed", "gpt-6-luna", 5),
        ("model-retired", "gpt-4", "retired", "gpt-4o", 5),
        ("model-not-allowed", "gpt-6-astra", "not-allowed", "gpt-6-luna", 5),
        ("key-invalid", "gpt-6-luna", "unknown", None, 4),
    ],
)
def test_why_a_model_is_missing(
    scenario: str, wanted: str, state: str, nearest: str | None, code: int, tmp_path: Path
) -> None:
    done, requests = models(scenario, tmp_path, "--wanted", wanted, "--json")
    found: dict[str, Any] = done.document["wanted"]
    jsonschema.validate(done.document, SCHEMA)
    assert (done.code, found["id"], found["state"]) == (code, wanted, state)
    assert nearest is None or found["nearest"][0] == nearest
    assert {method for method, _ in requests} == {"GET"}


def test_a_missing_model_is_shown_with_what_to_do(tmp_path: Path) -> None:
    done, _ = models("all-good", tmp_path, "--wanted", "gpt-6-lunar")
    out = done.out
    assert out.startswith("✗ gpt-6-lunar: not found for this key\n  similar models")
    assert out.index("16 models") < out.index("model-not-found") < out.index("What to do")


def test_an_id_from_the_server_cannot_control_the_terminal(tmp_path: Path) -> None:
    ids = ["gpt-6-luna\x1b[31m", "gpt-6-luna\u202e", "gpt-6-luna"]

    def reply(request: ReceivedRequest) -> bytes:
        if not request.has_key:
            error = {"message": "no key", "type": "invalid_request_error", "code": None}
            return http_response("401 Unauthorized", {"error": error})
        return http_response("200 OK", {"object": "list", "data": [{"id": each} for each in ids]})

    with canned_server(reply) as base_url:
        variables = {"OPENAI_API_KEY": GOOD_KEY, "OPENAI_BASE_URL": base_url}
        listed = run_cli(["models"], tmp_path, variables)
        wanted = run_cli(["models", "--wanted", "gpt-6-lun\x1b"], tmp_path, variables)
    assert "  gpt-6-luna␛[31m\n" in listed.out
    assert not {"\x1b", "\u202e"} & set(listed.out + wanted.out)


def test_a_rejected_key_gets_the_report_of_check(tmp_path: Path) -> None:
    done, _ = models("key-invalid", tmp_path)
    assert done.code == 4
    assert done.out.startswith("Checked http://127.0.0.1:")
    assert "key-invalid" in done.out


def test_without_a_key_nothing_is_sent(tmp_path: Path) -> None:
    done = run_cli(["models", "--base-url", "https://127.0.0.1:9/v1"], tmp_path, {})
    assert done.code == 3


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["work", "--source", "env"], "mutually exclusive"),
        (["--source", "nowhere"], "env"),
        (["--timeout", "0"], "seconds"),
        (["--wanted", ""], "the model ID is empty"),
        ([GOOD_KEY], "looks like a key"),
    ],
)
def test_usage_errors(arguments: list[str], says: str, tmp_path: Path) -> None:
    done = run_cli(["models", *arguments], tmp_path)
    assert (done.code, done.out, says in done.err) == (2, "", True)
    assert GOOD_KEY not in done.err


def test_a_list_too_large_to_read_is_called_that(tmp_path: Path) -> None:
    row = {"id": "m", "object": "model", "description": "x" * 1000}
    models = http_response("200 OK", {"object": "list", "data": [row] * 3000})

    def reply(request: ReceivedRequest) -> bytes:
        if not request.has_key:
            return http_response("401 Unauthorized", {"error": {"message": "no key"}})
        return models

    with canned_server(reply) as url:
        environment = {"OPENAI_API_KEY": GOOD_KEY, "OPENAI_BASE_URL": url}
        done = run_cli(["check", "--json"], tmp_path, environment)
        text = run_cli(["check"], tmp_path, environment)
        listed = run_cli(["models", "--json"], tmp_path, environment)
    verdict = done.document["verdict"]
    assert (done.code, verdict["cause"], verdict["title"]) == (
        11,
        "unknown",
        "The model list is too large to read",
    )
    assert "base-url-wrong" not in done.out
    assert "model list too large to read" in text.out
    assert (listed.document["models"], listed.code) == ([], 11)


def test_no_closest_model_is_advised_where_none_is_similar(tmp_path: Path) -> None:
    with running("all-good") as simulated:
        done = run_cli(["models", "--wanted", "banana"], tmp_path, client_environment(simulated))
    assert "closest" not in done.out
    assert "Use one of the models this key can list." in done.out


@pytest.mark.parametrize(("has_list", "words"), [(True, "an empty list"), (False, "no list")])
def test_an_empty_list_is_not_called_no_list(has_list: bool, words: str) -> None:
    assert lines((), None, works=True, has_list=has_list) == [
        f"The server returned {words} of models."
    ]
