"""A sample text of each cause that no check can meet, as a person would paste it."""

from oai_tui.simulator.scenarios.texts import TEXTS

PASTED: dict[str, str] = {one.id: one.text for one in TEXTS}
