"""`explain` as users run it: files, pipes and terminals in, reports and exit codes out.

Only the report goes to stdout, and nothing is written anywhere else.
"""

import bz2
import gzip
import io
import json
import lzma
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import click
import jsonschema
import pytest

from oai_tui.headless.input_stream import UnpackedFile
from oai_tui.services.explain_text import explain_stream, explain_text
from tests.commands.cli_runner import GOOD_KEY, TERMINATE_S, environment, run_cli
from tests.commands.pty_runner import Answers, run_on_terminal
from tests.corpus.corpus import NOW, failures, verdict
from tests.corpus.wordings import WORDINGS
from tests.diagnosis.text.test_log_explain import MIXED, QUOTA, log

SCHEMA = json.loads(files("oai_tui.reports").joinpath("schema.json").read_text("utf-8"))
PROGRAM = [sys.executable, "-m", "oai_tui", "explain"]
FINE = "2026-11-02 09:00:00 INFO app: all is well\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "error.txt").write_text(QUOTA + "\n")
    (tmp_path / "app.log").write_text(MIXED)
    return tmp_path


@pytest.mark.parametrize("arguments", [["error.txt"], ["-"], []], ids=["a file", "-", "a pipe"])
def test_one_error_is_explained(arguments: list[str], home: Path) -> None:
    done = run_cli(["explain", *arguments], home, typed=QUOTA.encode())
    assert (done.code, done.err) == (6, "")
    assert done.out.startswith("✗ No API credit left\n")


def test_one_error_is_explained_in_markdown(home: Path) -> None:
    done = run_cli(["explain", "--format", "markdown", "error.txt"], home)
    assert (done.code, done.err) == (6, "")
    assert done.out.startswith("# ✗ ")
    assert "\n## What to do\n" in done.out


def test_a_refused_sign_in_of_chatgpt_is_recognised_by_its_address(home: Path) -> None:
    codex = (
        "unexpected status 401 Unauthorized: Unknown error, "
        "url: https://chatgpt.com/backend-api/codex/responses, cf-ray: 9a2b3c4d5e6f7081-FRA"
    )
    done = run_cli(["explain", "--json"], home, typed=codex.encode())
    assert (done.code, done.cause) == (4, "token-expired")
    assert done.document["verdict"]["fixes"][0]["command"] == "codex logout && codex login"


def test_one_error_is_one_document(home: Path) -> None:
    done = run_cli(["explain", "--json", "error.txt"], home)
    jsonschema.validate(done.document, SCHEMA, jsonschema.Draft202012Validator)
    assert (
        done.code,
        done.cause,
        done.document["mode"],
        done.document["evidence"]["error_code"],
    ) == (6, "quota-exhausted", "explain", "insufficient_quota")
    assert "results" not in done.document


def test_what_a_text_cannot_show_is_left_out(home: Path) -> None:
    assert not {"target", "credential", "identity", "limits", "steps"} & set(
        run_cli(["explain", "--json", "error.txt"], home).document
    )


def test_a_log_is_one_document_with_results(home: Path) -> None:
    done = run_cli(["explain", "app.log", "--format", "json"], home)
    jsonschema.validate(done.document, SCHEMA, jsonschema.Draft202012Validator)
    assert [(each["verdict"]["cause"], each["count"]) for each in done.document["results"]] == [
        ("quota-exhausted", 2),
        ("dns-failure", 1),
        ("organization-mismatch", 1),
    ]
    assert (done.code, done.document["exit_code"], done.cause) == (4, 4, "organization-mismatch")


def test_a_log_for_people_begins_with_a_table(home: Path) -> None:
    lines = run_cli(["explain", "app.log"], home).out.splitlines()
    assert lines[0] == "4 failures of 3 kinds, most frequent first"
    assert lines[2].split() == [
        "2",
        "×",
        "quota-exhausted",
        "2026-11-02",
        "09:01:31,123",
        "–",
        "2026-11-02",
        "09:05:31,123",
    ]


SMALL_PASTES = {
    **{failure.id: failure.text for failure in failures()[::60]},
    **{f"{cause} {number}": text for number, (cause, text) in [*enumerate(WORDINGS)][::60]},
}
"""A few texts of the corpus; tests/corpus explains all of them."""


@pytest.mark.parametrize("text", SMALL_PASTES.values(), ids=SMALL_PASTES)
def test_a_small_paste_is_explained_as_one_failure(text: str) -> None:
    (diagnosis,) = explain_stream(io.BytesIO(text.encode()), now=NOW).results
    assert diagnosis.verdict.cause == verdict(text).cause
    assert diagnosis.verdict.cause == explain_text(text, now=NOW)[0].verdict.cause


def test_a_text_without_a_failure_asks_for_a_better_one(home: Path) -> None:
    done = run_cli(["explain"], home, typed=b"the quick brown fox\n")
    assert done.code == 11
    assert "No API error found in this text" in done.out
    assert "Authorization: Bearer $OPENAI_API_KEY" in done.out


