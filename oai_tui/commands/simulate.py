"""`oai-tui simulate`: runs the simulator on a loopback port, for tests of other programs."""

from typing import TYPE_CHECKING

import click

from oai_tui.domain.suggestions import did_you_mean
from oai_tui.headless.completions import complete_words, scenario_names
from oai_tui.headless.console import print_note, print_report
from oai_tui.headless.option_conflicts import check_used

if TYPE_CHECKING:
    from oai_tui.simulator.server import Running


@click.command()
@click.argument("scenario", default="all-good", shell_complete=complete_words(scenario_names))
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default="a free one",
    help="The port on 127.0.0.1.",
)
@click.option("--list", "list_them", is_flag=True, help="List the scenarios and exit.")
def command(scenario: str, port: int, list_them: bool) -> int:
    """Serve SCENARIO (default: all-good) on 127.0.0.1 until Ctrl+C.

    Prints the base URL and shell exports that point an SDK at it.
    """
    if list_them:
        check_used("--list", "only lists the scenarios")
        print_report(_scenario_list())
        return 0
    check_scenario(scenario, "SCENARIO")
    from oai_tui.simulator.faulty_sockets import PortUnavailableError
    from oai_tui.simulator.server import UvicornMissingError, serve

    try:
        serve(scenario, port, _print_address)
    except (UvicornMissingError, PortUnavailableError) as error:
        raise click.ClickException(str(error)) from None
    return 0


def check_scenario(name: str, hint: str) -> None:
    """Raise BadParameter for a scenario that does not exist; the message names similar ones."""
    from oai_tui.simulator.scenarios import SCENARIOS

    if name not in SCENARIOS:
        raise click.BadParameter(
            f"unknown scenario {name!r}{did_you_mean(name, SCENARIOS)} "
            "(`oai-tui simulate --list` lists them)",
            param_hint=hint,
        )


def _scenario_list() -> str:
    """Return one line for each scenario: id and story."""
    from oai_tui.simulator.scenarios import SCENARIOS

    width = max(map(len, SCENARIOS)) + 2
    return "".join(
        f"{scenario.id.ljust(width)}{scenario.story}\n" for scenario in SCENARIOS.values()
    )


def _print_address(running: "Running") -> None:
    """Print the base URL and the lines that point a shell to it."""
    print_report(f"# {running.base_url}\n" + "".join(f"{line}\n" for line in running.exports))
    print_note("serving on 127.0.0.1 only; press Ctrl+C to stop")
