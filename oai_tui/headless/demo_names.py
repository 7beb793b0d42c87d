"""The demo that `--demo NAME` means, and what to say about a name that no demo has."""

import click

from oai_tui.domain.suggestions import similar_names

_MAX_NAMES = 5
"""Names that are suggested at most."""


def check_demo_name(name: str) -> None:
    """Raise BadParameter for a name that no demo has.

    Its message suggests names, or lists the demos that a search for the name finds: a status, an
    error code, a word of a title.
    """
    from oai_tui.simulator.find_demos import matching
    from oai_tui.simulator.scenarios import DEMOS

    if name in DEMOS:
        return
    parts = [one for one in DEMOS if name.lower() in one.split("-") or one.startswith(name.lower())]
    if parts:
        raise _unknown(name, f"; did you mean {_listed(parts)}?")
    if found := matching(DEMOS.values(), name):
        width = max(len(story.id) for story in found) + 2
        shows = max(len(story.shows) for story in found) + 2
        lines = [
            f"  {story.id.ljust(width)}{story.shows.ljust(shows)}{story.title}" for story in found
        ]
        raise _unknown(name, ". These demos match:\n" + "\n".join(lines))
    if near := similar_names(name, DEMOS):
        raise _unknown(name, f"; did you mean {_listed(near)}?")
    raise _unknown(name, ". `oai-tui --demo` lists them all.")


def _unknown(name: str, rest: str) -> click.BadParameter:
    return click.BadParameter(f"there is no demo {name!r}{rest}", param_hint="--demo")


def _listed(names: list[str]) -> str:
    """Return at most five names: "a, b or c"."""
    shown = names[:_MAX_NAMES]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
