"""Whether one observation can match two conditions. Pure."""

from oai_tui.domain.condition import When, as_tuple


def can_both_match(left: When, right: When) -> bool:
    """Return False if no observation can match both conditions.

    Only certain contradictions count: other statuses, a status and a failure, other failures, and
    another value of the same fact.
    """
    if left.status and right.status and not _share_status(left, right):
        return False
    if (left.status and right.failure) or (left.failure and right.status):
        return False
    if left.failure and right.failure and not _share_value(left.failure, right.failure):
        return False
    return all(
        value is None or right.fact[name] is None or _share_value(value, right.fact[name])
        for name, value in left.fact.items()
        if name in right.fact
    )


def _share_status(left: When, right: When) -> bool:
    return any(
        _overlap(one, other) for one in as_tuple(left.status) for other in as_tuple(right.status)
    )


def _share_value(left: object, right: object) -> bool:
    return not set(as_tuple(left)).isdisjoint(as_tuple(right))


def _overlap(left: object, right: object) -> bool:
    """Return True if two statuses, or a status and a class ("4xx"), have a status in common."""
    return (
        left == right
        or (isinstance(left, str) and str(right)[0] == left[0])
        or (isinstance(right, str) and str(left)[0] == right[0])
    )
