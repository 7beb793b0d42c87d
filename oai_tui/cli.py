"""The command `oai-tui`: reads the arguments, runs one subcommand, ends with one exit code.

Promises: a key among the arguments is refused and never repeated; every end is one line on stderr and a number of the contract; nothing is imported before it is needed.
"""

import gc
import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

from oai_tui import __version__

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "check": "Check one key from the command line, for scripts and CI.",
    "explain": "Explain a pasted error or a whole log, offline and without a key.",
    "causes": "List the causes that oai-tui tells apart, or explain one.",
    "keys": "Show every key found here, and who overrides whom; sends nothing.",
    "exec": "Run a command with a profile's key and settings.",
    "env": "Write a profile's variables for a shell, a .env file or a GitHub workflow.",
    "whoami": "Say which key it is, from where, and for which user, organization and project.",
    "profiles": "Save, list, verify, rotate and otherwise keep the profiles in the OS keyring.",
    "completion": "Print the completion for your shell.",
    "simulate": "Serve the built-in simulator on this machine, for tests.",
    "tree": "Print the decision tree as text, Mermaid or JSON.",
}
"""One module in commands/ for each, imported when it is called. The words are here so that --help imports none of them."""

_COMPLETE = "_OAI_TUI_COMPLETE"
"""The variable by which a shell's completion asks."""
_MIN_KEY_BODY = 16
"""Characters after the prefix from which an argument is a key. The redaction hides 8: file names and
words ("sess-2026.log") are arguments too."""
_KEY_VARIABLES = ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY")
_OPTION_NAME = re.compile(r"--?[a-z][a-z-]{0,40}")
_GC_THRESHOLD = 50_000
"""New objects after which Python looks for garbage. It looks after 700 by itself, again and again while a program starts, when there is none."""
_NO_KEY_HERE = "A key is never taken from the command line: other users and your shell's history can see it. Set OPENAI_API_KEY, or pipe the key to `oai-tui check --source stdin`."


class LazyGroup(click.Group):
    """A group whose subcommands are modules of oai_tui.commands, each with a click command named `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            _unknown_command(ctx, cmd_name)
        command: click.Command = import_module(f"oai_tui.commands.{cmd_name}").command
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """The commands that begin so, out of the table, without importing them."""
        from click.shell_completion import CompletionItem

        return [
            CompletionItem(name, help=words)
            for name, words in COMMANDS.items()
            if name.startswith(incomplete)
        ] + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _unknown_command(ctx: click.Context, name: str) -> NoReturn:
    from oai_tui.domain.suggestions import did_you_mean

    hint = did_you_mean(name, COMMANDS, limit=1)
    ctx.fail(f"There is no command {name!r}{hint}{'?' if hint else '.'}")


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--demo",
    metavar="[SCENARIO]",
    is_flag=False,
    flag_value="",
    default=None,
    help="Open the wizard on the built-in simulator: no key, no network, nothing saved.",
)
@click.version_option(
    __version__, "-V", "--version", prog_name="oai-tui", message="%(prog)s %(version)s"
)
@click.pass_context
def cli(ctx: click.Context, demo: str | None) -> int:
    """Find out why an OpenAI API call is refused, fix it, prove it, and keep the verified profile in the OS keyring.

    Without a command it opens the wizard.
    """
    if ctx.invoked_subcommand is not None:
        if demo is not None:
            raise click.UsageError(
                f"--demo belongs to the wizard and cannot be combined with `{ctx.invoked_subcommand}`; `oai-tui simulate` serves the simulator."
            )
        return 0
    from oai_tui.commands.wizard import open_wizard

    return open_wizard(demo)


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run the program on `argv` (without the program's name; the process's own arguments by default) and end the process."""
    gc.set_threshold(_GC_THRESHOLD)
    arguments = list(sys.argv[1:] if argv is None else argv)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    code = _run(arguments)
    _flush()
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    if any(_looks_like_a_key(argument) for argument in arguments):
        return _refuse("an argument looks like a key. " + _NO_KEY_HERE)
    if os.environ.get(_COMPLETE, "").startswith("powershell"):
        import_module("oai_tui.commands.completion")  # makes that shell known to click
    try:
        result: Any = cli.main(args=arguments, prog_name="oai-tui", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        _say(error.format_message() + "\n")
        return 2
    except click.ClickException as error:
        from oai_tui.headless.command_error import CommandError

        if isinstance(error, CommandError):
            return error.report()
        return _refuse(_without_arguments(error.format_message(), arguments), _hint(error))
    except (click.Abort, KeyboardInterrupt):
        _say("oai-tui: interrupted\n")
        return 130
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except Exception as error:  # noqa: BLE001  the last line of defence: whatever it is, no value of it may reach the screen
        return report_crash(error)
    return result if isinstance(result, int) else 0


def _refuse(reason: str, hint: str = "") -> int:
    _say(f"oai-tui: {reason}\n" + (f"{hint}\n" if hint else ""))
    return 2


def _say(text: str) -> None:
    """To stderr, where there is one."""
    if sys.stderr is not None:
        sys.stderr.write(text)


def _looks_like_a_key(argument: str) -> bool:
    own_keys = (os.environ.get(name, "").strip() for name in _KEY_VARIABLES)
    if any(len(key) >= 12 and key in argument for key in own_keys):
        return True
    if len(argument) <= _MIN_KEY_BODY:
        return False  # most arguments are short, and the pattern takes a millisecond to compile
    from oai_tui.domain.keys.prefixes import ANY_DASH, alternation

    body = rf"(?:[\w-]|{ANY_DASH}){{{_MIN_KEY_BODY},}}"
    return bool(re.search(rf"(?<![A-Za-z0-9])(?:{alternation(hyphen=ANY_DASH)}){body}", argument))


def _without_arguments(message: str, arguments: Sequence[str]) -> str:
    """click's own words without long arguments, of which any may be a key of a shape nobody knows."""
    from oai_tui.domain.keys.redaction import Redactor, visible

    for argument in sorted(
        (part for whole in arguments for part in (whole, whole.partition("=")[2])),
        key=len,
        reverse=True,
    ):
        if (
            len(argument) >= 20
            and not _OPTION_NAME.fullmatch(argument)
            and not set("./ ") & set(argument)
        ):
            message = message.replace(argument, "[argument hidden]")
    return visible(Redactor()(message))


def _hint(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption) and (
        "key" in error.option_name or "token" in error.option_name
    ):
        return _NO_KEY_HERE
    context = getattr(error, "ctx", None)
    return f"See `{context.command_path} --help`." if context is not None else ""


def report_crash(error: Exception) -> int:
    """One line that says what broke and where, without any value; OAI_TUI_DEBUG=1 adds the traceback, redacted and without locals."""
    import traceback

    from oai_tui.crash import crash_line
    from oai_tui.domain.keys.redaction import Redactor, visible
    from oai_tui.domain.keys.secret import Secret

    _say(crash_line(error, "command") + "\n")
    if os.environ.get("OAI_TUI_DEBUG"):
        redact = Redactor(Secret(os.environ.get(name, "")) for name in _KEY_VARIABLES)
        _say(visible(redact("".join(traceback.format_exception(error)))))
    return 1


def _flush() -> None:
    """Write out what is left, so that a reader who has gone away causes no traceback at exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
