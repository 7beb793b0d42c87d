"""Bad input gives one clear message and the right exit code; only the report goes to stdout."""

import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.commands.cli_runner import (
    GOOD_KEY,
    TERMINATE_S,
    ReceivedRequest,
    canned_server,
    environment,
    http_response,
    run_cli,
    run_program,
)
from tests.commands.test_replies import MISSING, OPENAI, api

KEY = {"OPENAI_API_KEY": GOOD_KEY}
NO_KEYRING = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
SECRET_ARGUMENT = "Zq9" * 12

USAGE = {
    "unknown flag": (["check", "--nonsense"], "--nonsense"),
    "unknown command": (["chekc"], "did you mean check"),
    "a key flag": (["check", "--api-key", "x"], "never taken from the command line"),
    "a key as argument": (["check", GOOD_KEY], "looks like a key"),
    "a key in a flag's value": (["check", f"--model={GOOD_KEY}"], "looks like a key"),
    "a key in an unknown flag": (["check", f"--{GOOD_KEY}"], "looks like a key"),
    "a key of no known shape": (["check", SECRET_ARGUMENT], "[argument hidden]"),
    "no terminal": ([], "oai-tui check"),
    "no terminal for the demo": (["--demo"], "oai-tui check"),
    "unknown scenario": (["--demo", "organisation-mismatch"], "organization-mismatch"),
    "unknown scenario to serve": (["simulate", "qota-exhausted"], "quota-exhausted"),
    "unknown cause": (["causes", "key-invalit"], "key-invalid"),
    "unknown tree format": (["tree", "--format", "png"], "mermaid"),
    "unknown step": (["check", "--only", "modell"], "did you mean model"),
    "unknown source": (["check", "--source", "clipboard"], "env, dotenv, stdin"),
    "empty command": (["check", "--source", "command:"], "env, dotenv, stdin"),
    "two keys": (["check", "--source", "env", "--profile", "work"], "mutually exclusive"),
    "the status page for every key": (
        ["check", "--all", "--status"],
        "cannot be combined with --all",
    ),
    "a time limit that a file sets": (
        ["check", "--config", "checks.toml", "--timeout", "30"],
        "leave out --timeout.",
    ),
    "an example with a key": (["check", "--init", "--source", "env"], "leave out --source."),
    "a sample with limits": (
        ["limits", "work", "--sample", "python", "--min-remaining-requests", "3"],
        "leave out NAME and --min-remaining-requests.",
    ),
    "a list of scenarios and a port": (
        ["simulate", "all-good", "--list", "--port", "8080"],
        "leave out SCENARIO and --port.",
    ),
    "no number": (["check", "--timeout", "soon"], "soon"),
    "not a number": (["check", "--timeout", "nan"], "expected seconds"),
    "an empty model that is required": (["check", "--require-model", ""], "the model ID is empty"),
    "no time": (["check", "--timeout", "0"], "expected seconds"),
    "nothing to explain": (["explain"], "is empty. Pipe the error in"),
    "nothing to explain from -": (["explain", "-", "--json"], "is empty. Pipe the error in"),
    "no such file to explain": (["explain", "nowhere.log"], "no such file: 'nowhere.log'"),
    "a text instead of a file": (["explain", "Error code: 401 - bad key"], "paste it"),
    "a folder to explain": (["explain", "."], "is a directory"),
    "a name that cannot be": (["explain", "/dev/null/x"], "cannot read"),
    "a file that cannot read": (["explain", "/proc/self/mem"], "cannot read the input"),
    "a key to explain": (["explain", GOOD_KEY], "looks like a key"),
    "two files to explain": (["explain", "a.log", "b.log"], "unexpected extra argument"),
    "unknown format to explain in": (["explain", "--format", "xml"], "json"),
    "output of explain is a folder": (["explain", "--output", "."], "is a directory"),
    "no such folder": (["check", "--output", "nowhere/report.json"], "does not exist"),
    "output is a folder": (["check", "--output", "."], "is a directory"),
    "demo and a command": (["--demo", "all-good", "check"], "--demo"),
}


