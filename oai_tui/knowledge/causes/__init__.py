"""The catalogue: every cause, one file per family. An id is permanent: it is the JSON's word, the docs' anchor and the simulator scenario's name."""

from types import MappingProxyType

from oai_tui.domain.cause import Catalogue
from oai_tui.knowledge.causes import billing, key, network, organization, permission, rate_limits, service, something_else, this_machine

_FAMILIES = (key, organization, permission, billing, rate_limits, service, something_else, network, this_machine)

CATALOGUE: Catalogue = MappingProxyType({cause.id: cause for family in _FAMILIES for cause in family.CAUSES})
