"""What each probe of the tree costs. tests/scenarios/test_walk_costs.py measures it."""

from collections.abc import Mapping

from oai_tui.domain.request_cost import RequestCost

_ONE = RequestCost(fewest=1, most=1)
_NONE = RequestCost()

PROBE_COSTS: Mapping[str, RequestCost] = {
    "credential": _NONE,
    "settings": _NONE,
    "reach": _ONE,
    "other-store": _NONE,  # a TLS handshake, over which no request is sent
    "clock": _ONE,
    "status": _ONE,
    "models": _ONE,
    "other-keys": RequestCost(fewest=1, most=1, extra=2),  # at most three keys are tried
    "identity": _ONE,
    "model": RequestCost(fewest=0, most=1),  # only a wanted model that is not listed is asked for
    # a server without /responses gets a chat completion, with the older token limit if need be
    "inference": RequestCost(fewest=1, most=1, extra=2, billed=True),
    "limits": _NONE,
}
"""By name. The smallest billed request costs about $0.00001."""
