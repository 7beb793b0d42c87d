"""`python -m tests.reports.write_golden` writes the golden pages anew; read the difference before it is committed."""

from pathlib import Path

from oai_tui.reports import EXPLANATIONS, REPORTS, render, render_reading
from tests.reports import explain_samples as explained
from tests.reports import samples

ENDINGS = {"text": "txt", "json": "json"}

if __name__ == "__main__":
    for name, found in samples.ALL.items():
        for format in REPORTS:
            (Path(__file__).parent / "golden" / f"{name}.{ENDINGS[format]}").write_text(
                render(format, found), "utf-8"
            )
    for name, reading in explained.ALL.items():
        for format in EXPLANATIONS:
            (Path(__file__).parent / "golden" / f"{name}.{ENDINGS[format]}").write_text(
                render_reading(format, reading), "utf-8"
            )
