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
from oai_tui.headless.profile_names import complete_profile, named_or_default
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
@click.argument("name", required=False, shell_complete=complete_profile)
@click.option(
    "--shell", type=click.Choice([*SHELLS, GITHUB]), help="The form. Default: your shell, by SHELL."
)
@click.option("--force", is_flag=True, help="Write to a terminal too, where the key can be read.")
def command(name: str | None, shell: str | None, force: bool) -> int:
    """Write the variables of the profile NAME (without NAME: the default profile) for a shell to
    take in: eval "$(oai-tui env NAME)".

    The key is among them. `oai-tui exec NAME -- COMMAND…` gives them to one command alone, which is
    safer. What the profile does not have is unset, as is what names another key, organization,
    project or address. --shell github hides the key in the log and writes to the file that
    GITHUB_ENV names.
    """
    profile = named_or_default(name)
    form = shell or _own_shell()
    if form != GITHUB and not force and sys.stdout is not None and sys.stdout.isatty():
        raise click.UsageError(
            "this would show the key on the screen. "
            f"Use: {_USAGE[form].format(name=profile)} (or --force to see it)"
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
            f"{error}. `oai-tui exec {profile} -- COMMAND…` can carry it"
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
            "--shell github is for a step of a GitHub workflow "
            "(GITHUB_ACTIONS and GITHUB_ENV are not set): "
            "elsewhere nothing would hide the key in the log"
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
            f"the file that GITHUB_ENV names cannot be written: {error.strerror}"
        ) from None
    print_note("the variables are set for the steps that follow")
    for name, value in variables.items():
        if value is None and name in os.environ:
            print_note(
                f"{name} is set in this job and is not the profile's; "
                "a step cannot unset it for others, so take it out of the workflow"
            )
