"""The shells that the tests run. They are installed by tests/run; without CI=true a test that needs a missing one is skipped."""

import os
import shutil

import pytest


def need(tool: str, package: str) -> str:
    """The path of a program; skips the test where it is missing, and fails it where CI=true."""
    found = shutil.which(tool)
    if found is None:
        reason = f"this needs the package {package}"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    return str(found)