@pytest.mark.parametrize("name", USAGE)
def test_usage_error_is_one_clear_message_without_a_secret(name: str, tmp_path: Path) -> None:
    arguments, message = USAGE[name]
    done = run_cli(arguments, tmp_path, KEY)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert "Traceback" not in done.err
    assert GOOD_KEY[8:20] not in done.err
    assert SECRET_ARGUMENT[:12] not in done.err


WORDS = "-".join(["sk", "learn", "training", "run"])
NO_KEYS = {
    "words of a file name": ["explain", WORDS + ".log"],
    "words with a date": ["explain", WORDS + "-2026-11.log"],
    "words of an option": ["explain", "--format", "hf_text_generation_inference"],
}


@pytest.mark.parametrize("arguments", NO_KEYS.values(), ids=NO_KEYS)
def test_words_are_no_key(arguments: list[str], tmp_path: Path) -> None:
    assert "looks like a key" not in run_cli(arguments, tmp_path).err


def test_name_of_a_file_that_exists_is_no_key(tmp_path: Path) -> None:
    name = f"sk-proj-{'3f2a9c' * 4}.log"
    path = tmp_path / name
    path.write_text("Error code: 401 - invalid_api_key\n")
    assert run_cli(["explain", str(path), "--json"], tmp_path).code == 4


def test_arguments_of_the_command_that_exec_runs_are_not_looked_at(tmp_path: Path) -> None:
    done = run_cli(["exec", "work", "--", "serve", f"--key={'sk-' + '4f' * 20}"], tmp_path)
    assert "looks like a key" not in done.err


@pytest.mark.parametrize("words", ["--help", "check --help", "--version"])
def test_help_whose_reader_goes_away_is_no_error(words: str, tmp_path: Path) -> None:
    with pipe_without_reader() as pipe:
        done = run_bash(f"oai_tui {words} >&{pipe}", tmp_path, keep=pipe)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("is_full", [True, False], ids=["a full disk", "a reader that is gone"])
def test_note_that_cannot_be_written_costs_no_report(is_full: bool, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"OPENAI_API_KEY={GOOD_KEY}\nOPENAI_BASE_URL=https://h:0/v1\n")
    with pipe_without_reader() as pipe:
        goal = "/dev/full" if is_full else f"&{pipe}"
        done = run_bash(f"oai_tui check --json 2>{goal}", tmp_path, keep=pipe)
    assert (done.returncode, json.loads(done.stdout)["verdict"]["cause"]) == (8, "base-url-wrong")


NO_STDERR = {
    "an unknown command": ("nonsense", 2),
    "no keyring": ("exec work -- nosuch", 10),
}


@pytest.mark.parametrize(("words", "code"), NO_STDERR.values(), ids=NO_STDERR)
def test_exit_code_does_not_depend_on_stderr(words: str, code: int, tmp_path: Path) -> None:
    done = run_bash(f"oai_tui {words} 2>/dev/full", tmp_path, variables=NO_KEYRING)
    assert done.returncode == code


@pytest.mark.parametrize(
    "words",
    ["--version", "--help", "check --help", "causes", "watch --count 1 --format json-lines"],
)
def test_full_disk_is_named(words: str, tmp_path: Path) -> None:
    done = run_bash(f"oai_tui {words} >/dev/full", tmp_path)
    assert (done.returncode, done.stderr.splitlines()[:1]) == (
        10,
        ["oai-tui: cannot write to standard output: No space left on device"],
    )


