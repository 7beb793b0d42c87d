"""The catalogue of causes, one module per family.

The id of a cause is permanent: it is in the JSON output and in links, and it names the simulator's
scenario.
"""

from dataclasses import replace
from types import MappingProxyType

from oai_tui.domain.cause import Catalogue
from oai_tui.knowledge.causes import (
    billing,
    gateways,
    key,
    network,
    permission,
    rate_limits,
    service,
    this_machine,
)
from oai_tui.knowledge.causes import organization_and_project as organization
from oai_tui.knowledge.causes import something_else_answered as something_else
from oai_tui.knowledge.hops import HOPS

_FAMILIES = (
    key,
    organization,
    permission,
    billing,
    rate_limits,
    service,
    something_else,
    gateways,
    network,
    this_machine,
)

CATALOGUE: Catalogue = MappingProxyType(
    {
        cause.id: replace(cause, hop=HOPS.get(cause.id))
        for family in _FAMILIES
        for cause in family.CAUSES
    }
)
