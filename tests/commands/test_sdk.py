"""`oai-tui sdk`: the page, the JSON document, exit codes; and the notes of `check`."""

import json
from contextlib import ExitStack
from pathlib import Path

import jsonschema
import pytest

from oai_tui.simulator.server import running
from tests.commands.cli_runner import CliResult, client_environment, run_cli
from tests.dependencies.test_environments import install
from tests.reports.test_json import SCHEMA, undescribed

BAD_LOCK = '[[package]]\nname = "openai"\nversion = "1.50.0"\n\n[[package]]\nname = "httpx"\n'


def bad_environment(home: Path) -> None:
    install(home, "openai", "1.50.0")
    install(home, "httpx", "0.28.1")


def test_bad_pair_is_named_with_place_and_command(tmp_path: Path) -> None:
    (tmp_path / "uv.lock").write_text(BAD_LOCK + 'version = "0.28.1"\n')
    done = run_cli(["sdk"], tmp_path)
    assert done.code == 10
    first, rest = done.out.split("\n", 1)
    assert first == "✗ openai 1.50.0 and httpx 0.28.1 don't work together"
    assert "uv add 'openai>=1.55.3,<2'" in rest
    assert "uv.lock:2" in rest
    assert "releases/tag/v1.55.3 (2024-11-28)" in rest
    assert done.err == ""


def test_json_keeps_to_the_schema_that_ships(tmp_path: Path) -> None:
    bad_environment(tmp_path)
    (tmp_path / "openai.py").touch()
    (tmp_path / "poetry.lock").write_text("x = [")
    (tmp_path / "requirements.txt").write_text("openai>=1\n")
    done = run_cli(["sdk", "--json"], tmp_path)
    document = json.loads(done.out)
    jsonschema.validate(document, SCHEMA, jsonschema.Draft202012Validator)
    assert list(undescribed(document, SCHEMA, "$")) == []
    assert (document["exit_code"], document["verdict"]["cause"]) == (10, "sdk-mismatch")
    assert {each["id"] for each in document["findings"]} == {"openai-httpx-proxies", "shadowed"}
    assert document["unread"] == [{"path": "poetry.lock", "reason": "it is not valid TOML"}]


@pytest.mark.parametrize(
    ("files", "code", "title"),
    [
        ({}, 0, "✓ No OpenAI SDK found here"),
        ({"requirements.txt": "openai==2.34.0\n"}, 0, "✓ No versions that are known to fail"),
        ({"uv.lock": "x = ["}, 11, "! No OpenAI SDK found in what could be read"),
        (
            {"uv.lock": "x = [", "requirements.txt": "openai==2.34.0\n"},
            0,
            "✓ No versions that are known to fail in what could be read",
        ),
    ],
)
def test_exit_codes(files: dict[str, str], code: int, title: str, tmp_path: Path) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    done = run_cli(["sdk"], tmp_path)
    assert (done.code, done.out.splitlines()[0]) == (code, title)
    assert ("could not read uv.lock: it is not valid TOML" in done.out) == ("uv.lock" in files)


def test_folder_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "openai.py").touch()
    assert run_cli(["sdk", "shop"], tmp_path).code == 10
    assert run_cli(["sdk"], tmp_path).code == 0


@pytest.mark.parametrize("folder", ["missing", "file.txt"])
def test_folder_that_is_none_is_a_usage_error(folder: str, tmp_path: Path) -> None:
    (tmp_path / "file.txt").touch()
    done = run_cli(["sdk", folder], tmp_path)
    assert (done.code, done.out) == (2, "")


def test_control_characters_of_names_are_not_printed(tmp_path: Path) -> None:
    (tmp_path / "requirements\x1b[31m.txt").write_text("openai==1.0\n")
    done = run_cli(["sdk"], tmp_path)
    assert "\x1b" not in done.out
    assert "requirements␛[31m.txt" in done.out


def test_variable_of_the_environment_counts(tmp_path: Path) -> None:
    install(tmp_path, "openai", "1.19.0")
    done = run_cli(["sdk"], tmp_path, {"OPENAI_PROJECT_ID": "proj_abc"})
    assert "! openai 1.19.0 ignores OPENAI_PROJECT_ID" in done.out
    assert "proj_abc" not in done.out


