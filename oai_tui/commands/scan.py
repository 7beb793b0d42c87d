"""`oai-tui scan`: searches files, or what is staged for a commit, for OpenAI's keys."""

import re
import sys
from pathlib import Path

import click

from oai_tui.domain.key_scan import KeyScan
from oai_tui.headless.completions import complete_file
from oai_tui.headless.console import check_writable, deliver_report, print_note
from oai_tui.headless.options import format_options
from oai_tui.reports.exit_codes import KEYRING
from oai_tui.reports.key_scan import SCAN_FORMATS, scan_exit_code
from oai_tui.services.key_scan import scan_paths, scan_staged, scan_stream
from oai_tui.system.git import GitError, NoRepositoryError, staged_files

_FINGERPRINT = re.compile(r"[0-9a-f]{8}")


class GitFailedError(click.ClickException):
    """Git is missing or failed, so that nothing was searched."""

    exit_code = KEYRING


@click.command()
@click.argument("paths", metavar="[PATH… | -]", nargs=-1, shell_complete=complete_file)
@click.option(
    "--staged",
    is_flag=True,
    help="Search what is staged for the next commit (a pre-commit hook).",
)
@click.option(
    "--allow",
    metavar="FINGERPRINT",
    multiple=True,
    help="Permit the key with this fingerprint. Repeatable.",
)
@format_options(SCAN_FORMATS)
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write the report to FILE (mode 0600) instead of standard output.",
)
def command(
    paths: tuple[str, ...], staged: bool, allow: tuple[str, ...], format: str, output: Path | None
) -> int:
    """Search files and folders (default: this folder) for OpenAI API keys. Sends nothing; no key is
    printed.

    In a Git repository, a folder stands for the files that are tracked or that `git add` would add.
    Made-up keys are left out. A comment "oai-tui: allow" on the line permits a key.

    Exit codes: 0 no key, 2 usage error (with --staged also: no Git repository), 4 a key was found,
    10 a file could not be read, or Git failed.
    """
    for fingerprint in allow:
        if not _FINGERPRINT.fullmatch(fingerprint):
            raise click.BadParameter(
                "a fingerprint has 8 hexadecimal digits; `oai-tui scan` prints it",
                param_hint="--allow",
            )
    if output is not None:
        check_writable(output)
    scan = _scan_staged(paths, allow) if staged else _scan(paths, allow)
    for file in scan.unread:
        print_note(f"not searched: {file.path}: {file.reason}")
    deliver_report(SCAN_FORMATS[format](scan), output)
    return scan_exit_code(scan)


def _scan_staged(paths: tuple[str, ...], allow: tuple[str, ...]) -> KeyScan:
    if paths:
        raise click.UsageError("--staged and PATH are mutually exclusive.")
    try:
        return scan_staged(staged_files(), allow)
    except NoRepositoryError:
        raise click.UsageError(
            "this folder is in no Git repository, so nothing is staged."
        ) from None
    except GitError as error:
        raise GitFailedError(f"nothing was searched: {error}") from None


def _scan(paths: tuple[str, ...], allow: tuple[str, ...]) -> KeyScan:
    if "-" in paths:
        if len(paths) > 1:
            raise click.UsageError("- (standard input) and other paths are mutually exclusive.")
        if sys.stdin is None or sys.stdin.isatty():
            raise click.UsageError("standard input is a terminal; pipe the text in.")
        return scan_stream(sys.stdin.buffer, allow)
    chosen = [Path(path) for path in paths or (".",)]
    for path in chosen:
        if not path.exists():
            raise click.BadParameter(f"{path} does not exist", param_hint="PATH")
    return scan_paths(chosen, allow)
