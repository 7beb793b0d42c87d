"""The command `oai-tui`: reads the arguments, runs one subcommand, ends with one exit code.

A key among the arguments is refused and never printed. Every failure is one line on stderr and an
exit code of the contract. Modules are imported when they are needed.
"""

import os
import re
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

from oai_tui import __version__
from oai_tui.startup import collect_less_often

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "check": "Check an API key without the wizard, for scripts and CI.",
    "watch": "Check keys again and again, and say what changed; for monitoring.",
    "explain": "Explain a pasted error or a log file, offline and without a key.",
    "causes": "List the causes that oai-tui can identify, or describe one.",
    "keys": "List the API keys found here, and which one is used; sends nothing.",
    "scan": "Search files, or what Git has staged, for API keys: a pre-commit hook.",
    "exec": "Run a command with a profile's key and settings.",
    "env": "Write a profile's variables for a shell, a .env file or a GitHub workflow.",
    "whoami": "Show the key in use, its source, and its user, organization and project.",
    "scopes": "Show what a key may do, endpoint by endpoint; nothing is billed.",
    "models": "List the models a key can use, or say why one is missing.",
    "limits": "Show the rate limits of a key, and code that retries within them.",
    "owner": "Show what an admin key sees of a key: project, owner, expiry, limits; reads only.",
    "sdk": "List the OpenAI SDKs of a folder, and versions that are known to fail.",
    "profiles": "Manage profiles in the OS keyring: import, list, verify, rotate, delete.",
    "completion": "Print a completion script for your shell.",
    "simulate": "Run the built-in API simulator on 127.0.0.1, for tests.",
    "tree": "Print the decision tree as text, Mermaid or JSON.",
}
"""Name of each command -> its summary. Its module in commands/ is imported when it is called.

The summaries are here because --help must not import the modules."""

_SILENT_ABOUT_SETTINGS = frozenset({"completion", "env", "exec", "scan", "simulate", "tree"})
"""Commands that use no setting of the file, or whose stderr belongs to another program."""
_ERRORS = "backslashreplace"
_EXIT_MACHINE = 10
_COMPLETE = "_OAI_TUI_COMPLETE"
"""The variable that a shell sets when it asks for completions."""
_MIN_KEY_BODY = 16
"""Characters after the prefix of a key that make an argument a key.

More than the 8 of the redaction: file names and words ("sess-2026.log") are arguments too."""
_MIN_RANDOM_RUN = 12
"""Letters and digits in a row, at least one of each, without which an argument is made of words
("sk-learn-training-run.log")."""
_MIN_LONG_RUN = 24
"""Letters or digits in a row that are more than a word."""
_MIN_OWN_KEY = 12
"""Characters from which a key of the environment is looked for in the arguments."""
_MIN_HIDDEN_ARGUMENT = 20
"""Characters from which an argument is hidden in error messages, except paths and options."""
_KEY_VARIABLES = ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY")
_OPTION_NAME = re.compile(r"--?[a-z][a-z-]{0,40}")
_NO_KEY_HERE = (
    "A key is never taken from the command line: other users and your shell's history can see it. "
    "Set OPENAI_API_KEY, or pipe the key to `oai-tui check --source stdin`."
)


