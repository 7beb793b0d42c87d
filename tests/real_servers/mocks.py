"""A mock server of the OpenAI API by another author: fakellm (PyPI)."""

import contextlib
from pathlib import Path

from .processes import LOOPBACK, Command, Running, running
from .tools import venv_program

MODEL = "gpt-test"


def fakellm() -> contextlib.AbstractContextManager[Running]:
    """It takes every key and every model on /v1/chat/completions and lists no models: 404."""
    program = venv_program("mocks", "fakellm")

    def setup(port: int, folder: Path) -> Command:
        (folder / "fakellm.yaml").write_text("version: 1\nrules: []\n")
        argv: list[str | Path] = [program, "serve", "--host", LOOPBACK, "--port", str(port)]
        return Command(argv=[*argv, "--config", folder / "fakellm.yaml"])

    return running(setup)
