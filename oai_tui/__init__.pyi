from oai_tui.integrations.explanation import Explanation as Explanation
from oai_tui.integrations.explanation import explain as explain

__version__: str