@pytest.mark.parametrize("words", ["check", "check --init", "explain a.log", "scan"])
def test_full_disk_below_a_file_is_no_usage_error(words: str, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("Error code: 429 - insufficient_quota")
    done = run_bash(f"oai_tui {words} --output /dev/full", tmp_path)
    assert done.returncode == 10
    assert "oai-tui: cannot write /dev/full: No space left on device" in done.stderr
    assert done.stdout


@pytest.mark.parametrize("command", ["check --json", "keys --json", "whoami --json"])
def test_working_folder_that_was_deleted_has_no_dotenv(command: str, tmp_path: Path) -> None:
    done = run_bash(
        f"mkdir gone; cd gone; rmdir ../gone; oai_tui {command}", tmp_path, variables=NO_KEYRING
    )
    assert "internal error" not in done.stderr
    assert done.returncode == (0 if command.startswith("keys") else 3)


@contextlib.contextmanager
def pipe_without_reader() -> Iterator[int]:
    """Yield the descriptor of a pipe to which nothing can be written."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        yield writer
    finally:
        os.close(writer)


def run_bash(
    line: str, folder: Path, /, *, keep: int = 2, variables: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run a line of bash in which `oai_tui` is this program. keep: a descriptor to inherit."""
    return subprocess.run(
        ["bash", "-c", f'oai_tui() {{ "$0" -m oai_tui "$@"; }}; {line}', sys.executable],
        cwd=folder,
        env=environment(folder, variables),
        capture_output=True,
        text=True,
        timeout=TERMINATE_S,
        pass_fds=(keep,),
        check=False,
    )


def test_usage_error_ends_the_process_with_its_code(tmp_path: Path) -> None:
    done = run_program(["check", "--nonsense"], tmp_path, KEY)
    assert (done.code, done.out) == (2, "")
    assert "--nonsense" in done.err


@pytest.mark.parametrize(
    ("base_url", "cause"),
    [
        ("not a url", "base-url-wrong"),
        ("api.openai.com/v1", "base-url-wrong"),
        ("ftp://example.com", "base-url-wrong"),
        ("https://", "base-url-wrong"),
        ("", "base-url-wrong"),
        ("https://exa mple/", "base-url-wrong"),
        ("https://h:99999/v1", "base-url-wrong"),
        ("https://[::1", "base-url-wrong"),
        ("https://" + "a" * 70 + ".example", "base-url-wrong"),
        ("https://nobody.invalid/v1", "dns-failure"),
    ],
)
def test_base_url_that_cannot_work_is_a_verdict(base_url: str, cause: str, tmp_path: Path) -> None:
    done = run_cli(["check", "--json", "--base-url", base_url], tmp_path, KEY)
    assert (done.cause, done.code) == (cause, 8)


@pytest.mark.parametrize("variable", ["OPENAI_ORG_ID", "OPENAI_PROJECT_ID"])
def test_an_id_with_a_space_says_nothing_of_the_key_that_was_not_sent(
    variable: str, tmp_path: Path
) -> None:
    done = run_cli(["check", "--json"], tmp_path, {**KEY, variable: "my id"})
    verdict = done.document["verdict"]
    assert (done.code, done.document["steps"][-1]["id"]) == (4, "settings")
    assert "contains a space or another invalid character" in verdict["explanation"]
    assert "is fine" not in verdict["explanation"]


def test_nothing_found_is_a_whole_document_and_exit_3(tmp_path: Path) -> None:
    done = run_cli(["check", "--json"], tmp_path)
    assert (done.cause, done.code) == ("key-missing", 3)


def test_dotenv_is_used_and_named_when_the_environment_has_no_key(tmp_path: Path) -> None:
    with canned_server(api()) as base_url:
        (tmp_path / ".env").write_text(
            f"# mine\nOPENAI_API_KEY={GOOD_KEY}\nOPENAI_BASE_URL={base_url}\n"
        )
        done = run_cli(["check", "--json"], tmp_path)
    assert (done.code, done.document["credential"]["origin"]) == (0, "dotenv:.env:2")
    assert ".env:2" in done.err


EMPTY_WINS = {
    "an empty variable of the environment": (
        [f"OPENAI_API_KEY={GOOD_KEY}"],
        {"OPENAI_API_KEY": ""},
    ),
    "a later empty line": ([f"OPENAI_API_KEY={GOOD_KEY}", "OPENAI_API_KEY="], {}),
}


@pytest.mark.parametrize(("lines", "variables"), EMPTY_WINS.values(), ids=EMPTY_WINS)
def test_empty_value_that_overrides_the_key_of_the_dotenv_is_no_key(
    lines: list[str], variables: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("\n".join(lines))
    done = run_cli(["check", "--json"], tmp_path, variables)
    assert (done.cause, done.code) == ("key-missing", 3)


def test_empty_variable_is_unset_first(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"OPENAI_API_KEY={GOOD_KEY}\n")
    done = run_cli(["check", "--json"], tmp_path, {"OPENAI_API_KEY": ""})
    assert done.document["verdict"]["fixes"][0]["command"] == "unset OPENAI_API_KEY"


def test_dotenv_source_counts_although_the_environment_overrides_it(tmp_path: Path) -> None:
    with canned_server(api()) as base_url:
        (tmp_path / ".env").write_text(f"OPENAI_API_KEY={GOOD_KEY}\nOPENAI_BASE_URL={base_url}\n")
        done = run_cli(["check", "--source", "dotenv"], tmp_path, {"OPENAI_API_KEY": ""})
    assert done.code == 0


def test_no_key_is_not_certain_when_a_file_was_not_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("X=1\n" * 300_000)
    verdict = run_cli(["check", "--json"], tmp_path).document["verdict"]
    assert (verdict["cause"], verdict["confidence"]) == ("key-missing", "likely")
    assert ".env couldn't be read" in verdict["explanation"]


def test_env_source_ignores_the_dotenv(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"OPENAI_API_KEY={GOOD_KEY}\n")
    assert run_cli(["check", "--json", "--source", "env"], tmp_path).code == 3


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.mkdir(),
        lambda path: path.write_bytes(b"\xff\xfe\x00OPENAI"),
        lambda path: path.write_text("OPENAI_API_KEY\x00='\n" * 3),
    ],
    ids=["folder", "bytes", "garbage"],
)
def test_dotenv_that_cannot_be_read_is_no_crash(
    make: Callable[[Path], object], tmp_path: Path
) -> None:
    make(tmp_path / ".env")
    done = run_cli(["check", "--json", "--source", "dotenv"], tmp_path)
    assert (done.cause, done.code) == ("key-missing", 3)
    assert "Traceback" not in done.err


