"""Refuses options that a command would ignore because of another one."""

from collections.abc import Collection

import click
from click.core import ParameterSource

_GIVEN = frozenset({ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT})


def check_used(option: str, because: str, *, used: Collection[str] = ()) -> None:
    """Raise a usage error that names every given option which `option` makes useless.

    option: the one that decides what the command does. because: what it does. used: the names of
    the options and arguments that still have an effect, as in the help text ("NAME").
    """
    context = click.get_current_context()
    unused = [
        name
        for param in context.command.params
        if (name := _shown(param)) not in {option, *used}
        and context.get_parameter_source(param.name or "") in _GIVEN
    ]
    if unused:
        raise click.UsageError(f"{option} {because}: leave out {_listed(unused)}.")


def _shown(param: click.Parameter) -> str:
    """Return the name of a parameter as the help text shows it: "--model", "NAME"."""
    if isinstance(param, click.Option):
        return param.opts[-1]
    return (param.metavar or (param.name or "").upper()).strip("[]… ")


def _listed(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
