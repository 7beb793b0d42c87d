"""Source: the environment in the Windows registry, which `setx` writes. Read only.

New processes get it. On other systems there is none.
"""

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from oai_tui.credentials.sources.shell_startup import NAMES
from oai_tui.credentials.sources.variable_setting import SourceResult, VariableSetting
from oai_tui.domain.target import Origin

Values = Callable[[], Iterable[tuple[str, str, object]]]
"""Returns (key of the registry, name, value) for each value."""


def read(env: Mapping[str, str], folder: Path, values: Values | None = None) -> SourceResult:
    """Return the known variables of the machine, then of the user, whose value overrides.

    `values`: reads the registry; None for that of Windows.
    """
    settings = []
    for place, name, value in (values or _values)():
        if name.upper() in NAMES and isinstance(value, str):
            origin = Origin(kind="startup", name=name.upper(), place=f"{place}\\{name}")
            settings.append(
                VariableSetting(
                    name=name.upper(),
                    value="" if "%" in value else value,
                    origin=origin,
                    computed="%" in value,
                )
            )
    return SourceResult(settings=tuple(settings))


def _values() -> Iterable[tuple[str, str, object]]:
    """The values of the two environments. A key that cannot be read counts as empty."""
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
