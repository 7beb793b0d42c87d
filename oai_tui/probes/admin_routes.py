"""Which keys may be sent to which routes: admin keys below /organization/, all others elsewhere."""

from oai_tui.domain.keys.credential import Credential

ADMIN_PATH = "/organization/"


def is_admin_path(path: str) -> bool:
    """Return True for a path, relative to the base URL, that belongs to the admin API."""
    return path.startswith(ADMIN_PATH) and ".." not in path


def may_take_route(credential: Credential, method: str, path: str, *, learns: bool) -> bool:
    """Return True if this key may be sent with this method to this path.

    The admin API is only read: no other method than GET goes there.

    learns: the one call that finds out whether a key of an unknown shape is an admin key.
    """
    is_admin = credential.kind.role == "admin"
    if is_admin_path(path):
        return method == "GET" and (is_admin or (learns and credential.kind.role == "unknown"))
    return not is_admin
