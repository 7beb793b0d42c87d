"""Runs `oai-tui` by `python -m oai_tui`."""

from oai_tui.cli import main

if __name__ == "__main__":
    main()