def test_check_that_works_names_versions_that_fail(tmp_path: Path) -> None:
    bad_environment(tmp_path)
    with running("all-good") as simulated:
        done = run_cli(["check", "--json"], tmp_path, client_environment(simulated))
    (note,) = [each for each in done.document["verdict"]["warnings"] if "httpx" in each]
    assert done.code == 0
    assert note.startswith("openai 1.50.0 and httpx 0.28.1 don't work together (.venv/")
    assert note.endswith("`oai-tui sdk` shows how to fix it.")


def test_check_that_fails_does_not_mention_them(tmp_path: Path) -> None:
    bad_environment(tmp_path)
    with running("key-invalid") as simulated:
        done = run_cli(["check", "--json"], tmp_path, client_environment(simulated))
    assert not [each for each in done.document["verdict"]["warnings"] if "httpx" in each]


def test_check_names_a_variable_that_the_installed_sdk_ignores(tmp_path: Path) -> None:
    install(tmp_path, "openai", "1.2.4")
    with running("all-good") as simulated:
        done = run_cli(["check", "--json"], tmp_path, client_environment(simulated))
    (note,) = [each for each in done.document["verdict"]["warnings"] if "ignores" in each]
    assert note.startswith("openai 1.2.4 ignores OPENAI_BASE_URL (.venv/")


def test_check_with_an_option_in_place_of_the_variable_does_not(tmp_path: Path) -> None:
    install(tmp_path, "openai", "1.2.4")
    with running("all-good") as simulated:
        variables = client_environment(simulated)
        base_url = variables.pop("OPENAI_BASE_URL")
        arguments = ["check", "--json", "--base-url", base_url]
        done = run_cli(arguments, tmp_path, variables)
    assert not [each for each in done.document["verdict"]["warnings"] if "ignores" in each]


def batch_of_checks(home: Path, *scenarios: str) -> CliResult:
    """Run `check --config --json` over two keys of each scenario."""
    variables, tables = {}, []
    with ExitStack() as stack:
        for number, name in enumerate(scenarios):
            client = client_environment(stack.enter_context(running(name)))
            variables[f"KEY_{number}"] = client["OPENAI_API_KEY"]
            tables.append(
                f"[[check]]\nname = '{number}'\nvariable = 'KEY_{number}'\n"
                f"base_url = '{client['OPENAI_BASE_URL']}'\n"
            )
        (home / "checks.toml").write_text("\n".join(tables))
        return run_cli(["check", "--config", "checks.toml", "--json"], home, variables)


def test_check_of_a_file_names_versions_that_fail_once(tmp_path: Path) -> None:
    bad_environment(tmp_path)
    done = batch_of_checks(tmp_path, "key-invalid", "all-good", "all-good")
    warnings = [each["verdict"]["warnings"] for each in done.document["results"]]
    assert [len([text for text in each if "httpx 0.28.1" in text]) for each in warnings] == [
        0,
        1,
        0,
    ]


def test_check_of_a_file_whose_checks_fail_does_not_mention_them(tmp_path: Path) -> None:
    bad_environment(tmp_path)
    done = batch_of_checks(tmp_path, "key-invalid")
    assert "httpx" not in done.out


def test_note_on_a_check_that_works_is_in_the_text(tmp_path: Path) -> None:
    bad_environment(tmp_path)
    with running("all-good") as simulated:
        client = client_environment(simulated)
        (tmp_path / "checks.toml").write_text(
            "[[check]]\nname = 'shop'\nvariable = 'OPENAI_API_KEY'\n"
            f"base_url = '{client['OPENAI_BASE_URL']}'\n"
        )
        done = run_cli(["check", "--config", "checks.toml"], tmp_path, client)
    assert done.code == 0
    assert done.out.count("! shop: openai 1.50.0 and httpx 0.28.1 don't work together") == 1


def test_check_of_all_keys_names_versions_that_fail(no_secret_service: dict[str, str]) -> None:
    home = Path(no_secret_service["HOME"])
    bad_environment(home)
    with running("all-good") as simulated:
        env = {**no_secret_service, **client_environment(simulated)}
        done = run_cli(["check", "--all"], home, env)
    assert done.out.count("httpx 0.28.1 don't work together") == 1
