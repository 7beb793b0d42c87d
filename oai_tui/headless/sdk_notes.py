"""Notes of `check` on the SDKs installed in this folder, where they bear on its verdict."""

import os
from pathlib import Path

from oai_tui.domain.diagnosis import Diagnosis

_ENVIRONMENTS = (".venv", "venv", "env", "node_modules", "pyvenv.cfg")
"""Without one of these nothing is installed in this folder."""
_FROM_VARIABLES = frozenset({"environment", "dotenv"})


def sdk_notes(diagnosis: Diagnosis) -> tuple[str, ...]:
    """Return sentences for the warnings of a check; none for one that reached no verdict."""
    if diagnosis.verdict.outcome == "aborted" or not any(map(os.path.exists, _ENVIRONMENTS)):
        return ()
    from oai_tui.services.sdk_report import installed_notes  # most folders have no environment

    origins = diagnosis.target.origins.values()
    variables = {
        origin.name: origin.place or origin.kind
        for origin in origins
        if origin.kind in _FROM_VARIABLES
    }
    return installed_notes(Path(), variables, diagnosis.verdict)
