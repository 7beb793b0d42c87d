"""Compares the records that several processes find in a log with those of one.

`python -m tests.services.parallel_run LOG CHUNK PROCESSES read|skip` prints how many there are;
`skip` compares only where they are. It is a program of its own, because a test process has threads.
"""

import sys
from io import BytesIO
from pathlib import Path

from oai_tui.diagnosis.failure_counter import FailureCounter
from oai_tui.diagnosis.text.log_scanner import Record, records
from oai_tui.domain.explained import FailureReport
from oai_tui.domain.keys.redaction import Redactor
from oai_tui.services.explain_text import explain_one
from oai_tui.services.parallel_log import ParallelLog, ReadRecord


def read(record: Record) -> tuple[FailureReport, ...]:
    """Read a record without the keys of a machine."""
    return explain_one(record.text, Redactor(), 0)


def main(data: bytes, chunk: int, processes: int, reader: ReadRecord) -> None:
    """Compare the records, and what is counted."""
    alone = list(records(BytesIO(data), chunk=chunk))
    log = ParallelLog(BytesIO(data), reader, chunk=chunk, processes=processes)
    together = []
    counter = FailureCounter(log.read)
    for record in log.records():
        together.append(record)
        counter.add((record,))
    assert together == alone, "the records differ"
    assert counter.results() == FailureCounter(reader).add(alone).results(), "the reports differ"
    print(len(alone))


if __name__ == "__main__":
    main(
        Path(sys.argv[1]).read_bytes(),
        int(sys.argv[2]),
        int(sys.argv[3]),
        read if sys.argv[4] == "read" else lambda record: (),
    )