class LazyGroup(click.Group):
    """A group whose subcommands are modules of oai_tui.commands, imported when they are called.

    Each module has a click command named `command`.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            _unknown_command(ctx, cmd_name)
        command: click.Command = import_module(f"oai_tui.commands.{cmd_name}").command
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Return the commands that start with `incomplete`, without importing them."""
        from click.shell_completion import CompletionItem

        commands = [
            CompletionItem(name, help=summary)
            for name, summary in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return commands + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _unknown_command(ctx: click.Context, name: str) -> NoReturn:
    from oai_tui.domain.suggestions import did_you_mean

    hint = did_you_mean(name, COMMANDS, limit=1)
    ctx.fail(f"There is no command {name!r}{hint}{'?' if hint else '.'}")


def _complete_scenario(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> "list[CompletionItem]":
    from oai_tui.headless.completions import complete_words, demo_names

    return complete_words(demo_names)(ctx, param, incomplete)


def _print_config_path(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from oai_tui.services.settings import settings_path

    path = settings_path(os.environ)
    if path is None:
        raise click.UsageError("there is no home folder. Set OAI_TUI_CONFIG to a path.")
    click.echo(path)
    ctx.exit(0)


def _report_settings() -> None:
    """Print what is wrong in the settings file on stderr; the command runs with the defaults."""
    from oai_tui.services.settings import describe_problems, load_settings

    if problems := describe_problems(load_settings(os.environ)):
        from oai_tui.headless.console import print_note

        for problem in problems:
            print_note(problem)


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
    shell_complete=_complete_scenario,
    help="Open the wizard on the built-in simulator: no key, no network, nothing saved.",
)
@click.option(
    "--plain",
    is_flag=True,
    help="Check a key by questions and answers, line by line: for screen readers and for terminals "
    "that cannot show the wizard.",
)
@click.option(
    "--config-path",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_config_path,
    help="Print the path of settings.toml and exit.",
)
@click.version_option(
    __version__, "-V", "--version", prog_name="oai-tui", message="%(prog)s %(version)s"
)
@click.pass_context
def cli(ctx: click.Context, demo: str | None, plain: bool) -> int:
    """Find out why an OpenAI API call fails, fix it, verify the fix, and save the working profile
    in the OS keyring.

    Without a command, opens the wizard.
    """
    if ctx.invoked_subcommand is not None:
        if plain:
            raise click.UsageError(
                "--plain belongs to the wizard and cannot be combined with "
                f"`{ctx.invoked_subcommand}`, which prints plain text already."
            )
        if demo is not None:
            raise click.UsageError(
                f"--demo opens the wizard and cannot be combined with `{ctx.invoked_subcommand}`. "
                "To run the simulator for another program, use `oai-tui simulate`."
            )
        if ctx.invoked_subcommand not in _SILENT_ABOUT_SETTINGS:
            _report_settings()
        return 0
    from oai_tui.commands.wizard import open_plain, open_wizard

    return open_plain(demo) if plain else open_wizard(demo)


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run the program and end the process with its exit code.

    argv: the arguments, without the name of the program; by default those of the process.
    """
    collect_less_often()
    arguments = list(sys.argv[1:] if argv is None else argv)
    _check_encodings()
    code = _run(arguments)
    _flush()
    sys.exit(code)


def _check_encodings() -> None:
    """Let both streams replace what they cannot write.

    End the process if their encoding writes no plain text, as PYTHONIOENCODING can make it.
    """
    for stream in (sys.stdout, sys.stderr):
        if not hasattr(stream, "reconfigure"):
            continue
        try:
            is_usable = "text\u2026\n".encode(stream.encoding, _ERRORS).startswith(b"text")
        except (UnicodeError, LookupError):
            is_usable = False
        if not is_usable:
            name = stream.encoding
            sys.stderr.reconfigure(encoding="utf-8", errors=_ERRORS)  # type: ignore[union-attr]
            _say(f"oai-tui: the output encoding {name} is not supported. ")
            _say("Set PYTHONIOENCODING=utf-8.\n")
            sys.stdout = None  # it could not be flushed
            sys.exit(_EXIT_MACHINE)
        stream.reconfigure(errors=_ERRORS)


def _run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    if any(_looks_like_a_key(argument) for argument in _own_arguments(arguments)):
        return _refuse("an argument looks like a key. " + _NO_KEY_HERE)
    if os.environ.get(_COMPLETE, "").startswith("powershell"):
        import_module("oai_tui.commands.completion")  # registers PowerShell with click
    stdout = sys.stdout
    try:
        result: Any = cli.main(args=arguments, prog_name="oai-tui", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        _say(error.format_message() + "\n")
        return 2
    except click.ClickException as error:
        from oai_tui.headless.command_error import CommandError

        if isinstance(error, CommandError):
            return error.report()
        refused = _refuse(_without_arguments(error.format_message(), arguments), _hint(error))
        return max(refused, error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _say("oai-tui: interrupted\n")
        return 130
    except SystemExit as end:
        # After a broken pipe, as of `--help | head`, click replaces the streams and exits with 1.
        is_pipe = sys.stdout is not stdout
        return end.code if isinstance(end.code, int) and not is_pipe else 0
    except Exception as error:  # noqa: BLE001  its values must not reach the screen
        return _failed(error)
    return result if isinstance(result, int) else 0


def _own_arguments(arguments: list[str]) -> list[str]:
    """Return the arguments without those of the command that `exec` runs."""
    if "exec" not in arguments or "--" not in arguments:
        return arguments
    dashes = arguments.index("--")
    return arguments[:dashes] if arguments.index("exec") < dashes else arguments


def _failed(error: Exception) -> int:
    """Report an exception that no command handles, and return the exit code."""
    problem = _stdout_problem() if isinstance(error, OSError) else ""
    if problem:
        _say(f"oai-tui: cannot write to standard output: {problem}\n")
        return _EXIT_MACHINE
    if isinstance(error, OSError | MemoryError):
        return _machine_failed(error)
    return report_crash(error)


def _machine_failed(error: Exception) -> int:
    """Print in a sentence what the operating system refused, and return the exit code."""
    if not isinstance(error, OSError):
        _say("oai-tui: not enough free memory for this command\n")
        return _EXIT_MACHINE
    from oai_tui.system.paths import error_reason

    _say(f"oai-tui: the operating system refused an operation: {error_reason(error)}\n")
    if os.environ.get("OAI_TUI_DEBUG"):
        report_crash(error)
    return _EXIT_MACHINE


def _stdout_problem() -> str:
    """Return why stdout cannot be written to, or ""; nothing more is written to it then.

    For --help and --version, which click prints itself.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        from oai_tui.system.failed_stream import silence

        silence(sys.stdout)
        return error.strerror or "write failed"
    return ""


def _refuse(reason: str, hint: str = "") -> int:
    _say(f"oai-tui: {reason}\n" + (f"{hint}\n" if hint else ""))
    return 2


def _say(text: str) -> None:
    from oai_tui.system.standard_error import write_stderr

    write_stderr(text)


def _looks_like_a_key(argument: str) -> bool:
    own_keys = (os.environ.get(name, "").strip() for name in _KEY_VARIABLES)
    if any(len(key) >= _MIN_OWN_KEY and key in argument for key in own_keys):
        return True
    if len(argument) <= _MIN_KEY_BODY:
        return False  # most arguments are short, and the pattern takes a millisecond to compile
    from oai_tui.domain.keys.prefixes import ANY_DASH, alternation

    body = rf"(?:[\w-]|{ANY_DASH}){{{_MIN_KEY_BODY},}}"
    shape = rf"(?<![A-Za-z0-9])(?:{alternation(hyphen=ANY_DASH)})({body})"
    return any(map(_is_random, re.findall(shape, argument))) and not os.path.exists(argument)


def _is_random(body: str) -> bool:
    """Return True if the text after the prefix of a key is more than words with separators."""
    runs = re.findall(rf"[A-Za-z0-9]{{{_MIN_RANDOM_RUN},}}", body)
    return any(
        len(run) >= _MIN_LONG_RUN or (re.search("[0-9]", run) and re.search("[A-Za-z]", run))
        for run in runs
    )


def _without_arguments(message: str, arguments: Sequence[str]) -> str:
    """Return a message of click without long arguments: any may be a key of an unknown shape."""
    from oai_tui.domain.keys.redaction import Redactor, visible

    parts = [part for argument in arguments for part in (argument, argument.partition("=")[2])]
    for part in sorted(parts, key=len, reverse=True):
        is_path_or_text = any(character in part for character in "./ ")
        if len(part) < _MIN_HIDDEN_ARGUMENT or is_path_or_text or _OPTION_NAME.fullmatch(part):
            continue
        message = message.replace(part, "[argument hidden]")
    return visible(Redactor()(message))


def _hint(error: click.ClickException) -> str:
    """Return the line after the message of a usage error; may be empty."""
    option = error.option_name if isinstance(error, click.NoSuchOption) else ""
    if "key" in option or "token" in option:
        return _NO_KEY_HERE
    context = getattr(error, "ctx", None)
    return f"See `{context.command_path} --help`." if context is not None else ""


def report_crash(error: Exception) -> int:
    """Print one line about a crash, without any value, and return the exit code.

    OAI_TUI_DEBUG=1 adds the traceback, redacted and without local variables.
    """
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
    """Flush both streams now: at exit, a closed pipe would cause a traceback."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            from oai_tui.system.failed_stream import silence

            silence(stream)
