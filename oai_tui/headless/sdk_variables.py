"""The variables of OpenAI's SDKs that are set for the programs of this folder."""

import os
from collections.abc import Mapping

from oai_tui.knowledge.sdk_packages import VARIABLES


def set_variables(env: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return variable -> the place that set it. env: the environment, by default this process's.

    Values are not returned: some are keys.
    """
    env = os.environ if env is None else env
    names = dict.fromkeys(support.variable for support in VARIABLES)
    return {name: "environment" for name in names if env.get(name)}