def test_a_log_without_a_failure_is_undecided(home: Path) -> None:
    done = run_cli(["explain", "--json"], home, typed=FINE.encode() * 20_000)
    assert (done.code, done.document["results"], done.document["verdict"]["outcome"]) == (
        11,
        [],
        "undecided",
    )


@pytest.mark.parametrize(
    "typed",
    [b"", b"\n \n\t", b"\xef\xbb\xbf", b"\0\0"],
    ids=["nothing", "blanks", "a mark", "zeros"],
)
def test_nothing_to_read_is_a_usage_error(typed: bytes, home: Path) -> None:
    done = run_cli(["explain"], home, typed=typed)
    assert (done.code, done.out) == (2, "")
    assert "is empty" in done.err


INPUTS = {
    "not UTF-8": QUOTA.encode().replace(b"quota", b"quota \xe9\xff"),
    "UTF-16": QUOTA.encode("utf-16"),
    "zeros": QUOTA.encode() + b"\0" * 5000,
    "binary around": bytes(range(256)) * 40
    + b"\n"
    + QUOTA.encode()
    + b"\n"
    + bytes(range(256)) * 40,
    "a line of 3 MB": b"x" * 1_500_000 + b" " + QUOTA.encode() + b" " + b"y" * 1_500_000,
    "escape sequences": b"\x1b[2J\x1b]0;pwned\x07" + QUOTA.encode(),
}


@pytest.mark.parametrize("typed", INPUTS.values(), ids=INPUTS)
def test_input_of_any_kind_is_explained(typed: bytes, home: Path) -> None:
    done = run_cli(["explain", "--color", "never"], home, typed=typed)
    assert (done.code, done.err) == (6, "")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", done.out)


def test_neither_a_key_at_hand_nor_one_in_the_text_is_shown(home: Path) -> None:
    other = "sk-proj-" + "c" * 74 + "T3BlbkFJ" + "d" * 74
    for format in ("text", "json"):
        done = run_cli(
            ["explain", "--format", format],
            home,
            {"OPENAI_API_KEY": GOOD_KEY},
            typed=f"{QUOTA} {GOOD_KEY[8:]} {other}".encode(),
        )
        assert GOOD_KEY[20:32] not in done.out
        assert other[20:32] not in done.out


def test_nothing_is_written_but_the_report(home: Path) -> None:
    before = sorted(home.rglob("*"))
    done = run_cli(["explain", "app.log", "--output", "report.json", "--json"], home)
    assert (done.code, done.out) == (4, "")
    assert sorted(home.rglob("*")) == sorted([*before, home / "report.json"])
    assert stat.S_IMODE((home / "report.json").stat().st_mode) == 0o600
    assert json.loads((home / "report.json").read_text("utf-8"))["exit_code"] == 4


@pytest.mark.parametrize(
    ("arguments", "variables", "coloured"),
    [
        (["--color", "always"], {}, True),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "always", "--json"], {}, False),
    ],
)
def test_colours(
    arguments: list[str], variables: dict[str, str], coloured: bool, home: Path
) -> None:
    assert (
        "\x1b[" in run_cli(["explain", "error.txt", *arguments], home, variables).out
    ) is coloured


def test_reader_that_goes_away_is_no_error(home: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*PROGRAM, "app.log"],
        cwd=home,
        env=environment(home),
        stdout=writer,
        stderr=subprocess.PIPE,
        timeout=TERMINATE_S,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (4, b"")


def test_interrupt_ends_the_reading_of_a_pipe_at_once(home: Path) -> None:
    process = subprocess.Popen(
        PROGRAM,
        cwd=home,
        env=environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(
        FINE.encode() * 100_000
    )  # more than a pipe holds: it is written when the program reads
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=TERMINATE_S)
    assert (process.returncode, out) == (130, b"")
    assert err.strip() == b"oai-tui: interrupted"


def explain_on_terminal(
    home: Path,
    arguments: list[str],
    *,
    typed: bytes = b"",
    term: str = "xterm-256color",
) -> tuple[int, str]:
    """Run `explain` on a terminal of 80 columns; return its exit code and all that was drawn.

    `typed` is typed as soon as it asks for a text.
    """
    env = environment(home, {"TERM": term, "COLUMNS": "80", "LINES": "40"})
    answers: Answers = [("Ctrl+D", typed)] if typed else []
    return run_on_terminal(["explain", *arguments], env, home, answers=answers)


END = b"\x04"
"""Ctrl+D."""


def test_a_person_is_asked_to_paste_and_to_press_ctrl_d(home: Path) -> None:
    code, screen = explain_on_terminal(home, [], typed=QUOTA.encode() + b"\n" + END)
    assert code == 6
    assert screen.startswith("Paste the error (it will not be shown), then press Ctrl+D.\n")
    assert "No API credit left" in screen


def test_what_a_person_pastes_is_not_shown(home: Path) -> None:
    paste = f"key {GOOD_KEY}\n{QUOTA}\n".encode()
    assert GOOD_KEY[20:32] not in explain_on_terminal(home, [], typed=paste + END)[1]


