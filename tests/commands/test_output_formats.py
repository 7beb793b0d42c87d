"""`check` and `explain` in the formats of CI systems and of monitoring: where their output goes."""

import os
import stat
import sys
from pathlib import Path

import pytest

from oai_tui.simulator.server import running
from tests.commands.cli_runner import CliResult, client_environment, run_cli, run_in_process

QUOTA = b"openai.RateLimitError: Error code: 429 - {'error': {'code': 'insufficient_quota'}}"


def check(home: Path, scenario: str, *arguments: str, **variables: str) -> CliResult:
    with running(scenario) as simulated:
        env = {**client_environment(simulated), **variables}
        return run_cli(["check", *arguments], home, env)


@pytest.mark.parametrize(
    ("scenario", "level", "mark"), [("all-good", "notice", "✓"), ("key-invalid", "error", "✗")]
)
def test_github_gets_annotations_and_a_job_summary(
    scenario: str, level: str, mark: str, tmp_path: Path
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("# earlier\n")
    done = check(tmp_path, scenario, "--format", "github", GITHUB_STEP_SUMMARY=str(summary))
    assert done.out.startswith(f"::{level} title=")
    assert all(line.startswith("::") for line in done.out.splitlines())
    assert summary.read_text("utf-8").startswith(f"# earlier\n\n# {mark} ")


def test_other_formats_leave_the_job_summary_alone(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    check(tmp_path, "all-good", "--format", "junit", GITHUB_STEP_SUMMARY=str(summary))
    assert not summary.exists()


def test_job_summary_that_cannot_be_written_changes_no_verdict(tmp_path: Path) -> None:
    done = check(
        tmp_path, "all-good", "--format", "github", GITHUB_STEP_SUMMARY=str(tmp_path / "no" / "x")
    )
    assert (done.code, "GITHUB_STEP_SUMMARY" in done.err) == (0, True)


def test_job_summary_has_a_limit(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_bytes(b"x" * (1 << 20))
    done = check(tmp_path, "all-good", "--format", "github", GITHUB_STEP_SUMMARY=str(summary))
    assert (done.code, "too large" in done.err) == (0, True)
    assert summary.stat().st_size == 1 << 20


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX")
@pytest.mark.parametrize(("format", "mode"), [("prometheus", 0o644), ("junit", 0o600)])
def test_prometheus_file_is_replaced_and_readable_by_the_node_exporter(
    format: str, mode: int, tmp_path: Path
) -> None:
    output = tmp_path / "openai.prom"
    output.write_text("old")
    inode = output.stat().st_ino
    os.link(output, tmp_path / "kept")  # so that the number of the old file is not used again
    done = check(tmp_path, "key-invalid", "--format", format, "--output", str(output))
    assert (done.code, done.out) == (4, "")
    assert stat.S_IMODE(output.stat().st_mode) == mode
    assert output.stat().st_ino != inode
    assert "key-invalid" in output.read_text("utf-8")


@pytest.mark.parametrize("format", ["markdown", "junit", "github", "prometheus"])
def test_all_keys_in_every_format(format: str, no_secret_service: dict[str, str]) -> None:
    with running("key-invalid") as simulated:
        env = {**no_secret_service, **client_environment(simulated)}
        done = run_in_process(["check", "--all", "--format", format], env)
    assert done.code == 4
    assert "key-invalid" in done.out
    assert "OPENAI_API_KEY" in done.out


def test_explain_for_github(tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    done = run_cli(
        ["explain", "--format", "github"],
        tmp_path,
        {"GITHUB_STEP_SUMMARY": str(summary)},
        typed=QUOTA,
    )
    assert done.out.startswith("::error title=quota-exhausted::")
    assert "`quota-exhausted`" in summary.read_text("utf-8")


def test_explain_as_json_lines(tmp_path: Path) -> None:
    done = run_cli(["explain", "--format", "json-lines"], tmp_path, typed=QUOTA)
    assert (done.code, done.cause, done.out.count("\n")) == (6, "quota-exhausted", 1)
