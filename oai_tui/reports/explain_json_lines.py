"""An explained text or log as JSON lines: one object for each kind of failure.

The fields are those of `results` in the JSON document. A text without failures has no lines.
"""

import json

from oai_tui.reports.explain_json import result_document
from oai_tui.reports.explain_report import ExplainReport
from oai_tui.reports.json import SCHEMA_VERSION


def render(report: ExplainReport) -> str:
    """Return one object a line, each ending in a newline. Non-ASCII is escaped."""
    head = {"schema_version": SCHEMA_VERSION, "mode": "explain"}
    return "".join(
        json.dumps({**head, **result_document(failure)}) + "\n"
        for failure in report.explanation.results
    )
