"""Options that several commands have in common, as decorators, and the check of their values."""

import functools
import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from oai_tui.headless.completions import complete_words

F = TypeVar("F", bound=Callable[..., Any])

allow_http_option = click.option(
    "--allow-http",
    is_flag=True,
    help="Allow sending the key to the base URL's host over plain http, where anyone on the "
    "network path can read it.",
)
DEFAULT_TIMEOUT_S = 30.0
"""Seconds for a whole check where no --timeout is given."""
MAX_TIMEOUT_S = 3600.0


def check_timeout(ctx: click.Context, param: click.Parameter, value: float) -> float:
    """Return a limit in seconds; BadParameter for a number that is not usable as a limit."""
    # click.FloatRange accepts "nan".
    if not math.isfinite(value) or not 0 < value <= MAX_TIMEOUT_S:
        raise click.BadParameter(
            f"expected seconds: more than 0, at most {MAX_TIMEOUT_S:g}", ctx, param
        )
    return value


def check_model_ids(
    ctx: click.Context, param: click.Parameter, value: str | tuple[str, ...] | None
) -> str | tuple[str, ...] | None:
    """Return the models that are wanted; BadParameter for an empty ID.

    An unset variable in a script must not turn the test for a model off.
    """
    ids = (value,) if isinstance(value, str) else value or ()
    if not all(each.strip() for each in ids):
        raise click.BadParameter("the model ID is empty", ctx, param)
    return value


def timeout_option(help_text: str) -> Callable[[F], F]:
    """Add --timeout, in seconds, as the parameter `timeout`."""
    return click.option(
        "--timeout",
        metavar="SECONDS",
        type=float,
        default=DEFAULT_TIMEOUT_S,
        show_default=True,
        callback=check_timeout,
        help=help_text,
    )


def source_option(help_text: str) -> Callable[[F], F]:
    """Add --source as the parameter `source`; `check_source` checks its value."""
    return click.option(
        "--source",
        metavar="SOURCE",
        shell_complete=complete_words(_source_names),
        help=help_text,
    )


def _source_names() -> Iterable[str]:
    from oai_tui.headless.select_key import SOURCE_NAMES

    return SOURCE_NAMES


def inference_option(*, several_keys: bool = False) -> Callable[[F], F]:
    """Add the flag --inference. `several_keys`: the command checks more than one key."""
    each = " for each" if several_keys else ""
    return click.option(
        "--inference",
        is_flag=True,
        help=f"Allow one minimal billed request (about $0.00001){each}. "
        "Without it, billing is not tested.",
    )


def format_options(formats: Iterable[str]) -> Callable[[F], F]:
    """Add --format and --json, which is short for --format json, as the one parameter `format`."""

    def decorate(command: F) -> F:
        @functools.wraps(command)
        def with_one_format(*args: Any, format: str, as_json: bool, **kwargs: Any) -> Any:
            return command(*args, format="json" if as_json else format, **kwargs)

        return _apply(
            cast(F, with_one_format),
            click.option(
                "--format",
                type=click.Choice(list(formats)),
                default="text",
                show_default=True,
                help="Output format.",
            ),
            click.option("--json", "as_json", is_flag=True, help="Shorthand for --format json."),
        )

    return decorate


def json_option(command: F) -> F:
    """Add the flag --json as the parameter `as_json`, for a command with text and JSON only."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def output_options(command: F) -> F:
    """Add --output and --color, which say where a report goes and how it looks."""
    return _apply(
        command,
        click.option(
            "--output",
            metavar="FILE",
            type=click.Path(path_type=Path),
            help="Write the report to FILE (mode 0600) instead of standard output.",
        ),
        click.option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            default="auto",
            show_default=True,
            help="Use colors in the text report.",
        ),
    )


def _apply(command: F, *options: Callable[[F], F]) -> F:
    """Add the options in the order in which --help lists them."""
    for option in reversed(options):
        command = option(command)
    return command
