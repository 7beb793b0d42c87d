"""The environment that Windows keeps in its registry, as a source: what `setx` wrote, and what new processes get. On other systems there is none. Read only."""

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from oai_tui.credentials.sources.shell_startup import NAMES
from oai_tui.credentials.sources.variable_setting import SourceResult, VariableSetting
from oai_tui.domain.target import Origin

Values = Callable[[], Iterable[tuple[str, str, object]]]
"""Gives (key of the registry, name, value)."""


def read(env: Mapping[str, str], folder: Path, values: Values | None = None) -> SourceResult:
    """The known variables of the machine's environment, then of the user's, whose value wins. `values`: what the registry holds; asked of Windows when None."""
    found = []
    for place, name, value in (values or _values)():
        if name.upper() in NAMES and isinstance(value, str):
            origin = Origin(kind="startup", name=name.upper(), place=f"{place}\\{name}")
            found.append(
                VariableSetting(
                    name=name.upper(),
                    value="" if "%" in value else value,
                    origin=origin,
                    computed="%" in value,
                )
            )
    return SourceResult(settings=tuple(found))


def _values() -> Iterable[tuple[str, str, object]]:
    if sys.platform != "win32":
        return
    import winreg

    for root, label, path in (
        (
            winreg.HKEY_LOCAL_MACHINE,
            "HKLM",
            r"SYSTEM\CurrentControlSet\Control\Session Manager\Environment",
        ),
        (winreg.HKEY_CURRENT_USER, "HKCU", "Environment"),
    ):
        try:
            with winreg.OpenKey(root, path) as key:
                for index in range(winreg.QueryInfoKey(key)[1]):
                    name, value, _ = winreg.EnumValue(key, index)
                    yield f"{label}\\{path.rpartition(chr(92))[2]}", name, value
        except OSError:
            continue
