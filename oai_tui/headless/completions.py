"""Completion of words on the command line, besides names of profiles (headless/profile_names.py).

click offers nothing for an argument without a type of its own, and the shell then offers no file
names either.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click
    from click.shell_completion import CompletionItem

Complete = Callable[["click.Context", "click.Parameter", str], "list[CompletionItem]"]


def complete_file(
    ctx: "click.Context", param: "click.Parameter", incomplete: str
) -> "list[CompletionItem]":
    """Let the shell complete the name of a file."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def complete_words(words: Callable[[], Iterable[str]]) -> Complete:
    """Return a function that offers those of the words that start with what was typed.

    words: called at every Tab, so it may import what other commands do not need.
    """

    def complete(
        ctx: "click.Context", param: "click.Parameter", incomplete: str
    ) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        return [CompletionItem(word) for word in words() if word.startswith(incomplete)]

    return complete


def scenario_names() -> Iterable[str]:
    """Return the names of the simulator's scenarios."""
    from oai_tui.simulator.scenarios import SCENARIOS

    return SCENARIOS


def demo_names() -> Iterable[str]:
    """Return the names of the demos: the scenarios, and those that only an error text shows."""
    from oai_tui.simulator.scenarios import DEMOS

    return DEMOS


def stage_names() -> Iterable[str]:
    """Return the names of the stages of a check."""
    from oai_tui.knowledge.tree import TREE

    return (stage.id for stage in TREE.stages)
