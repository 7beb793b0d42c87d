"""`check --config` over several servers at once, and `check --init`."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import jsonschema
import pytest

from oai_tui.headless.check_config import parse_config
from oai_tui.simulator.server import running
from tests.commands.cli_runner import CliResult, client_environment, run_cli, run_in_process
from tests.commands.saved_profiles import leaks
from tests.reports.test_json import SCHEMA


@contextmanager
def config(home: Path, **checks: str) -> Iterator[dict[str, str]]:
    """Write checks.toml with a check for each scenario; yields the variables with their keys.

    checks: a scenario, with underscores -> more lines for its check.
    """
    variables, tables = {}, []
    with ExitStack() as stack:
        for name, more in checks.items():
            client = client_environment(stack.enter_context(running(name.replace("_", "-"))))
            variables[f"KEY_{name}"] = client["OPENAI_API_KEY"]
            settings = {
                "name": name,
                "variable": f"KEY_{name}",
                "base_url": client["OPENAI_BASE_URL"],
                "organization": client.get("OPENAI_ORG_ID", ""),
            }
            lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
            tables.append("\n".join(["[[check]]", *lines, more]))
        (home / "checks.toml").write_text("\n".join(tables))
        yield variables


def check(home: Path, variables: dict[str, str], *arguments: str) -> CliResult:
    return run_cli(["check", "--config", "checks.toml", *arguments], home, variables)


def test_every_check_has_its_own_key_server_and_verdict(tmp_path: Path) -> None:
    with config(
        tmp_path,
        all_good="environment = 'production'\nbilling = true\nmin_headroom = 0.01",
        organization_mismatch="environment = 'staging'",
        quota_exhausted="billing = true",
    ) as variables:
        done = check(tmp_path, variables, "--json")
    document = done.document
    jsonschema.validate(document, SCHEMA)
    assert [
        (result["name"], result.get("environment"), result["exit_code"], result["verdict"]["cause"])
        for result in document["results"]
    ] == [
        ("all_good", "production", 0, None),
        ("organization_mismatch", "staging", 4, "organization-mismatch"),
        ("quota_exhausted", None, 6, "quota-exhausted"),
    ]
    assert (done.code, document["exit_code"]) == (4, 4)
    assert [leak for key in variables.values() for leak in leaks(key, done.out, done.err)] == []


def test_billing_is_tested_only_where_the_file_says_so(tmp_path: Path) -> None:
    with config(tmp_path, quota_exhausted="") as variables:
        done = check(tmp_path, variables, "--json")
    (result,) = done.document["results"]
    assert (done.code, result["verdict"]["untested"]) == (0, ["billing"])


def test_warning_does_not_fail_the_run(tmp_path: Path) -> None:
    with config(tmp_path, all_good="", key_invalid="severity = 'warning'") as variables:
        done = check(tmp_path, variables)
    assert done.code == 0
    assert "key-invalid (warning only)" in done.out
    assert done.out.splitlines()[-1] == "2 checked · 1 works · exit code 0"


def test_required_scope_and_model(tmp_path: Path) -> None:
    with config(
        tmp_path,
        all_good="scopes = ['api.responses.write', 'GET /v1/files']\nmodels = ['no-such-model']",
        scope_missing="scopes = ['api.responses.write']",
    ) as variables:
        done = check(tmp_path, variables, "--json")
    causes = [result["verdict"]["cause"] for result in done.document["results"]]
    assert causes == ["model-not-found", "scope-missing"]


def test_required_scopes_that_the_key_has(tmp_path: Path) -> None:
    scopes = "scopes = ['api.responses.write', 'GET /v1/files']"
    with config(tmp_path, all_good=scopes) as variables:
        assert check(tmp_path, variables).code == 0


def test_unset_variable_is_the_verdict_on_that_check_alone(tmp_path: Path) -> None:
    with config(tmp_path, all_good="", key_invalid="") as variables:
        done = check(tmp_path, {"KEY_all_good": variables["KEY_all_good"]}, "--json")
    results = done.document["results"]
    assert [result["exit_code"] for result in results] == [0, 3]
    assert "KEY_key_invalid is not set" in " ".join(results[1]["verdict"]["warnings"])


def test_slow_server_holds_up_no_other_check(tmp_path: Path) -> None:
    with config(tmp_path, response_timeout="timeout = 2", all_good="") as variables:
        done = check(tmp_path, variables, "--json")
    assert [result["exit_code"] for result in done.document["results"]] == [8, 0]


def test_mistakes_are_all_reported_and_nothing_is_sent(tmp_path: Path) -> None:
    (tmp_path / "checks.toml").write_text("[[check]]\nnam = 'a'\nbilling = 1\n")
    done = check(tmp_path, {})
    assert (done.code, done.out) == (2, "")
    assert [line.split(":")[2] for line in done.err.splitlines()] == ["1", "2", "3"]


def test_missing_file_says_how_to_write_one(tmp_path: Path) -> None:
    done = check(tmp_path, {})
    assert done.code == 2
    assert "oai-tui check --init > checks.toml" in done.err


@pytest.mark.parametrize(
    "more", [["--profile", "x"], ["--all"], ["--inference"], ["--init"], ["--model", "x"]]
)
def test_options_that_the_file_replaces(more: list[str], tmp_path: Path) -> None:
    (tmp_path / "checks.toml").write_text("[[check]]\nname = 'a'\n")
    assert check(tmp_path, {}, *more).code == 2


def test_init_writes_a_file_that_works(no_secret_service: dict[str, str]) -> None:
    folder = Path(no_secret_service["HOME"])
    with running("all-good") as simulated:
        env = {**no_secret_service, **client_environment(simulated)}
        written = run_in_process(["check", "--init"], env)
        (folder / "checks.toml").write_text(written.out)
        done = run_in_process(["check", "--config", "checks.toml"], env)
    assert (written.code, done.code) == (0, 0)
    assert parse_config(written.out)[0].checks[0].variable == "OPENAI_API_KEY"
    assert leaks(env["OPENAI_API_KEY"], written.out) == []
    assert "the example has no profiles" in written.err


def test_missing_variable_is_named_with_check_and_line(tmp_path: Path) -> None:
    (tmp_path / "checks.toml").write_text(
        "[defaults]\nvariable = 'SHARED_KEY'\n"
        "[[check]]\nname = 'a'\n[[check]]\nname = 'b'\nvariable = 'OWN_KEY'\n"
    )
    done = check(tmp_path, {})
    assert done.code == 3
    assert "export SHARED_KEY=…" in done.out
    assert "Set SHARED_KEY: the check 'a' (checks.toml:2) reads its key from it." in done.out
    assert "export OWN_KEY=…" in done.out
    assert "Set OWN_KEY: the check 'b' (checks.toml:7) reads its key from it." in done.out
    assert "OPENAI_API_KEY" not in done.out


@pytest.mark.parametrize(
    ("source", "named", "step", "command"),
    [
        (
            "dotenv",
            "the .env files of this folder",
            "add a line OPENAI_API_KEY=… to the .env file of this folder",
            None,
        ),
        (
            "codex",
            "the sign-in of Codex",
            "sign in to Codex with a key",
            "printenv OPENAI_API_KEY | codex login --with-api-key",
        ),
        ("llm", "the keys of llm", "save a key in llm", "llm keys set openai"),
        (
            "command:false",
            "the output of the command false",
            "make the command false print the key",
            None,
        ),
    ],
)
def test_source_without_a_key_is_named_in_place_of_a_variable(
    source: str, named: str, step: str, command: str | None, tmp_path: Path
) -> None:
    done = run_cli(["check", "--source", source, "--json"], tmp_path)
    verdict = done.document["verdict"]
    assert (done.code, verdict["cause"]) == (3, "key-missing")
    assert verdict["explanation"].startswith(f"No key came from {named}")
    first = verdict["fixes"][0]
    assert (first["text"], first["command"]) == (
        f"Set the key: {step}, or name another place.",
        command,
    )
    assert not [fix for fix in verdict["fixes"] if "export" in (fix["command"] or "")]


def test_the_same_mistake_in_every_check_does_not_fill_the_screen(tmp_path: Path) -> None:
    text = "".join(f'[[check]]\nname = "check {number}"\nsource = "file"\n' for number in range(50))
    (tmp_path / "checks.toml").write_text(text)
    done = run_cli(["check", "--config", "checks.toml"], tmp_path)
    lines = [line for line in done.err.splitlines() if "checks.toml" in line]
    assert (done.code, len(lines)) == (2, 21)
    assert lines[-1].endswith("checks.toml: 30 more mistakes")
