"""`oai-tui env NAME`: prints a profile's variables for a shell, a .env file or a GitHub workflow.

The key is among them, so the output is for a pipe, a file or `eval "$(…)"`; a terminal gets it only
with --force.
"""

import os
import secrets
import sys
from collections.abc import Mapping

import click

from oai_tui.credentials.export.child_environment import KEY
from oai_tui.credentials.export.shell_quoting import SHELLS, github_file, github_mask, render
from oai_tui.headless.console import print_note, print_report
from oai_tui.headless.profile_names import PROFILE_NAME, named_or_default
from oai_tui.headless.with_profiles import open_profile_store, run_with_profiles
from oai_tui.reports.exit_codes import WORKS

GITHUB = "github"
_USAGE: Mapping[str, str] = {
    "bash": 'eval "$(oai-tui env {name})"',
    "zsh": 'eval "$(oai-tui env {name})"',
    "fish": "oai-tui env {name} --shell fish | source",
    "powershell": "oai-tui env {name} --shell powershell | Out-String | Invoke-Expression",
    "cmd": "for /f \"delims=\" %i in ('oai-tui env {name} --shell cmd') do @%i",
    "dotenv": "oai-tui env {name} --shell dotenv > .env.local",
}
"""Output form -> the command that uses it."""


@click.command()
@click.argument("name", required=False, type=PROFILE_NAME)
@click.option(
    "--shell",
    type=click.Choice([*SHELLS, GITHUB]),
    help="Output format. Default: your shell ($SHELL).",
)
@click.option("--force", is_flag=True, help="Print the key even if standard output is a terminal.")
def command(name: str | None, shell: str | None, force: bool) -> int:
    """Print the variables of profile NAME (default: the default profile) for your shell to eval:
    eval "$(oai-tui env NAME)".

    The output contains the key. `oai-tui exec NAME -- COMMAND…` sets the variables for one command
    only, which is safer. Variables that the profile does not set, and those that name another key,
    organization, project or base URL, are unset. --shell github masks the key in the log and
    writes to $GITHUB_ENV.
    """
    profile = named_or_default(name)
    form = shell or _own_shell()
    if form != GITHUB and not force and sys.stdout is not None and sys.stdout.isatty():
        raise click.UsageError(
            "this would print the key to your terminal. "
            f"Use: {_USAGE[form].format(name=profile)} (or add --force to print it)"
        )
    if form == GITHUB:
        _check_github()

    services = open_profile_store()
    variables = run_with_profiles(
        services, services.profiles.variables(profile, os.environ), profile
    )
    try:
        if form == GITHUB:
            _write_to_github(variables)
        else:
            print_report(render(form, variables))
    except ValueError as error:
        raise click.ClickException(
            f"{error}. Use `oai-tui exec {profile} -- COMMAND…` instead"
        ) from None
    return WORKS


def _own_shell() -> str:
    """Return the form for the user's shell; Bash for a shell that is not known."""
    if sys.platform == "win32":
        return "powershell"
    name = os.path.basename(os.environ.get("SHELL", ""))
    return name if name in {"bash", "zsh", "fish"} else "bash"


def _check_github() -> None:
    """Raise UsageError outside a GitHub workflow."""
    if os.environ.get("GITHUB_ACTIONS") != "true" or not os.environ.get("GITHUB_ENV"):
        raise click.UsageError(
            "--shell github works only in a GitHub Actions step "
            "(GITHUB_ACTIONS and GITHUB_ENV are not set): "
            "elsewhere the key would not be masked in the log"
        )


def _write_to_github(variables: Mapping[str, str | None]) -> None:
    """Mask the key in the log, then write the variables to the file that GITHUB_ENV names."""
    print_report(github_mask(variables[KEY] or ""))
    page = github_file(
        {name: value for name, value in variables.items() if value is not None},
        f"oai_tui_{secrets.token_hex(16)}",
    )
    try:
        with open(os.environ["GITHUB_ENV"], "a", encoding="utf-8", newline="\n") as file:
            file.write(page)
    except OSError as error:
        raise click.ClickException(
            f"cannot write to the file in GITHUB_ENV: {error.strerror}"
        ) from None
    print_note("the variables are set for the following steps")
    for name, value in variables.items():
        if value is None and name in os.environ:
            print_note(
                f"{name} is set in this job but not in the profile. "
                "A step cannot unset it for later steps: remove it from the workflow"
            )
