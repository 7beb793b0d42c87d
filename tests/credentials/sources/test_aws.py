"""A key from the real AWS CLI, which talks to a moto server on loopback."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.cli_runner import CliResult, canned_server, run_cli
from tests.commands.test_replies import api
from tests.credentials.profile_factory import key

BIN = Path(sys.executable).parent
START_S = 60
"""Seconds for the server to start: a guard, not a measurement."""


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    """The server's address. It chooses a free port itself and prints it."""
    process = subprocess.Popen(
        [BIN / "moto_server", "-H", "127.0.0.1", "-p", "0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    guard = threading.Timer(START_S, process.kill)
    guard.start()
    try:
        matches = (re.search(r"http://127\.0\.0\.1:(\d+)", line) for line in process.stderr)
        address = next((match for match in matches if match), None)
        assert address is not None, "moto did not start"
        drain = threading.Thread(target=process.stderr.read, daemon=True)
        drain.start()
        yield address.group()
    finally:
        guard.cancel()
        process.terminate()
        process.wait(10)


def variables(**more: str) -> dict[str, str]:
    return {
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
        **more,
    }


@pytest.fixture(scope="module")
def aws(moto: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The beginning of every command, after the secret was stored."""
    home = tmp_path_factory.mktemp("aws")
    command = ["aws", "--endpoint-url", moto, "secretsmanager"]
    env = {**os.environ, **variables(), "HOME": str(home)}
    subprocess.run(
        [*command, "create-secret", "--name", "openai", "--secret-string", f"file://{_file(home)}"],
        env=env,
        check=True,
        capture_output=True,
        timeout=60,
    )
    return " ".join([*command, "get-secret-value"])


def _file(home: Path) -> Path:
    (home / "key").write_text(key("a"))
    return home / "key"


def check(source: str, home: Path, *arguments: str, **more: str) -> CliResult:
    with canned_server(api()) as base_url:
        return run_cli(
            ["check", "--source", source, "--json", *arguments],
            home,
            variables(OPENAI_BASE_URL=base_url, **more),
        )


def test_key_out_of_the_secrets_manager_works(aws: str, tmp_path: Path) -> None:
    done = check(f"command:{aws} --secret-id openai --query SecretString --output text", tmp_path)
    assert (
        done.document["credential"]["origin"],
        done.document["credential"]["hint"],
        done.document["credential"]["defects"],
    ) == ("command:aws", "sk-proj-…aaaa", [])


def test_a_pipe_needs_the_shell_that_was_asked_for(aws: str, tmp_path: Path) -> None:
    done = check(f"command-shell:{aws} --secret-id openai | jq -r .SecretString", tmp_path)
    assert (done.document["credential"]["hint"], done.document["credential"]["defects"]) == (
        "sk-proj-…aaaa",
        [],
    )


def test_whole_document_is_named_for_what_it_is(aws: str, tmp_path: Path) -> None:
    done = check(f"command:{aws} --secret-id openai", tmp_path)
    assert done.cause == "key-malformed"
    assert "JSON document" in done.out
    assert "--output text" in done.out
    assert "a" * 12 not in done.out + done.err


def test_secret_that_is_not_there(aws: str, tmp_path: Path) -> None:
    done = check(f"command:{aws} --secret-id nothing --query SecretString --output text", tmp_path)
    assert (done.code, done.cause) == (3, "key-missing")
    assert "failed with exit code" in done.err
    assert "ResourceNotFoundException" in done.err


def test_no_credentials(aws: str, tmp_path: Path) -> None:
    done = check(
        f"command:{aws} --secret-id openai",
        tmp_path,
        AWS_ACCESS_KEY_ID="",
        AWS_SECRET_ACCESS_KEY="",
        AWS_SHARED_CREDENTIALS_FILE="/dev/null",
        AWS_CONFIG_FILE="/dev/null",
    )
    assert done.code == 3
    assert "aws sts get-caller-identity" in done.err


def test_server_that_never_answers_is_given_up(tmp_path: Path) -> None:
    with canned_server(lambda request: None) as silent:
        url = silent.removesuffix("/v1")
        done = check(
            f"command:aws --endpoint-url {url} secretsmanager get-secret-value --secret-id openai",
            tmp_path,
            "--timeout",
            "4",
        )
    assert done.code in {3, 11}
    assert "took longer than" in done.err or done.document["verdict"]["outcome"] == "aborted"
