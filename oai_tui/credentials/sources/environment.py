"""Source: the process environment. It reads the mapping that it is given, and never fails."""

from collections.abc import Mapping
from pathlib import Path

from oai_tui.credentials.sources import env_names
from oai_tui.credentials.sources.variable_setting import SourceResult, VariableSetting
from oai_tui.domain.target import Origin

_NAMES = (*env_names.KEYS, *env_names.SHOWN, *env_names.IGNORED)


def read(env: Mapping[str, str], folder: Path) -> SourceResult:
    """Return every known variable that is set in `env`, even empty. `folder` is not used."""
    names = dict.fromkeys(name for name in _NAMES if name in env)
    return SourceResult(
        settings=tuple(
            VariableSetting(
                name=name, value=env[name], origin=Origin(kind="environment", name=name)
            )
            for name in names
        )
    )
