"""The process environment as a source of variables.

Reads the mapping it is given and nothing else; never fails.
"""

from collections.abc import Mapping
from pathlib import Path

from oai_tui.credentials.sources import env_names as variables
from oai_tui.credentials.sources.variable_setting import SourceResult, VariableSetting
from oai_tui.domain.target import Origin

_NAMES = (*variables.KEYS, *variables.SHOWN, *variables.IGNORED)


def read(env: Mapping[str, str], folder: Path) -> SourceResult:
    """Every known variable that is set in `env`, empty ones too. `folder` does not matter to this source."""
    found = dict.fromkeys(name for name in _NAMES if name in env)
    return SourceResult(
        settings=tuple(
            VariableSetting(
                name=name, value=env[name], origin=Origin(kind="environment", name=name)
            )
            for name in found
        )
    )
