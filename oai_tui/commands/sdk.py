"""`oai-tui sdk`: the OpenAI SDKs and HTTP libraries of a folder, and what is known to fail.

Reads files only: it runs nothing and sends nothing.
"""

import json
import os
from pathlib import Path

import click

from oai_tui import __version__
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.headless.console import print_report, stdout_style
from oai_tui.headless.options import json_option
from oai_tui.knowledge.sdk_packages import VARIABLES
from oai_tui.reports import exit_code, redact_strings
from oai_tui.reports.sdk_packages import document, lines
from oai_tui.services.sdk_report import sdk_report, sdk_verdict


@click.command()
@click.argument(
    "folder",
    metavar="[FOLDER]",
    default=".",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@json_option
def command(folder: Path, as_json: bool) -> int:
    """Show the OpenAI SDKs and HTTP libraries that FOLDER (default: this one) has installed, locked
    or required, and what is known to fail: versions that do not work together, code for another
    version, a retired API, a file that hides a package.

    Reads virtual environments, node_modules, lock files (uv, Poetry, pipenv, pdm, pip, npm, pnpm,
    Yarn, Bun), requirements and source files, also of the folders below (five levels).
    Runs nothing, sends nothing.

    Exit codes: 0 nothing is known to fail, 2 usage error, 10 something is, 11 undecided: no SDK was
    found, and a file could not be read.
    """
    report = sdk_report(folder, _set_variables())
    verdict = sdk_verdict(report)
    code = exit_code(verdict)
    style = stdout_style()
    if as_json:
        whole = document(report, verdict, exit_code=code, version=__version__)
        page = json.dumps(
            redact_strings(whole, Redactor()), indent=2, ensure_ascii=not style.unicode
        )
        print_report(page + "\n")
        return code
    page = "\n".join(lines(report, verdict, style)) + "\n"
    print_report(style.encodable(Redactor()(page)))
    return code


def _set_variables() -> dict[str, str]:
    """Return the variables of the SDKs that are set in the environment, without their values."""
    names = dict.fromkeys(support.variable for support in VARIABLES)
    return {name: "environment" for name in names if os.environ.get(name)}
