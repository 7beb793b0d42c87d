"""Programs that some tests run, such as the shells.

tests/run installs them. With CI=true a missing one fails the tests that need it; without, it skips
them.
"""

import os
import shutil

import pytest


def need(tool: str, package: str) -> str:
    """Return the path of a program; if it is missing, fail the test with CI=true, else skip it."""
    found = shutil.which(tool)
    if found is None:
        reason = f"this needs the package {package}"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    return str(found)
