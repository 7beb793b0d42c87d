"""`oai-tui completion SHELL`: prints the completion script for a shell.

It completes commands, options and names of profiles. The scripts for Bash, zsh and fish are
click's; the one for PowerShell is here and uses the same protocol.
"""

import os
from typing import ClassVar

import click
from click.shell_completion import (
    CompletionItem,
    ShellComplete,
    add_completion_class,
    get_completion_class,
)

from oai_tui.headless.console import print_report

VARIABLE = "_OAI_TUI_COMPLETE"
PROGRAM = "oai-tui"
_INSTALL_LINES = {
    "bash": '# Add to ~/.bashrc:  eval "$(oai-tui completion bash)"',
    "zsh": '# Add to ~/.zshrc, after compinit:  eval "$(oai-tui completion zsh)"',
    "fish": "# Run once:  oai-tui completion fish > ~/.config/fish/completions/oai-tui.fish",
    "powershell": (
        "# Add to $PROFILE:  oai-tui completion powershell | Out-String | Invoke-Expression"
    ),
}
"""Shell -> the first line of its script, which says how to install it."""

_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements \
| Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
    $env:OAI_TUI_WORDS = $words -join "`n"
    $env:OAI_TUI_WORD = $wordToComplete
    $env:%(complete_var)s = 'powershell_complete'
    try {
        %(prog_name)s | ForEach-Object {
            $value, $help = $_ -split "`t", 2
            if (-not $help) { $help = $value }
            [System.Management.Automation.CompletionResult]::new(\
$value, $value, 'ParameterValue', $help)
        }
    } finally {
        Remove-Item Env:%(complete_var)s, Env:OAI_TUI_WORDS, Env:OAI_TUI_WORD \
-ErrorAction SilentlyContinue
    }
}
"""


class PowerShellComplete(ShellComplete):
    """Completion for PowerShell 5.1 and 7.

    Input: OAI_TUI_WORDS has the words, one on a line, and OAI_TUI_WORD the word at the cursor.
    Output: one completion on a line, with a tab before its help.
    """

    name: ClassVar[str] = "powershell"
    source_template: ClassVar[str] = _POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the cursor, without the program's name, and the word at it."""
        words = os.environ.get("OAI_TUI_WORDS", "").split("\n")
        return words[1:], os.environ.get("OAI_TUI_WORD", "")

    def format_completion(self, item: CompletionItem) -> str:
        """Return the line for one completion."""
        return f"{item.value}\t{item.help}" if item.help else str(item.value)


add_completion_class(PowerShellComplete)


@click.command()
@click.argument("shell", type=click.Choice(list(_INSTALL_LINES)))
@click.pass_context
def command(ctx: click.Context, shell: str) -> int:
    """Print a completion script for SHELL; its first line says how to install it. Completes profile
    names too, unless the keyring is locked or slow; never prompts.
    """
    completion_class = get_completion_class(shell)
    if completion_class is None:
        raise click.BadParameter(f"no completion script for {shell}", param_hint="SHELL")
    script = completion_class(ctx.find_root().command, {}, PROGRAM, VARIABLE).source()
    print_report(f"{_INSTALL_LINES[shell]}\n{script}")
    return 0
