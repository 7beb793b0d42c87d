"""`oai-tui watch`: repeats checks and says what changed, once. Nothing is billed without a flag."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from oai_tui.domain.target import Target
from oai_tui.headless.batch_check import MAX_PARALLEL, BatchItem
from oai_tui.headless.check_config import load_config
from oai_tui.headless.completions import complete_file
from oai_tui.headless.config_check import batch_item
from oai_tui.headless.console import check_writable, print_note
from oai_tui.headless.option_conflicts import check_used
from oai_tui.headless.options import inference_option, timeout_option
from oai_tui.headless.profile_names import PROFILE_NAME, check_name
from oai_tui.headless.run_check import CheckScope
from oai_tui.headless.select_key import KeySelection, select_key
from oai_tui.headless.watch_loop import Items, WatchPlan, watch
from oai_tui.headless.watch_output import WATCH_FORMATS, WatchOutput
from oai_tui.headless.with_profiles import open_profile_store
from oai_tui.services.build import real_services
from oai_tui.services.services import Services

MIN_EVERY_S = 1.0
MAX_EVERY_S = 86_400.0


def _check_every(ctx: click.Context, param: click.Parameter, value: float) -> float:
    """Return seconds; BadParameter outside the range, which click.FloatRange lets "nan" be."""
    if not MIN_EVERY_S <= value <= MAX_EVERY_S:  # also false for nan
        raise click.BadParameter(
            f"expected seconds: {MIN_EVERY_S:g} to {MAX_EVERY_S:.0f}", ctx, param
        )
    return value


_USED_BY_CONFIG = ("--every", "--count", "--inference", "--format", "--output", "--color")
"""The options that --config uses, too; the file sets the others for each check."""


@click.command()
@click.argument("names", metavar="[NAME…]", nargs=-1, type=PROFILE_NAME)
@click.option(
    "--every",
    metavar="SECONDS",
    type=float,
    default=60.0,
    show_default=True,
    callback=_check_every,
    help="Time from the start of one round to the start of the next, 1 to 86400.",
)
@click.option(
    "--count",
    metavar="N",
    type=click.IntRange(min=1),
    help="Stop after N rounds, with the exit code of the last one. Default: no limit.",
)
@click.option(
    "--config",
    metavar="FILE",
    type=click.Path(path_type=Path),
    shell_complete=complete_file,
    help="Watch the checks of this TOML file (see `oai-tui check --config`).",
)
@inference_option(several_keys=True)
@timeout_option("Time limit for each check.")
@click.option(
    "--format",
    type=click.Choice(list(WATCH_FORMATS)),
    default="text",
    show_default=True,
    help="text: a table, or a line for each change if standard output is no terminal; json-lines: "
    "an object per check and round; prometheus: metrics for the node exporter.",
)
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write to FILE: json-lines are appended, the other formats replace it each round.",
)
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Use colors in the table.",
)
def command(**options: Any) -> int:
    """Check keys again and again, and say what changed. Without NAME and --config, watches the key
    that a program started here would use; with NAME, these profiles.

    Failures of the network or the keyring do not end it. Ctrl+C stops it. With --count, the exit
    code is the one of the last round (see `oai-tui check --help`).
    """
    names: tuple[str, ...] = options["names"]
    config: Path | None = options["config"]
    _check_options(options)
    scope = CheckScope(inference=options["inference"], timeout=options["timeout"])
    needs_profiles = bool(names)
    parallel = MAX_PARALLEL
    if config is not None:
        items, parallel, needs_profiles = _configured(config, billing=options["inference"])
    else:
        items = selected_items(names, options["timeout"])
    services = open_profile_store() if needs_profiles else real_services()
    output = WatchOutput(
        options["format"],
        options["output"],
        color=options["color"],
        every_s=options["every"],
        now=services.clock.now,
    )
    plan = WatchPlan(
        items=items,
        scope=scope,
        every_s=options["every"],
        count=options["count"],
        parallel=parallel,
    )
    return watch(services, plan, output)


def _check_options(options: dict[str, Any]) -> None:
    if options["config"] is not None:
        check_used("--config", "sets the keys and time limits", used=_USED_BY_CONFIG)
    for name in options["names"]:
        check_name(name)
    if options["format"] == "prometheus" and options["output"] is None and options["count"] != 1:
        raise click.UsageError(
            "--format prometheus needs --output FILE (a .prom file in the folder of the node "
            "exporter's textfile collector), or --count 1."
        )
    if options["output"] is not None:
        check_writable(options["output"])


def selected_items(names: tuple[str, ...], timeout_s: float) -> Items:
    """Return the checks of these profiles, or of the key that a program would use."""

    def items(services: Services) -> list[BatchItem]:
        return [_item(services, name, timeout_s) for name in dict.fromkeys(names)] or [
            _item(services, None, timeout_s)
        ]

    return items


def _item(services: Services, profile: str | None, timeout_s: float) -> BatchItem:
    async def select() -> KeySelection:
        return await select_key(
            services, profile=profile, source=None, flags={}, timeout_s=timeout_s
        )

    return BatchItem(name=profile or "", selection=KeySelection(target=Target()), select=select)


def _configured(path: Path, *, billing: bool) -> tuple[Items, int, bool]:
    """Return the checks of a file, how many run at a time, and if they need the profile store.

    billing: whether those with `billing = true` may send their request in every round.
    """
    config = load_config(path)
    checks = config.checks
    if not billing and any(check.billing for check in checks):
        print_note(
            "billing is not tested: add --inference to send the billed request of each check with "
            "billing = true in every round"
        )
        checks = tuple(
            replace(
                check,
                billing=False,
                min_headroom=None,
                min_remaining_requests=None,
                min_remaining_tokens=None,
            )
            for check in checks
        )

    def items(services: Services) -> list[BatchItem]:
        return [batch_item(services, check) for check in checks]

    return items, config.parallel, any(check.profile is not None for check in checks)
