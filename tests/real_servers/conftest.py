"""The fixtures, for the tests of this package."""

from .fixtures import behind_servers, litellm_master, real_server

__all__ = ["behind_servers", "litellm_master", "real_server"]