def test_a_pasted_line_longer_than_a_terminals_own_is_whole(home: Path) -> None:
    error = {
        "code": "insufficient_quota",
        "type": "insufficient_quota",
        "message": "You exceeded your current quota",
    }
    line = json.dumps({"padding": "x" * 9_000, "error": error}).encode()
    assert explain_on_terminal(home, ["--json"], typed=line + b"\n" + END)[0] == 6


def test_interrupt_while_a_person_pastes(home: Path) -> None:
    code, screen = explain_on_terminal(home, [], typed=b"half an err\x03")
    assert code == 130
    assert "Traceback" not in screen


def test_a_page_on_a_terminal_keeps_to_its_columns(home: Path) -> None:
    _, screen = explain_on_terminal(home, ["app.log"])
    plain = re.sub(r"\x1b\[[0-9;]*[mK]|\r", "", screen)
    assert [line for line in plain.splitlines() if len(line) > 80 and "https://" not in line] == []
    assert "\x1b[31m" in screen


def test_a_dumb_terminal_gets_no_colours(home: Path) -> None:
    assert "\x1b" not in explain_on_terminal(home, ["app.log"], term="dumb")[1]


def test_progress_is_drawn_in_percent_for_a_file_on_a_terminal(home: Path) -> None:
    (home / "large.log").write_text(FINE * 1_000_000 + log(f"ERROR {QUOTA}"))
    screen = explain_on_terminal(home, ["large.log", "--color", "never"])[1]
    assert re.search(r"\r\x1b\[K\[#* *\] +[0-9]+ %", screen)
    assert screen.rpartition("\x1b[K")[2].startswith("1 failure of 1 kind")


def test_no_progress_where_stderr_is_no_terminal(home: Path) -> None:
    done = run_cli(["explain"], home, typed=FINE.encode() * 1_000_000)
    assert (done.code, done.err) == (11, "")


@pytest.mark.parametrize("compress", [gzip.compress, lzma.compress, bz2.compress])
def test_a_compressed_file_is_unpacked(compress: Callable[[bytes], bytes], tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(compress(QUOTA.encode()))
    result = run_cli(["explain", "a.log", "--json"], tmp_path)
    assert (result.code, result.cause) == (6, "quota-exhausted")


@pytest.mark.parametrize("compress", [gzip.compress, lzma.compress, bz2.compress])
def test_a_damaged_compressed_file_is_named(
    compress: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    (tmp_path / "a.log").write_bytes(compress(QUOTA.encode())[:-9])
    result = run_cli(["explain", "a.log"], tmp_path)
    assert result.code == 2
    assert "damaged or truncated" in result.err


def test_a_file_that_unpacks_to_any_size_is_given_up(tmp_path: Path) -> None:
    contents = UnpackedFile(io.BytesIO(b"x" * 100), "a.log.gz", limit=60)
    assert contents.read(50) == b"x" * 50
    with pytest.raises(click.BadParameter, match="uncompressed"):
        contents.read(50)


def test_what_cannot_be_unpacked_here_is_refused_with_the_command_that_does(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.log.zst").write_bytes(b"\x28\xb5\x2f\xfd" + b"x" * 20)
    result = run_cli(["explain", "a.log.zst"], tmp_path)
    assert result.code == 2
    assert "zstdcat a.log.zst | oai-tui explain" in result.err


@pytest.mark.parametrize("compress", [gzip.compress, lzma.compress, bz2.compress])
def test_a_compressed_pipe_is_unpacked(compress: Callable[[bytes], bytes], home: Path) -> None:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as cat:
        assert cat.stdin is not None
        cat.stdin.write(compress(QUOTA.encode()))
        cat.stdin.close()
        done = subprocess.run(
            [*PROGRAM, "--json"],
            cwd=home,
            env=environment(home),
            stdin=cat.stdout,
            capture_output=True,
            timeout=TERMINATE_S,
            check=False,
        )
    assert (done.returncode, done.stderr) == (6, b"")
    assert json.loads(done.stdout)["verdict"]["cause"] == "quota-exhausted"


@pytest.mark.parametrize("compress", [gzip.compress, lzma.compress, bz2.compress])
def test_a_damaged_compressed_pipe_is_named(compress: Callable[[bytes], bytes], home: Path) -> None:
    done = run_cli(["explain"], home, typed=compress(QUOTA.encode())[:-9])
    assert done.code == 2
    assert "'standard input' cannot be decompressed" in done.err


def test_zip_is_refused_with_a_command_that_reads_the_file_or_the_pipe(home: Path) -> None:
    data = b"PK\x03\x04" + b"x" * 20
    (home / "a.zip").write_bytes(data)
    assert "unzip -p a.zip | oai-tui explain" in run_cli(["explain", "a.zip"], home).err
    assert ": funzip | oai-tui explain" in run_cli(["explain"], home, typed=data).err


def test_zstd_of_a_pipe_is_refused_with_the_command_that_unpacks_it(home: Path) -> None:
    done = run_cli(["explain"], home, typed=b"\x28\xb5\x2f\xfd" + b"x" * 20)
    assert done.code == 2
    assert "zstdcat | oai-tui explain" in done.err or "cannot be decompressed" in done.err
