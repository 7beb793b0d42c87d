"""`python -m tests.reports.write_golden` rewrites the golden pages; read the diff afterwards."""

from pathlib import Path

from oai_tui.reports import EXPLANATIONS, REPORTS, render, render_explanation
from tests.reports import explain_samples as explained
from tests.reports import samples

ENDINGS = {
    "text": "txt",
    "json": "json",
    "markdown": "md",
    "junit": "xml",
    "github": "github",
    "prometheus": "prom",
    "json-lines": "jsonl",
}

if __name__ == "__main__":
    for name, diagnosis in samples.ALL.items():
        for format in REPORTS:
            (Path(__file__).parent / "golden" / f"{name}.{ENDINGS[format]}").write_text(
                render(format, diagnosis), "utf-8"
            )
    for name, report in explained.ALL.items():
        for format in EXPLANATIONS:
            (Path(__file__).parent / "golden" / f"{name}.{ENDINGS[format]}").write_text(
                render_explanation(format, report), "utf-8"
            )
