"""What the options have in common of the commands that check keys."""

import math

import click

allow_http_option = click.option(
    "--allow-http",
    is_flag=True,
    help="Permit sending the key to the base URL's host over plain http, where everyone on the "
    "network path can read it.",
)
DEFAULT_TIMEOUT_S = 30.0
"""Seconds for a whole check where no --timeout is given."""
LONGEST_S = 3600.0


def seconds(ctx: click.Context, param: click.Parameter, value: float) -> float:
    """A limit in seconds; BadParameter for none that can be kept."""
    if not math.isfinite(value) or not 0 < value <= LONGEST_S:
        raise click.BadParameter(
            f"give a number of seconds above 0 and up to {LONGEST_S:g}", ctx, param
        )
    return value


def check_format(form: str, as_json: bool) -> str:
    """The report's format: --json is the same as --format json."""
    return "json" if as_json else form
