"""The fixtures, for the tests of this package."""

import os

from .fixtures import behind_servers, litellm_master, real_server

__all__ = ["behind_servers", "litellm_master", "real_server"]

# The servers take minutes and 540 MB to install: `tests/run --real-servers` does it and sets the
# variable. The recorded replies need no server and are always replayed.
collect_ignore = (
    []
    if os.environ.get("REAL_SERVERS_HOME")
    else ["test_processes.py", "test_proxies.py", "test_sdk_versions.py", "test_verdicts.py"]
)