def test_standard_input_as_source(tmp_path: Path) -> None:
    with canned_server(api()) as base_url:
        done = run_cli(
            ["check", "--json", "--source", "stdin", "--base-url", base_url],
            tmp_path,
            typed=GOOD_KEY.encode() + b"\n",
        )
    assert (done.code, done.document["credential"]["origin"]) == (0, "stdin")


@pytest.mark.parametrize(
    "typed", [b"", b"\n", b"x" * 100_000], ids=["nothing", "a newline", "too much"]
)
def test_standard_input_without_a_key(typed: bytes, tmp_path: Path) -> None:
    done = run_cli(["check", "--json", "--source", "stdin"], tmp_path, typed=typed)
    assert (done.cause, done.code) == ("key-missing", 3)


def test_command_as_source(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(GOOD_KEY + "\n")
    with canned_server(api()) as base_url:
        done = run_cli(
            ["check", "--json", "--source", "command:cat key", "--base-url", base_url], tmp_path
        )
    assert (done.code, done.document["credential"]["origin"]) == (0, "command:cat")


@pytest.mark.parametrize(
    ("command", "message"),
    [("false", "failed"), ("no-such-program-here", "not found"), ("sleep 600", "longer")],
)
def test_command_without_a_key(command: str, message: str, tmp_path: Path) -> None:
    arguments = ["check", "--json", "--timeout", "1", "--source", f"command:{command}"]
    done = run_program(arguments, tmp_path)
    assert (done.cause, done.code) == ("key-missing", 3)
    assert message in done.err


def _flood(request: ReceivedRequest) -> bytes:
    if not request.has_key:
        return MISSING
    return http_response("200 OK", b'{"data":"' + b"x" * 100_000_000 + b'"}')


HOSTILE = {
    "100 MB": _flood,
    "100 MB at once": lambda request: http_response("200 OK", b"x" * 100_000_000),
    "garbage": lambda request: b"\x00\xff\xfe" * 500 + b"\r\n\r\n",
    "nothing": lambda request: b"",
    "half an answer": lambda request: b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{",
    "markup": lambda request: http_response(
        "418 I'm a [bold]teapot[/bold]",
        {"error": {"message": "[/x] [red]hello", "code": "[link=x]"}},
        **OPENAI,
    ),
    "escape sequences": lambda request: http_response(
        "403 Forbidden", "<html>\x1b[2J\x1b]0;pwned\x07\x1b[31m</html>", server="\x1b[2J"
    ),
    "numbers for words": lambda request: http_response(
        "401 Unauthorized", {"error": {"message": 5, "code": 7, "type": [], "param": {}}}, **OPENAI
    ),
    "a list": lambda request: http_response("200 OK", b"[1, 2", content_type="application/json"),
    "a redirect": lambda request: http_response(
        "307 Temporary Redirect", "", location="https://example.com/"
    ),
}


@pytest.mark.parametrize("format", ["text", "json"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_server_gets_a_verdict(name: str, format: str, tmp_path: Path) -> None:
    with canned_server(HOSTILE[name]) as base_url:
        done = run_cli(
            ["check", "--format", format, "--timeout", "60", "--color", "never"],
            tmp_path,
            {**KEY, "OPENAI_BASE_URL": base_url},
        )
    assert done.code in {8, 9, 11}
    assert "\x1b" not in done.out
    assert done.err == ""


def test_output_file_is_whole_and_private(tmp_path: Path) -> None:
    done = run_cli(["check", "--json", "--output", "report.json"], tmp_path)
    report = tmp_path / "report.json"
    assert (done.code, done.out) == (3, "")
    assert json.loads(report.read_text("utf-8"))["exit_code"] == 3
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if "report" in path.name] == ["report.json"]


def test_output_to_a_device_leaves_the_device(tmp_path: Path) -> None:
    run_cli(["check", "--output", "/dev/null"], tmp_path)
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_report_that_its_file_does_not_take_goes_to_stdout(tmp_path: Path) -> None:
    done = run_cli(["check", "--json", "--output", "/dev/full"], tmp_path)
    assert (done.code, done.cause) == (10, "key-missing")


def test_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "oai_tui", "tree"],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=writer,
        stderr=subprocess.PIPE,
        timeout=TERMINATE_S,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_stream_without_unicode(tmp_path: Path) -> None:
    done = run_program(["check"], tmp_path, {"PYTHONIOENCODING": "ascii"})
    assert done.out.isascii()
    assert done.code == 3


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_ends_a_running_check_at_once(
    number: signal.Signals, code: int, tmp_path: Path
) -> None:
    requested = threading.Event()

    def silent(request: ReceivedRequest) -> None:
        requested.set()

    with canned_server(silent) as base_url:
        process = subprocess.Popen(
            [sys.executable, "-m", "oai_tui", "check", "--json", "--timeout", "600"],
            cwd=tmp_path,
            env=environment(tmp_path, {**KEY, "OPENAI_BASE_URL": base_url}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert requested.wait(TERMINATE_S)
        process.send_signal(number)
        out, err = process.communicate(timeout=TERMINATE_S)
    assert (process.returncode, out) == (code, b"")
    assert b"Traceback" not in err


LONG_NAME = "/" + "a" * 5000
OUTSIDE: dict[str, tuple[list[str], dict[str, str], str, int]] = {
    "a home folder with an impossible name": (["keys"], {"HOME": LONG_NAME}, "", 0),
    "an impossible folder of settings": (["keys"], {"XDG_CONFIG_HOME": LONG_NAME}, "", 0),
    "an encoding for host names": (
        ["--version"],
        {"PYTHONIOENCODING": "idna"},
        "encoding idna",
        10,
    ),
    "UTF-16": (["causes"], {"PYTHONIOENCODING": "utf-16"}, "encoding utf-16", 10),
}


@pytest.mark.parametrize(("arguments", "env", "words", "code"), OUTSIDE.values(), ids=OUTSIDE)
def test_a_fault_of_the_machine_is_not_our_own(
    arguments: list[str], env: dict[str, str], words: str, code: int, tmp_path: Path
) -> None:
    done = run_program(arguments, tmp_path, env)
    assert "internal error" not in done.err
    assert words in done.err
    assert done.code == code


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux")
def test_a_device_without_an_end_is_refused(tmp_path: Path) -> None:
    done = run_program(["explain", "/dev/full"], tmp_path)
    assert done.code == 2
    assert "is a device" in done.err
