"""`python -m oai_tui` is the same program as `oai-tui`."""

from oai_tui.cli import main

if __name__ == "__main__":
    main()
