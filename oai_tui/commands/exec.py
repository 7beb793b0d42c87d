"""`oai-tui exec NAME -- COMMAND…`: runs COMMAND with a profile's variables in its environment.

The key is in that environment and nowhere else. On POSIX the command replaces this process, so
terminal, job control, signals, window size and exit code are the command's own.
"""

import errno
import os
import shutil
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from oai_tui.headless.console import print_note
from oai_tui.headless.profile_names import PROFILE_NAME, named_or_default
from oai_tui.headless.with_profiles import open_profile_store, run_with_profiles

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

NOT_EXECUTABLE = 126
NOT_FOUND = 127
_COMMAND_WORDS = "oai_tui.exec.words"
"""Key of click's `Context.meta`: the words after the first `--`."""
_HAS_DASHES = "oai_tui.exec.dashes"
"""Key of click's `Context.meta`: whether there is a `--`."""


class _ExecCommand(click.Command):
    """Parses the arguments before the first `--` only; those after it belong to COMMAND."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        at = args.index("--") if "--" in args else len(args)
        ctx.meta[_COMMAND_WORDS] = tuple(args[at + 1 :])
        ctx.meta[_HAS_DASHES] = at < len(args)
        return super().parse_args(ctx, args[:at])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Complete file names after the dashes, where another program's arguments begin."""
        from click.shell_completion import CompletionItem

        if ctx.meta.get(_HAS_DASHES):
            return [CompletionItem(incomplete, type="file")]
        return super().shell_complete(ctx, incomplete)


@click.command(cls=_ExecCommand, options_metavar="[NAME]", add_help_option=True)
@click.argument("name", required=False, metavar="-- COMMAND…", type=PROFILE_NAME)
@click.pass_context
def command(ctx: click.Context, name: str | None) -> int:
    """Run COMMAND with the key and settings of profile NAME (default: the default profile, see
    `oai-tui profiles use`).

    Sets OPENAI_API_KEY and OPENAI_BASE_URL, and OPENAI_ORG_ID and OPENAI_PROJECT_ID if the profile
    has them. Unsets every other variable that names a key, organization, project or base URL
    (OPENAI_ADMIN_KEY, OPENAI_ORGANIZATION, OPENAI_API_BASE, …). Exits with the exit code of
    COMMAND; 127 if it is not found, 126 if it cannot be run.
    """
    words: tuple[str, ...] = ctx.meta[_COMMAND_WORDS]
    if not words:
        raise click.UsageError("missing command. Usage: oai-tui exec NAME -- COMMAND…", ctx)
    profile = named_or_default(name)
    services = open_profile_store()
    variables = run_with_profiles(
        services, services.profiles.variables(profile, os.environ), profile
    )
    return exec_replace(words, environment(os.environ, variables))


def environment(env: Mapping[str, str], variables: Mapping[str, str | None]) -> dict[str, str]:
    """Return `env` with these variables set, and without those of value None."""
    kept = {name: value for name, value in env.items() if name not in variables}
    return kept | {name: value for name, value in variables.items() if value is not None}


def exec_replace(words: Sequence[str], env: Mapping[str, str]) -> int:
    """Replace this process by a command.

    Return 126 or 127 if that is impossible; on Windows, run the command and return its exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    try:
        if sys.platform == "win32":
            return _run_child(words, env)
        # Python ignores these two, and a new program inherits ignored signals.
        for name in ("SIGPIPE", "SIGXFSZ"):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
        os.execvpe(words[0], list(words), env)
    except (FileNotFoundError, NotADirectoryError):
        print_note(f"{words[0]}: command not found")
        return NOT_FOUND
    except OSError as error:
        if error.errno == errno.ENOEXEC:  # a script without a #! line
            path = shutil.which(words[0], path=env.get("PATH"))
            if path:
                os.execve("/bin/sh", ["sh", path, *words[1:]], env)  # as a shell runs it
        print_note(f"{words[0]}: {(error.strerror or 'cannot be run').lower()}")
        return NOT_EXECUTABLE
    except ValueError:
        raise click.UsageError(
            "the command contains a NUL character, which no program accepts"
        ) from None


def _run_child(words: Sequence[str], env: Mapping[str, str]) -> int:
    """Run the command in the same console and return its exit code; Ctrl+C goes to the command.

    For Windows, where a process cannot be replaced.
    """
    import subprocess

    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.Popen(list(words), env=dict(env)).wait()
    finally:
        signal.signal(signal.SIGINT, before)
