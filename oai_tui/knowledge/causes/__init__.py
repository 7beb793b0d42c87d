"""The catalogue of causes, one module per family.

The id of a cause is permanent: it is in the JSON output and in links, and it names the simulator's
scenario.
"""

from types import MappingProxyType

from oai_tui.domain.cause import Catalogue
from oai_tui.knowledge.causes import (
    billing,
    key,
    network,
    permission,
    rate_limits,
    service,
    this_machine,
)
from oai_tui.knowledge.causes import organization_and_project as organization
from oai_tui.knowledge.causes import something_else_answered as something_else

_FAMILIES = (
    key,
    organization,
    permission,
    billing,
    rate_limits,
    service,
    something_else,
    network,
    this_machine,
)

CATALOGUE: Catalogue = MappingProxyType(
    {cause.id: cause for family in _FAMILIES for cause in family.CAUSES}
)
